"""Public pages."""

from django.contrib import admin
from django.urls import path

from guide.reading import preview, views

app_name = "reading"
urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", views.contents, name="contents"),
    path("guide/treatments/", views.treatments, name="treatments"),
    path("guide/treatments/<slug:slug>/", views.treatment, name="treatment"),
    path("guide/words/", views.words, name="words"),
    path("guide/sources/", views.sources, name="sources"),
    path("guide/changes/", views.changes, name="changes"),
    path("guide/<slug:slug>/", views.section, name="section"),
    path("admin/preview/", admin.site.admin_view(preview.preview, cacheable=True), name="preview"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
]
