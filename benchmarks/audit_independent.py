"""What the audit finds in three fictional reports whose author had not read its code, by kind and by layout.

python benchmarks/audit_independent.py [--layout tabs|spaces|docx|pdf|pdf-unruled|own|all] [--least 0.5] [--show]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typst
from docx import Document as Word

from caselore.audit.audit import audit
from caselore.audit.finding import KINDS, Finding, Place
from caselore.documents.reader import read

REPORTS = Path(__file__).resolve().parents[1] / "tests" / "audit" / "independent"
LAYOUTS = ("tabs", "spaces", "docx", "pdf", "pdf-unruled")
OWN = {"child_deaths": "spaces", "court_service": "docx", "homicide_reviews": "pdf", "youth_harm": "tabs"}
"""The layout in which each report was first audited."""

MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Error:
    """A discrepancy of the key: its words, and the table in whose cell it stands, if any."""

    name: str
    kind: str
    words: str
    table: str


def blocks(source: str) -> Iterator[list[str]]:
    """Paragraphs of a source: lists of lines, one line unless it is a table."""
    for block in re.split(r"\n\s*\n", source.strip()):
        yield block.split("\n")


def errors(name: str) -> list[Error]:
    """The key of one report."""
    key = json.loads((REPORTS / "key.json").read_text(encoding="utf-8"))["errors"][name]
    found = []
    for lines in blocks((REPORTS / f"{name}.txt").read_text(encoding="utf-8")):
        table = lines[0][1:].split(":")[0] if lines[0].startswith("@") else ""
        for mark, words in MARK.findall("\n".join(lines)):
            found.append(Error(mark, key[mark]["kind"], words, table))
    return found


def render(name: str, layout: str, folder: Path) -> Path:
    """One report as a file in one layout."""
    source = MARK.sub(r"\2", (REPORTS / f"{name}.txt").read_text(encoding="utf-8"))
    every = list(blocks(source))
    if layout == "docx":
        return _docx(every, folder / f"{name}.docx")
    if layout.startswith("pdf"):
        return _pdf(every, folder / f"{name}.pdf", ruled=layout == "pdf")
    path = folder / f"{name}.txt"
    path.write_text("\n\n".join(_text(lines, layout) for lines in every), encoding="utf-8")
    return path


def grid(lines: list[str]) -> tuple[str, list[list[str]], list[str]]:
    """Caption, rows and notes of a table."""
    rows = [line[1:].split("|") for line in lines if line.startswith("|")]
    width = max(map(len, rows))
    notes = [line.removeprefix("@note ") for line in lines if line.startswith("@note")]
    return lines[0][1:], [row + [""] * (width - len(row)) for row in rows], notes


def _text(lines: list[str], layout: str) -> str:
    if not lines[0].startswith("@"):
        said = [re.sub(r"^#+ ", "", line) for line in lines]
        return "\n".join(textwrap.fill(line, 96) if layout == "spaces" else line for line in said)
    caption, rows, notes = grid(lines)
    if layout == "tabs":
        return "\n".join((caption, "", *("\t".join(row) for row in rows), *notes))
    widths = [max(len(row[i]) for row in rows) + 3 for i in range(len(rows[0]))]
    drawn = ["".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join((caption, "", *drawn, *notes))


def _docx(every: list[list[str]], path: Path) -> Path:
    word = Word()
    for lines in every:
        if lines[0].startswith("@"):
            caption, rows, notes = grid(lines)
            word.add_paragraph(caption, style="Caption")
            table = word.add_table(rows=len(rows), cols=len(rows[0]))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
            for note in notes:
                word.add_paragraph(note)
        for line in lines if not lines[0].startswith("@") else []:
            level = len(line) - len(line.lstrip("#"))
            if level:
                word.add_heading(line[level + 1 :], level)
            else:
                word.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    word.save(str(path))
    return path


def _pdf(every: list[list[str]], path: Path, *, ruled: bool) -> Path:
    drawn = ['#set page(paper: "a4", numbering: "1", header: [A fictional report])', "#set text(size: 10pt)"]
    for lines in every:
        if not lines[0].startswith("@"):
            drawn += ["\n".join(_escaped(line).replace("\\#", "=") for line in lines), ""]
            continue
        caption, rows, notes = grid(lines)
        cells = ", ".join(f"[{_escaped(cell)}]" for row in rows for cell in row)
        widths = ", ".join(["auto" if len(rows[0]) > 2 else "1fr"] * len(rows[0]))
        stroke = "0.5pt" if ruled else "none"
        drawn += [f"*{_escaped(caption)}*", "", f"#table(columns: ({widths}), stroke: {stroke}, {cells})", ""]
        drawn += [f"#text(size: 8pt)[{_escaped(note)}]\n" for note in notes]
    source = path.with_suffix(".typ")
    source.write_text("\n".join(drawn), encoding="utf-8")
    typst.compile(source, output=path)
    return path


def _escaped(words: str) -> str:
    return re.sub(r"([#$*_@<>~\\\[\]])", r"\\\1", words)


def points_at(finding: Finding, error: Error, text: str) -> bool:
    """Whether a finding stands on the words of an error, or on its cell."""
    if error.table:
        tables = (finding.where.table, finding.also.table if finding.also else "")
        return error.table in tables and _names_cell(finding, error)
    pattern = r"\s+".join(map(re.escape, error.words.split())).replace(r"\-", r"\-\s*")
    found = re.search(pattern, text)  # a line may end after a hyphen
    places = (finding.where, finding.also)
    return bool(found and any(p and _shared(p, found.start(), found.end()) for p in places))


def _shared(place: Place, start: int, end: int) -> bool:
    return place.start < end and start < place.end


def _names_cell(finding: Finding, error: Error) -> bool:
    said = " ".join((finding.printed, finding.sum, finding.where.words, finding.sentence))
    return error.words in said or NUMBER.findall(error.words)[0] in NUMBER.findall(said)


def measure(name: str, layout: str, least: float) -> tuple[list[Error], list[Error], list[Finding]]:
    """Errors found, errors missed and findings that point at no error."""
    with tempfile.TemporaryDirectory() as folder:
        document = read(render(name, layout, Path(folder)))
        findings = [f for f in audit(document) if f.confidence >= least]
    every = errors(name)
    hit = [e for e in every if any(points_at(f, e, document.text) for f in findings)]
    stray = [f for f in findings if not any(points_at(f, e, document.text) for e in every)]
    return hit, [e for e in every if e not in hit], stray


def main() -> None:
    """Print recall and precision by kind, layout by layout."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--layout", default="own", choices=(*LAYOUTS, "own", "all"))
    parser.add_argument("--least", type=float, default=0.5)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    hits, all_errors, strays = Counter[str](), Counter[str](), Counter[str]()
    for name in OWN:
        for layout in {"own": (OWN[name],), "all": LAYOUTS}.get(args.layout, (args.layout,)):
            hit, missed, stray = measure(name, layout, args.least)
            print(f"{name:20}{layout:14}{len(hit):4} of {len(hit) + len(missed):3}, stray {len(stray)}")
            hits.update(e.kind for e in hit)
            all_errors.update(e.kind for e in hit + missed)
            strays.update(f.kind for f in stray)
            if args.show:
                _tell(missed, stray)
    for kind in KINDS:
        print(f"{kind:24}{hits[kind]:4} of {all_errors[kind]:4}{strays[kind]:6} stray")
    total = hits.total()
    print(f"recall {total / all_errors.total():.2f}, precision {total / max(1, total + strays.total()):.2f}")


def _tell(missed: list[Error], stray: list[Finding]) -> None:
    for error in missed:
        print(f"  missed {error.name} {error.kind}: {error.words[:150]} {error.table}")
    for finding in stray:
        print(f"  stray {finding.confidence:.2f} {finding.kind} {finding.where.named()}: {finding.sum}")
        print(f"        {finding.sentence} | {finding.where.words[:160]}")


if __name__ == "__main__":
    sys.exit(main())
