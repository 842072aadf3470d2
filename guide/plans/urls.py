"""The treatment plan. The code stands in no address, and where somebody types it into one, it leads to the door."""

from django.urls import path

from guide.plans.views import exports, filling, handing_over, keeping, opening, team

app_name = "plans"
urlpatterns = [
    path("", opening.door, name="door"),
    path("start/", opening.start, name="start"),
    path("open/", opening.reopen, name="open"),
    path("close/", opening.close, name="close"),
    path("leave/", opening.leave, name="leave"),
    path("mine/", filling.overview, name="overview"),
    path("mine/code/", keeping.code, name="code"),
    path("mine/code/change/", keeping.change_code, name="change-code"),
    path("mine/earlier/", keeping.earlier, name="earlier"),
    path("mine/earlier/<int:version>/", keeping.restore, name="restore"),
    path("mine/team/", team.sharing, name="sharing"),
    path("mine/team/<int:id>/withdraw/", team.withdraw, name="withdraw"),
    path("team/", team.team, name="team"),
    path("team/open/", team.team_open, name="team-open"),
    path("team/plan/", team.team_plan, name="team-plan"),
    path("team/paper.pdf", team.team_pdf, name="team-pdf"),
    path("team/fhir.json", team.team_fhir, name="team-fhir"),
    path("team/close/", team.team_close, name="team-close"),
    path("mine/print/", handing_over.paper, name="print"),
    path("mine/paper.pdf", handing_over.as_pdf, name="pdf"),
    path("mine/take/", exports.take, name="take"),
    path("mine/plan.json", exports.as_json, name="json"),
    path("mine/plan.txt", exports.as_text, name="text"),
    path("mine/fhir.json", exports.as_fhir, name="fhir"),
    path("load/", exports.load, name="load"),
    path("mine/delete/", keeping.delete, name="delete"),
    path("mine/group/<slug:slug>/", filling.group, name="group"),
    # Last: whatever else somebody types, a code most likely.
    path("<path:typed>", opening.astray, name="astray"),
]
