"""`caselore withdraw`: a document is taken out of a study with a reason, or back into it; or what is out is listed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from caselore.cli import options
from caselore.cli.init import StudyPath
from caselore.errors import StoreError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from caselore.store.models import Coder, Document, Withdrawal

NAME = "withdraw"
EXAMPLE = 'caselore withdraw my-study review-2017.pdf --reason "The Board took it off its site."'

LEAST = 8
"""Characters of a sha256 that name a document."""

NAMED = 5
"""Documents that are named where words fit several."""

Which = Annotated[
    str,
    typer.Argument(
        help="A document by its file's name, title, id or the start of its sha256; left out: what is out is listed.",
        show_default=False,
    ),
]


def command(
    study: StudyPath,
    document: Which = "",
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the log.")] = "",
    back: Annotated[bool, typer.Option("--back", help="Take it back into the study.")] = False,
    as_json: options.Json = False,
) -> None:
    """Take a document out of a study, or back: nothing of it is lost, and meanwhile nothing counts or shows it.

    Its cases are in no list, count, search, agreement, register or release. A release made before stays as it was.
    """
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.study import open_study

    actor = opening.opened(open_study(study))
    try:
        if document:
            options.say(_acted(actor, document, reason, back=back), as_json)
        else:
            _say_out(_out(), as_json)
    finally:
        disconnect()


def _acted(actor: Coder, words: str, reason: str, *, back: bool) -> dict[str, object]:
    from caselore.store.actions import withdrawing
    from caselore.store.models import Case

    found = _document(words, out=back)
    if back:
        made = withdrawing.return_document(actor, _standing(found), reason=reason)
    else:
        made = withdrawing.withdraw_document(actor, found, reason=reason)
    cases = Case.every.filter(document=found)
    told: dict[str, object] = {"taken back" if back else "taken out": found.name, "reason": reason.strip()}
    told["cases"] = cases.count()
    names = sorted({name for name in cases.values_list("released", flat=True) if name})
    if names and not back:
        told["still in releases made before"] = ", ".join(names)
    return told | {"id": made.document_id}


def _standing(found: Document) -> Withdrawal:
    """The withdrawal by which a document is out. Raises StoreError."""
    from caselore.store.models import Withdrawal

    standing: Withdrawal | None = Withdrawal.objects.filter(document=found, retracted=False).first()
    if standing is None:
        raise StoreError(f"{found.name} is in the study already.")
    return standing


def _document(words: str, *, out: bool) -> Document:
    """The one document that the words name; of several, the one that is out (or in) already or not yet. Raises."""
    from django.db.models import Q

    from caselore.store.models import Document, Withdrawal

    rows = Document.objects.defer("text", "pages", "sections")
    name = Path(words).name
    exact = Q(pk=words) | Q(name=words) | Q(name=name) | Q(title__iexact=words)
    found: list[Document] = list(rows.filter(exact))
    if not found and len(words) >= LEAST:
        found = list(rows.filter(sha256__startswith=words.lower()))
    if len(found) > 1:
        gone = set(Withdrawal.objects.filter(retracted=False).values_list("document", flat=True))
        found = [row for row in found if (row.pk in gone) == out] or found
    if not found:
        raise StoreError(f"There is no document '{words}' in the study; give its file's name, its title or its id.")
    if len(found) > 1:
        ids = ", ".join(f"{row.pk} ({row.title or row.name})" for row in found[:NAMED])
        raise StoreError(f"'{words}' names {len(found)} documents; give the id of one: {ids}.")
    return found[0]


def _out() -> list[dict[str, Any]]:
    """What is out of the study, and why."""
    from caselore.store.models import Withdrawal

    rows: QuerySet[Withdrawal] = Withdrawal.objects.filter(retracted=False).order_by("at")
    return [
        {"document": row.document.name, "id": row.document_id, "reason": row.reason, "by": row.coder.name,
         "at": row.at.isoformat(timespec="seconds")}
        for row in rows.select_related("document", "coder").defer("document__text", "document__pages")
    ]  # fmt: skip


def _say_out(out: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        options.say({"out": out}, as_json)
        return
    for each in out:
        typer.echo(f"{each['document']} ({each['id']}): {each['reason']} ({each['by']}, {each['at'][:10]})")
    if not out:
        typer.echo("Every document is in the study.")
