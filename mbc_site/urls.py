"""Addresses: the staff's desk, and the guide."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("guide.urls")),
]
