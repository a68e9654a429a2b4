"""Every address of the workbench; one file of views a topic."""

from __future__ import annotations

from django.urls import path

from caselore.workbench.views import session

urlpatterns = [
    path("", session.home, name="home"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("open/<str:key>/", session.open_with_key, name="open"),
    path("password/", session.change_password, name="password"),
]
