"""A study of two fictional reviews, one of them coded by a person and released, for the pages of reading and search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

OLIVE = """Serious Case Review: Zebedee

{town} Safeguarding Children Board. Published 2017.

What happened

Zebedee died aged 5 months on 3 March 2015. His mother Quillona had asked for help, and the health visitor visited.
The family was known to children's social care.

Key learning

Disguised compliance was not recognised by {more}. Professionals did not share information about the father.

Recommendations

1. The Board should ensure that agencies assess fathers and other men in the household within six months.
2. Children's social care should review how referrals from health visitors are answered.
"""


@dataclass(frozen=True)
class Library:
    released: object
    kept: object


def made(owner: object, folder: Path, *, more: str = "the agencies") -> Library:
    """The library; `more` are words that stand in both reviews."""
    from caselore.documents.reader import read
    from caselore.records import Source
    from caselore.store.actions import coding, passes, proposing, releasing, texts
    from caselore.store.models import Case

    cases = []
    for town in ("Netherby", "Overwick"):
        path = folder / f"Zebedee {town}.txt"
        path.write_text(OLIVE.format(town=town, more=more), encoding="utf-8")
        document = read(path)
        source = Source(
            "Zebedee: a serious case review", f"{town} Safeguarding Children Board", 2017,
            "Open Government Licence v3.0", "https://example.org/review.pdf",
        )  # fmt: skip
        kept = texts.add_document(owner, replace(document, source=source))
        case = Case.objects.get(document=kept.document)
        proposing.propose(owner, case)
        cases.append(Case.objects.get(pk=case.pk))
    reading = passes.open_pass(owner, cases[0])
    at = cases[0].document.text.index("Disguised compliance")
    coding.add(owner, reading, "learning_themes", "disguised_compliance", evidence=[(at, at + 20, "")])
    birth = cases[0].document.text.index("aged 5 months")
    coding.add(owner, reading, "child_age_band", "under_1", evidence=[(birth, birth + 13, "")])
    passes.submit_pass(owner, reading)
    releasing.mark_released(owner, "release-2026", [cases[0].pk])
    return Library(*(Case.objects.select_related("document").get(pk=case.pk) for case in cases))


def passage(case: object, words: str) -> int:
    """The number of the passage that holds words."""
    from caselore.store.models import Passage

    return Passage.objects.filter(document=case.document_id, text__contains=words).order_by("number").first().number
