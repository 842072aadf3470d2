"""The treatment plan. The code stands in no address."""

from django.urls import path

from guide.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.door, name="door"),
    path("start/", views.start, name="start"),
    path("open/", views.reopen, name="open"),
    path("close/", views.close, name="close"),
    path("mine/", views.overview, name="overview"),
    path("mine/code/", views.code, name="code"),
    path("mine/print/", views.paper, name="print"),
    path("mine/delete/", views.delete, name="delete"),
    path("mine/group/<slug:slug>/", views.group, name="group"),
]
