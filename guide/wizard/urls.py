"""What applies to me. No address tells which question it is, because some are asked only of some people."""

from django.urls import path

from guide.wizard import views

app_name = "wizard"
urlpatterns = [
    path("", views.start, name="start"),
    path("<int:number>/", views.step, name="step"),
    path("answers/", views.answers, name="answers"),
    path("results/", views.results, name="results"),
    path("results.pdf", views.results_pdf, name="pdf"),
    path("guide/", views.my_guide, name="guide"),
    path("guide/treatments/<slug:slug>/", views.treatment, name="treatment"),
    path("guide/<slug:slug>/", views.chapter, name="chapter"),
    path("clear/", views.clear, name="clear"),
]
