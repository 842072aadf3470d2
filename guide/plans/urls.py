"""The treatment plan. The code stands in no address."""

from django.urls import path

from guide.plans.views import filling, handing_over, keeping, opening

app_name = "plans"
urlpatterns = [
    path("", opening.door, name="door"),
    path("start/", opening.start, name="start"),
    path("open/", opening.reopen, name="open"),
    path("close/", opening.close, name="close"),
    path("mine/", filling.overview, name="overview"),
    path("mine/code/", keeping.code, name="code"),
    path("mine/print/", handing_over.paper, name="print"),
    path("mine/delete/", keeping.delete, name="delete"),
    path("mine/group/<slug:slug>/", filling.group, name="group"),
]
