"""A study opened for a test with the workbench's settings: a process knows one set of them, which all tests share."""

from __future__ import annotations

from caselore.store.opening import make
from caselore.study import Study
from caselore.workbench.settings import settings_of

PASSWORD = "a calm long password 7"


def opened(study: Study, *, team: bool = False, owner: str = "owner", quick: bool = True):
    """The study's first coder; the database is made and every page is there. `quick`: passwords cost nothing."""
    from django.conf import settings

    extra = settings_of(study, team=team, hosts=["testserver"])
    if quick:
        extra["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in often
    coder = make(study, owner=owner, extra=extra)
    settings.CASELORE_TEAM = team
    return coder
