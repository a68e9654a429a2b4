"""The workbench for a WSGI server of a team's own (extra `team`): a study's folder comes in, the application goes out.

gunicorn --preload "caselore.workbench.wsgi:team('/srv/reviews', hosts=('reviews.example.org',), https=True)"
"""

from __future__ import annotations

from typing import Any

from caselore.store.connect import disconnect
from caselore.study import open_study
from caselore.workbench import serving


def team(study: str, *, hosts: tuple[str, ...] = (), https: bool = False) -> Any:
    """The application of a team's study; `hosts` are the names it is reached by, `https`: a proxy speaks HTTPS."""
    application = serving.ready(open_study(study), team=True, hosts=tuple(hosts), https=https)
    disconnect()  # workers are forked from here (--preload, so that one alone brings the database up to date)
    return application
