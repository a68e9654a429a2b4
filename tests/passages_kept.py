"""A made-up document of sentences, kept in the open study as passages: for tests of search."""

from __future__ import annotations

import hashlib
from typing import Any


def kept(owner: Any, name: str, *cases: list[str], year: int = 2017) -> list[Any]:
    """A document of sentences, divided into cases."""
    from caselore import records
    from caselore.store.actions import texts
    from caselore.store.models import Case

    text, passages, bounds = "", [], []
    for sentences in cases:
        begin = len(text)
        for sentence in sentences:
            passages.append(records.Passage(len(text), len(text) + len(sentence), "sentence", "body", 1))
            text += sentence + "\n"
        bounds.append((begin, len(text)))
    digest = hashlib.sha256(f"{name}{text}".encode()).hexdigest()
    source = records.Source(name, "A Board", year)
    document = records.Document(f"{name}.txt", "text/plain", digest, text, "made-up@1", source=source)
    found = [
        records.Case(f"{name} {n}", document.name, digest, *bound, "SCR", year, source)
        for n, bound in enumerate(bounds, 1)
    ]
    row = texts.add_document(owner, document, cases=found, passages=passages)
    return list(Case.objects.filter(document=row.document).order_by("start"))


TOLD = [
    "The children were neglected for years.",
    "Nobody took them to the dentist.",
    "The school saw nothing.",
    "A nurse wrote a letter.",
    "The letter was lost.",
]
