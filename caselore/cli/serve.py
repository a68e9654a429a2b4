"""`caselore serve`: the workbench of a study, in the browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from caselore.errors import StudyError

NAME = "serve"
EXAMPLE = "caselore serve my-study"


def command(
    study: Annotated[Path, typer.Argument(help="The study's folder.")],
    host: Annotated[
        str, typer.Option("--host", help="The address to answer at; beyond this machine asks for accounts.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 8765,
    team: Annotated[
        bool, typer.Option("--team", help="Ask for accounts here too; a study of mode 'team' always does.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOST", help="A name that the pages are reached by; repeat for more."),
    ] = None,
    https: Annotated[bool, typer.Option("--https", help="The pages stand behind a proxy that speaks HTTPS.")] = False,
    account: Annotated[
        str,
        typer.Option(
            "--make-account", metavar="NAME", help="Give NAME an account (the password is asked for), then stop."
        ),
    ] = "",
    browse: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
) -> None:
    """Open the workbench: code, settle, agree, search. A study of one's own opens signed in; a team signs in."""
    from caselore.study import open_study
    from caselore.workbench import serving

    opened = open_study(study)
    asks = team or opened.mode == "team" or not serving.is_local(host)
    application = serving.ready(opened, team=asks, hosts=(*(name or ()), host), https=https)
    from caselore.store.permissions import ROLES
    from caselore.workbench import accounts  # its rows can be loaded only now that Django is set up

    if account:
        # The first account is the person who sets the study up: whoever else comes is given roles on the people's page.
        roles = ("coder",) if accounts.has_accounts() else ROLES
        accounts.make_account(account, _password(), roles=roles)
        typer.echo(f"{account} can sign in.")
        return
    if asks and not accounts.has_accounts() and not serving.has_provider():
        raise StudyError(
            f"Nobody could sign in yet; make an account with 'caselore serve {study} --make-account NAME'."
        )
    shown = browse and sys.stdout.isatty()
    serving.serve(application, host=host, port=port, team=asks, browse=shown, say=_say, https=https)


def _password() -> str:
    """From the environment where a script starts us, else typed twice without being shown."""
    given = os.environ.get("CASELORE_PASSWORD", "")
    return given or str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _say(address: str) -> None:
    typer.echo(f"The workbench is at {address}\nStop it with Ctrl-C.")
