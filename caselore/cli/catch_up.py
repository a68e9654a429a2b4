"""`caselore work`: run the proposers on the queued cases of a study."""

from __future__ import annotations

from typing import Annotated

import typer

from caselore.cli import options
from caselore.cli.init import StudyPath
from caselore.cli.stage import stage

NAME = "work"
EXAMPLE = "caselore work my-study"


def command(
    study: StudyPath,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many cases; 0: all.")] = 0,
    again: Annotated[
        bool, typer.Option("--again", help="Also cases that failed, and those a newer proposer has not read.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Propose codes on the cases that wait for it, in the order in which they were added."""
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    actor = opening.opened(open_study(study))
    from caselore.store.actions import proposing
    from caselore.store.models import Case

    if again:
        for case in Case.objects.exclude(proposing="queued").values_list("pk", flat=True):
            proposing.requeue(actor, case)
    waiting = Case.objects.filter(proposing="queued").count()
    with stage("Proposing", min(waiting, limit or waiting)) as show:
        told = proposing.work(actor, limit=limit or None, heard=show)
    left = Case.objects.filter(proposing="queued").count()
    disconnect()
    options.say({"proposed on": told.done, "failed": told.failed, "left": left}, as_json)
    for problem in told.problems:
        typer.echo(problem, err=True)
    if told.failed:
        raise typer.Exit(1)
