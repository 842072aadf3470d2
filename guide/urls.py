"""The site map."""

from django.urls import include, path

urlpatterns = [
    path("for-me/", include("guide.wizard.urls")),
    path("plan/", include("guide.plans.urls")),
    path("", include("guide.reading.urls")),
]
