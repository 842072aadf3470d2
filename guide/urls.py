"""The site map."""

from django.urls import include, path, re_path

from guide.plans.views.opening import astray

urlpatterns = [
    path("for-me/", include("guide.wizard.urls")),
    path("plan/", include("guide.plans.urls")),
    path("", include("guide.reading.urls")),
    # Somebody typed the code of a plan after the name of the site: letters with a digit among them, about as many as a code has.
    re_path(r"^(?=[^/]*[0-9])[0-9A-Za-z][0-9A-Za-z -]{14,39}/?$", astray),
]
