"""Writes the report as one HTML file that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from caselore.report.numbers import Bound, Sentence
from caselore.report.provenance import made, versions
from caselore.report.report import Report
from caselore.tables.page import html_notes, html_table
from caselore.tables.result import ROUNDING


def write_html(report: Report, path: Path) -> None:
    """Write the report; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(report), encoding="utf-8")


def render(report: Report) -> str:
    """The report as HTML text."""
    environment = Environment(
        loader=PackageLoader("caselore.report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    style = "\n".join(
        (files(f"caselore.{room}") / "templates" / name).read_text(encoding="utf-8")
        for room, name in (("tables", "table.css"), ("report", "report.css"))
    )
    return environment.get_template("report.html.j2").render(
        report=report,
        style=Markup(style),
        made=made(report.manifest),
        versions=list(versions(report.manifest)),
        rounding=ROUNDING,
        bound=bound,
        prose=prose,
        table=lambda result: Markup(html_table(result)),
        notes=lambda result: Markup(html_notes(result)),
    )


def bound(number: Bound) -> Markup:
    """A bound number with the address of its cell, so that a checker can follow it back."""
    if number.value is None:
        return Markup('<span data-cell="{}">{}</span>').format(number.address, number.shown)
    return Markup('<data value="{}" data-cell="{}">{}</data>').format(number.value, number.address, number.shown)


def prose(sentence: Sentence) -> Markup:
    """A sentence with its bound numbers; the first letter is a capital whatever label it opens with."""
    opened = [part if isinstance(part, str) else bound(part) for part in sentence]
    if sentence and isinstance(sentence[0], Bound) and sentence[0].value is None:
        first = sentence[0]
        opened[0] = bound(Bound(first.shown[:1].upper() + first.shown[1:], None, first.address))
    return Markup("").join(opened)
