"""A sheet comes in; the same as a tagged PDF (PDF/UA-1) goes out, its words as data for a Typst template."""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from caselore.workbench.quoting import rules
from caselore.workbench.sheet import Quotation, Reference, Sheet

STANDARD: Literal["ua-1"] = "ua-1"
TEMPLATE = "sheet.typ"


def pdf_of(sheet: Sheet, *, foot: str) -> bytes:
    """The bytes of the PDF; a sheet with letters that no font has is untagged, because the standard refuses them."""
    data = {
        "title": sheet.title, "remarks": sheet.paragraphs,
        "quotations": [_quotation(each) for each in sheet.quotations],
        "sources": [_source(each) for each in sheet.references], "checks": rules().checks, "foot": foot,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "sheet.json").write_text(json.dumps(data), encoding="utf-8")
        template = files("caselore.workbench").joinpath(TEMPLATE).read_text(encoding="utf-8")
        (root / TEMPLATE).write_text(template, encoding="utf-8")
        try:
            return typst.compile(root / TEMPLATE, root=root, pdf_standards=[STANDARD])
        except typst.TypstError:
            return typst.compile(root / TEMPLATE, root=root)


def _quotation(each: Quotation) -> dict[str, Any]:
    page = f", page {each.page}" if each.page else ""
    told = f": {'; '.join(each.codes)}." if each.codes else ", as a whole."
    words = f"“{each.words}”" if each.words else f"{each.kind.capitalize()}{told}"
    return {"words": words, "at": f"[{each.number}{page}]", "remark": each.remark}


def _source(each: Reference) -> dict[str, str]:
    rest = ". ".join(part for part in (each.publisher, str(each.year or ""), each.licence, each.url) if part)
    return {"number": f"[{each.number}]", "title": each.title, "rest": f". {rest}."}
