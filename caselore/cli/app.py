"""The command line as a whole: the verbs, and what an error looks like to a person."""

from __future__ import annotations

import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import wraps

import typer

from caselore import __version__
from caselore.cli import (
    add,
    agree,
    audit,
    catch_up,
    evaluate,
    init,
    propose,
    read,
    release,
    report,
    run,
    search,
    serve,
    tabulate,
    train,
    verify,
    withdraw,
)
from caselore.engine.pool import NotStarted
from caselore.errors import CaseloreError

DONE, FOUND_WRONG, COULD_NOT = 0, 1, 2
"""Exit codes: all well; something wrong in the data, the rest is done; it could not be done."""

app = typer.Typer(
    name="caselore",
    help="Published case reviews in, validated and de-identified evidence and its tables out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"caselore {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Published case reviews in, validated and de-identified evidence and its tables out."""


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with every mistake of the data or of the user said in one sentence and no traceback."""

    @wraps(command)
    def run_it(*args: object, **options: object) -> None:
        _hear_terminate()
        try:
            command(*args, **options)
        except (CaseloreError, NotStarted) as error:
            _stop(str(error))
        except KeyboardInterrupt:
            _stop("Stopped. Nothing finished is lost: the same command goes on from here.")
        except BrokenPipeError:
            raise typer.Exit(DONE) from None  # who reads our output (head, less) has seen enough
        except database_errors() as error:
            _stop(f"The database cannot be used ({' '.join(str(error).split())}); free it, or make room on its disk.")
        except OSError as error:
            place = error.filename or "The system"
            _stop(f"{place}: {error.strerror or error}; free it, or name another place.")

    return run_it


def database_errors() -> tuple[type[Exception], ...]:
    """What the databases raise; Django's only where a command has loaded it."""
    django = sys.modules.get("django.db.utils")
    return (sqlite3.Error, *((django.Error,) if django is not None else ()))


def _hear_terminate() -> None:
    """Have a request to end (a shutdown, a service that is stopped) clear up as Ctrl-C does."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _stop(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise typer.Exit(COULD_NOT)


for verb in (
    run,
    read,
    propose,
    train,
    evaluate,
    agree,
    release,
    tabulate,
    report,
    audit,
    serve,
    search,
    init,
    add,
    catch_up,
    withdraw,
    verify,
):
    app.command(verb.NAME, epilog=f"Example: {verb.EXAMPLE}")(guarded(verb.command))


def main() -> None:
    """Run the command line."""
    app()
