"""The command line as a whole: the verbs, and what an error looks like to a person."""

from __future__ import annotations

import sys

import click
import typer

from caselore import __version__
from caselore.cli import evaluate, propose, read, release, report, run, tabulate
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


for verb in (run, read, propose, evaluate, release, tabulate, report):
    app.command(verb.NAME, epilog=f"Example: {verb.EXAMPLE}")(verb.command)


def main() -> None:
    """Run the command line; a mistake of the data or of the user is one sentence, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except CaseloreError as error:
        code = _say(str(error))
    except click.ClickException as error:
        error.show()
        code = COULD_NOT
    except (KeyboardInterrupt, click.Abort):
        code = _say("Stopped. Nothing finished is lost: the same command goes on from here.")
    except BrokenPipeError:
        code = DONE  # the reader of our output (head, less) has seen enough
    except OSError as error:
        code = _say(f"{error.filename or 'The system'}: {error.strerror or error}; free or name another place.")
    sys.exit(code or DONE)


def _say(message: str) -> int:
    print(message, file=sys.stderr)
    return COULD_NOT
