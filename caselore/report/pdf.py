"""Writes the report as a tagged PDF (PDF/UA-1): the blocks go as data into a Typst template that sets the pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from caselore.report.blocks import Block, Grid, Heading, Items, Paragraph, Picture, blocks
from caselore.report.images import POINTS_PER_PIXEL, inked, size
from caselore.report.report import Report

STANDARD: Literal["ua-1"] = "ua-1"
TEMPLATE = "report.typ"
TEXT_WIDTH = 470.0
"""Points between the margins of the template's page."""


def write_pdf(report: Report, path: Path) -> None:
    """Write the report; its folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pages(report.title, blocks(report), path)


def write_pages(title: str, parts: Iterable[Block], path: Path, *, contents: bool = True) -> None:
    """Write a title and blocks as one PDF; Typst refuses what PDF/UA-1 would not allow, such as a lost description."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        told = [_told(part, number, root) for number, part in enumerate(parts)]
        data = {"title": title, "contents": contents, "blocks": told}
        (root / "report.json").write_text(json.dumps(data), encoding="utf-8")
        template = (files("caselore.report") / "templates" / TEMPLATE).read_text(encoding="utf-8")
        (root / TEMPLATE).write_text(template, encoding="utf-8")
        typst.compile(root / TEMPLATE, output=path, root=root, pdf_standards=[STANDARD])


def _told(part: Block, number: int, root: Path) -> dict[str, Any]:
    """A block as data; a chart is laid beside the template."""
    match part:
        case Heading(level, text):
            return {"is": "heading", "level": level, "text": text}
        case Paragraph(text, kind):
            return {"is": kind, "text": text}
        case Items(texts):
            return {"is": "items", "texts": texts}
        case Picture(figure, caption):
            (root / f"{number}.svg").write_text(inked(figure.svg), encoding="utf-8")
            width = round(min(size(figure.svg)[0] * POINTS_PER_PIXEL, TEXT_WIDTH), 1)
            return {"is": "picture", "path": f"{number}.svg", "words": figure.words, "caption": caption, "width": width}
        case Grid(title, corner, heads, rows):
            body = [{"head": row.head, "cells": row.cells, "kind": row.kind} for row in rows]
            return {"is": "grid", "title": title, "heads": [corner, *heads], "rows": body}
