"""Rows of the register come in; lines for the page and for a spreadsheet go out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from caselore.errors import NotAllowed
from caselore.store import queries
from caselore.store.models import Coder, Passage, Recommendation, RecommendationAttachment
from caselore.store.queries.register import ENDED
from caselore.workbench.forms_register import RESPONSE_NAMES, STATE_NAMES
from caselore.workbench.wording import code_label

RISKY = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
"""How a cell begins that a spreadsheet takes for a formula: a sign, also a wide one, behind what it passes over."""

COLUMNS = (
    "review", "year", "number", "recommendation", "addressees", "kinds", "read by a person", "response",
    "response in words", "owner", "due", "status", "overdue", "evidence of impact", "attachments",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One recommendation as the list shows it."""

    row: Recommendation
    addressees: str
    kinds: str
    response: str
    progress: str
    overdue: bool
    files: int = 0

    @property
    def confirmed(self) -> bool:
        """Whether a person has read it."""
        return self.row.status != "proposed"


def entry(viewer: Coder, key: str) -> Recommendation:
    """An entry that the viewer may see. Raises NotAllowed, whether it is hidden or is not there."""
    found = queries.register(viewer).filter(pk=key).first()
    if found is None:
        raise NotAllowed(f"There is no recommendation {key!r} that {viewer.name} may see.")
    return found


def dismissed(viewer: Coder, key: str) -> Recommendation:
    """An entry, though it was dismissed, so that it can be taken back. Raises NotAllowed."""
    found = Recommendation.objects.filter(pk=key, retracted=True).select_related("case").first()
    if found is None or not may_see(viewer, found):
        return entry(viewer, key)
    return found


def may_see(viewer: Coder, row: Recommendation) -> bool:
    """Whether the viewer may see the proposals of that case; the same as the list's rule."""
    from caselore.store.visibility import hides_proposals, visible_case

    return not hides_proposals(viewer, visible_case(viewer, row.case_id)) or row.status != "proposed"


def attachment(viewer: Coder, key: str, *, taken_off: bool = False) -> RecommendationAttachment:
    """A file of an entry that the viewer may see; with `taken_off` also one that was. Raises NotAllowed."""
    found = RecommendationAttachment.objects.filter(pk=key).first()
    if found is None or (found.retracted and not taken_off):
        raise NotAllowed(f"There is no attachment {key!r} that {viewer.name} may see.")
    entry(viewer, found.recommendation_id)
    return found


def lines(rows: Iterable[Recommendation], *, today: date | None = None) -> list[Line]:
    """Rows with the codebook's words, and how many files each has."""
    held = list(rows)
    counts: dict[str, int] = {}
    files = RecommendationAttachment.objects.filter(recommendation__in=[row.pk for row in held], retracted=False)
    for key in files.values_list("recommendation", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return [line(row, today=today, files=counts.get(row.pk, 0)) for row in held]


def line(row: Recommendation, *, today: date | None = None, files: int = 0) -> Line:
    """One row with the codebook's words."""
    day = today or datetime.now(UTC).date()
    return Line(
        row, ", ".join(code_label("addressee", each) for each in row.addressees),
        ", ".join(code_label("recommendation_type", each) for each in row.types), RESPONSE_NAMES[row.response],
        STATE_NAMES[row.progress], bool(row.due and row.due < day and row.progress not in ENDED), files,
    )  # fmt: skip


def passage_of(row: Recommendation) -> int | None:
    """The number of the passage in which a recommendation begins."""
    found = Passage.objects.filter(document=row.case.document_id, end__gt=row.start).order_by("number")
    return found.values_list("number", flat=True).first()


def csv_of(rows: QuerySet[Recommendation]) -> str:
    """The register as CSV; what a spreadsheet would take for a formula is written as text."""
    held = io.StringIO()
    out = csv.writer(held)
    out.writerow(COLUMNS)
    for each in lines(rows):
        row = each.row
        out.writerow(
            plain(value)
            for value in (
                row.case.title, row.case.year or "", row.label, " ".join(row.quote.split()),
                each.addressees, each.kinds,
                "yes" if each.confirmed else "not yet", each.response, row.response_words, row.owner,
                row.due.isoformat() if row.due else "", each.progress, "yes" if each.overdue else "", row.impact,
                each.files,
            )
        )  # fmt: skip
    return held.getvalue()


def plain(value: object) -> str:
    """A cell that no spreadsheet runs."""
    text = str(value)
    return f"'{text}" if RISKY.match(text) else text
