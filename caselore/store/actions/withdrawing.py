"""A document is taken out of the study, with a reason, and back into it; nothing of it is lost."""

from __future__ import annotations

from caselore.errors import StoreError
from caselore.store.actions.act import Act, act
from caselore.store.actions.refs import the
from caselore.store.models import Case, Coder, Document, Withdrawal
from caselore.store.permissions import require

LONGEST_REASON = 2000


def withdraw_document(actor: Coder, document: Document | str, *, reason: str, token: str = "") -> Withdrawal:
    """Take a document out: its cases are no more in the queue, in counts, search, agreement, register or release.

    What was decided on them stays in the log and comes back with the document (`return_document`).
    """
    require(actor, "withdraw")
    with act(actor, "withdraw_document", token=token) as done:
        if done.repeated:
            return the(Withdrawal, done.repeated.subject)
        found = the(Document, document)
        why = _reason(reason, "taken out")
        if Withdrawal.objects.filter(document=found, retracted=False).exists():
            raise StoreError(f"{found.name} is taken out of the study already.")
        done.says = {"document": found.name, "reason": why}
        made = done.new(Withdrawal(document=found, reason=why, coder=actor, at=done.at))
        _mark(found.pk, True)
    return made


def return_document(actor: Coder, withdrawal: Withdrawal | str, *, reason: str, token: str = "") -> Withdrawal:
    """Take a document back into the study."""
    require(actor, "withdraw")
    with act(actor, "return_document", token=token) as done:
        found = the(Withdrawal, withdrawal, "document")
        if done.repeated:
            return found
        if found.retracted:
            raise StoreError(f"{found.document.name} is in the study already.")
        _back(done, found, _reason(reason, "taken back"))
    return found


def _back(done: Act, found: Withdrawal, why: str) -> None:
    done.says = {"document": found.document.name, "reason": why}
    done.change(found, retracted=True)
    _mark(found.document_id, False)


def _mark(document: str, out: bool) -> None:
    """The mark on the cases, by which every question leaves them out; `proof` holds it to the withdrawals."""
    Case.every.filter(document=document).update(withdrawn=out)


def _reason(words: str, what: str) -> str:
    why = words.strip()
    if not why:
        raise StoreError(f"State why the document is {what}.")
    if len(why) > LONGEST_REASON:
        raise StoreError(f"A reason has at most {LONGEST_REASON:,} characters; shorten it.")
    return why
