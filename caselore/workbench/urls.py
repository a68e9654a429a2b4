"""Every address of the workbench; one file of views a topic."""

from __future__ import annotations

from django.urls import path

from caselore.workbench.views import coding, coding_acts, session

urlpatterns = [
    path("", session.home, name="home"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("open/<str:key>/", session.open_with_key, name="open"),
    path("password/", session.change_password, name="password"),
    # the coding page
    path("next/", coding.next_case, name="coding-next"),
    path("codebook/<slug:book>/", coding.chooser, name="coding-codes"),
    path("case/<slug:case>/", coding.page, name="coding"),
    path("case/<slug:case>/leaf/<int:number>/", coding.leaf, name="coding-leaf"),
    path("case/<slug:case>/find/", coding.find, name="coding-find"),
    path("case/<slug:case>/do/<slug:verb>/", coding_acts.do, name="coding-act"),
    path("case/<slug:case>/submit/", coding_acts.submit, name="coding-submit"),
    path("case/<slug:case>/again/", coding_acts.look_again, name="coding-again"),
    path("case/<slug:case>/reopen/", coding_acts.reopen, name="coding-reopen"),
    path("case/<slug:case>/place/", coding_acts.place, name="coding-place"),
]
