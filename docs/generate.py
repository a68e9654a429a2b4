"""Writes the generated pages of docs/reference anew: `python docs/generate.py`. A test checks that they are current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from caselore.cli.app import app

REFERENCE = Path(__file__).resolve().parent / "reference"
WRITTEN = "<!-- Written by docs/generate.py; change the program, then run `make docs`. -->"


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    from caselore.codebook.document import books_page

    return {
        REFERENCE / "command-line.md": command_line(),
        REFERENCE / "codebooks.md": books_page(),
    }


def command_line() -> str:
    """All verbs with their arguments, options and examples."""
    group: Any = typer.main.get_command(app)
    parts = [
        WRITTEN,
        "# Command line",
        "",
        "Exit codes: 0 done, 1 found something wrong in the data (the rest is done), 2 could not do it.",
        "",
    ]
    for name, command in group.commands.items():
        parts += [f"## caselore {name}", "", *_about(command), ""]
    return "\n".join(parts).rstrip() + "\n"


def _about(command: Any) -> Iterator[str]:
    yield (command.help or "").strip()
    yield ""
    yield "| word | meaning |"
    yield "|---|---|"
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            names = ", ".join(f"`{name}`" for name in parameter.opts)
            yield f"| {names} | {parameter.help or ''} |"
        elif parameter.param_type_name == "argument":
            yield f"| `{parameter.name.upper()}` | {getattr(parameter, 'help', '') or ''} |"
    yield ""
    example = (command.epilog or "").removeprefix("Example: ")
    yield f"```console\n$ {example}\n```"


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
