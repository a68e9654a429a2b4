"""A codebook comes in; the Markdown page that coders read beside their work goes out."""

from __future__ import annotations

from collections.abc import Iterator

from caselore.codebook.books import SHIPPED, path_of, read_book
from caselore.codebook.codebook import Codebook, CodeDefinition, Field, load

WRITTEN = "<!-- Written by docs/generate.py from the files below caselore/codebook/books; run `make docs`. -->"

KINDS = {
    "choice": "one code",
    "multi": "as many codes as hold",
    "sequence": "steps in order, each with the agency that took it",
    "scale": "a level for each category",
    "matrix": "codes made of one word of each list",
    "number": "a number",
    "text": "free words, which never leave the study",
}

FILLERS = {
    "both": "a machine proposes, a person decides",
    "machine": "a machine",
    "person": "a person",
    "document": "measured from the document",
}

OPENING = """\
Every field that can be put to a case, with all its codes. [How a codebook is made](../how-to/write-a-codebook.md) and
[why it is made so](../explanation/codebooks.md) are told elsewhere; the cues, which a machine looks for, stand in the
YAML files themselves.

Besides its codes every field knows five other answers, and they are different answers: **absent** (the source says
that it is not so), **not mentioned** (the source is silent), **unclear** (the source speaks of it and cannot be
decided), **not applicable** (the question does not arise) and **withheld** (left out of the source on purpose).

A source in the last column is the document that a code comes from: 000 a published coded layer, 001 a repository
listing, 002 anonymised case studies, 003 the triennial analysis 2011-14, 004 a court service's study of 2014;
`caselore 1.1` marks the project's own additions. All definitions are in the project's own words, all examples are
made up.
"""


def books_page() -> str:
    """The reference page of all shipped books."""
    codebook = load()
    parts = [WRITTEN, "# Codebooks", "", OPENING, *_contents(codebook)]
    for name in SHIPPED:
        book = read_book(path_of(name))
        parts += [
            "",
            f"## {book.title}",
            "",
            f"Book `{book.name}`, version {book.version}. {_flat(book.about)}",
        ]
        parts += ["", f"Source: {_flat(book.source)}."] if book.source else []
        for field in codebook.of_book(name):
            parts += ["", field_section(field)]
    return "\n".join(parts).rstrip() + "\n"


def field_section(field: Field) -> str:
    """One field as a section of Markdown: its question, its rules, a table of its codes."""
    lines = [f"### {field.label} (`{field.id}`)", "", f"*{_flat(field.question)}*", ""]
    lines += [_facts(field)]
    lines += ["", _flat(field.about)] if field.about else []
    lines += ["", *_levels(field)] if field.kind == "scale" else []
    lines += ["", *_table(field)] if field.codes else []
    return "\n".join(lines)


def _contents(codebook: Codebook) -> Iterator[str]:
    yield "| book | fields |"
    yield "|---|---|"
    for name, title in codebook.titles.items():
        fields = ", ".join(f"[{field.label}](#{_anchor(field)})" for field in codebook.of_book(name))
        yield f"| {title} | {fields} |"


def _anchor(field: Field) -> str:
    """The name that GitHub and most other renderers give the heading of a field."""
    kept = (char for char in f"{field.label} {field.id}".lower() if char.isalnum() or char in " -_")
    return "".join(kept).replace(" ", "-")


def _facts(field: Field) -> str:
    facts = [f"Answer: {KINDS[field.kind]}{_bounds(field)}."]
    facts += [f"Part: {field.group}."] if field.group else []
    facts += [f"Filled by: {FILLERS[field.filled_by]}."]
    facts += [f"Where the source says nothing: `{field.default}`."] if field.default else []
    facts += [f"Cues: {count}."] if (count := sum(len(code.cues) for code in field.codes.values())) else []
    facts += [f"Source: {field.source}."] if field.source else []
    return " ".join(facts)


def _bounds(field: Field) -> str:
    if field.kind != "number":
        return ""
    ends = [f"{end:g}" for end in (field.least, field.most) if end is not None]
    return f" of {field.unit}" + (
        f", {' to '.join(ends)}" if len(ends) == 2 else f", {ends[0]} or more" if ends else ""
    )


def _levels(field: Field) -> Iterator[str]:
    """The levels that most categories share, then those of each category that has its own."""
    sets = [tuple(code.levels.values()) for code in field.codes.values()]
    shared = max(sets, key=sets.count)
    yield "| of | level | points | meaning |"
    yield "|---|---|---|---|"
    own = [(code.label, levels) for code, levels in zip(field.codes.values(), sets, strict=True) if levels != shared]
    for of, levels in [("all others" if own else "all", shared), *own]:
        for level in levels:
            yield f"| {_cell(of)} | {_cell(level.label)} | {level.value} | {_cell(level.definition)} |"


def _table(field: Field) -> Iterator[str]:
    yield "| code | meaning | example (made up) | source |"
    yield "|---|---|---|---|"
    for code in field.codes.values():
        cells = (f"**{code.label}** `{code.id}`", _meaning(code), code.example, code.source)
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _meaning(code: CodeDefinition) -> str:
    parts = [code.definition]
    parts += [f"*Include:* {code.include}"] if code.include else []
    parts += [f"*Exclude:* {code.exclude}"] if code.exclude else []
    return " ".join(parts)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _flat(text).replace("|", "\\|")
