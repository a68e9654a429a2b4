"""Writes a few blocks as one plain HTML page that needs nothing else: a briefing, not the whole report."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from caselore.report.blocks import Block


def write_leaf(title: str, parts: Iterable[Block], path: Path) -> None:
    """Write a title and blocks as one HTML file."""
    environment = Environment(
        loader=PackageLoader("caselore.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style = (files("caselore.report") / "templates" / "leaf.css").read_text(encoding="utf-8")
    named = [(type(part).__name__, part) for part in parts]
    page = environment.get_template("leaf.html.j2").render(title=title, parts=named, style=Markup(style))
    path.write_text(page, encoding="utf-8")
