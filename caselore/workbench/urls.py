"""Every address of the workbench; one file of views a topic."""

from __future__ import annotations

from django.urls import path

from caselore.workbench.views import (
    agreement,
    coding,
    coding_acts,
    documents,
    log,
    people,
    plans,
    queue,
    release,
    session,
    settling,
    start,
)

handler400 = "caselore.workbench.faults.unread"

urlpatterns = [
    path("", start.home, name="home"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("open/<str:key>/", session.open_with_key, name="open"),
    path("password/", session.change_password, name="password"),
    # what waits, the cases, the documents
    path("cases/", queue.queue, name="queue"),
    path("cases/keep/", queue.keep, name="queue-keep"),
    path("cases/kept/<slug:search>/drop/", queue.drop, name="queue-drop"),
    path("documents/", documents.documents, name="documents"),
    path("documents/waiting/", documents.waiting, name="documents-waiting"),
    path("documents/propose/", documents.propose, name="documents-propose"),
    # differences settled, agreement
    path("settle/", settling.cases, name="settling"),
    path("settle/<slug:case>/", settling.case, name="settling-case"),
    path("settle/<slug:case>/settle/", settling.settle, name="settling-settle"),
    path("settle/<slug:case>/take-back/", settling.unsettle, name="settling-unsettle"),
    path("agreement/", agreement.overview, name="agreement"),
    path("agreement/differences/", agreement.disagreements, name="disagreements"),
    path("agreement/field/<slug:field>/", agreement.field, name="agreement-field"),
    path("agreement/<slug:what>.csv", agreement.download, name="agreement-download"),
    # plans
    path("plan/", plans.plans, name="plans"),
    path("plan/double/", plans.double, name="plans-double"),
    path("plan/double/<slug:plan>/", plans.drawn, name="plans-drawn"),
    path("plan/give/", plans.assign, name="plans-assign"),
    path("plan/give/<slug:assignment>/take-back/", plans.unassign, name="plans-unassign"),
    path("plan/layers/", plans.layers, name="plans-layers"),
    path("plan/sample/", plans.sample, name="plans-sample"),
    path("plan/sample/<slug:sample>/", plans.picked, name="plans-picked"),
    # people, the log, releases
    path("people/", people.people, name="people"),
    path("people/<slug:coder>/", people.person, name="person"),
    path("people/<slug:coder>/roles/", people.roles, name="person-roles"),
    path("people/<slug:coder>/active/", people.active, name="person-active"),
    path("people/<slug:coder>/password/", people.password, name="person-password"),
    path("people/<slug:coder>/sign-out/", people.sessions, name="person-sessions"),
    path("welcome/<slug:key>/<slug:token>/", people.invitation, name="invitation"),
    path("log/", log.log, name="log"),
    path("log/prove/", log.proved, name="log-prove"),
    path("log/log.jsonl", log.export, name="log-export"),
    path("release/", release.release, name="release"),
    path("release/check/", release.check, name="release-check"),
    path("release/<str:name>.zip", release.download, name="release-download"),
    path("released/", release.released, name="released"),
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
