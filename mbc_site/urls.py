"""Addresses: the staff's desk, and the guide."""

from django.contrib import admin
from django.urls import include, path

handler400, handler404, handler500 = "guide.failing.bad_request", "guide.failing.no_page", "guide.failing.server_error"
urlpatterns = [
    # First: the preview is the guide's, and stands below the desk's address. The desk answers for all else below it.
    path("", include("guide.urls")),
    path("admin/", admin.site.urls),
]
