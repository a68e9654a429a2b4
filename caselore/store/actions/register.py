"""The recommendation register: confirm, respond, owner, due date, progress, impact, attachments."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from caselore.errors import StoreError
from caselore.store.actions.act import act
from caselore.store.actions.refs import the
from caselore.store.connect import current
from caselore.store.models import Coder, Recommendation, RecommendationAttachment
from caselore.store.models.register import RESPONSES, STATES
from caselore.store.permissions import require
from caselore.store.words import cleaned

LARGEST = 25_000_000
"""Bytes of one attachment."""

ATTACHED = "attached"
Ref = Recommendation | str


def confirm(actor: Coder, recommendation: Ref, *, token: str = "") -> Recommendation:
    """A person has read it: it is a recommendation of this review."""
    return _set(actor, recommendation, "confirm", token, status="validated", confirmed_by_id=actor.pk, retracted=False)


def dismiss(actor: Coder, recommendation: Ref, *, token: str = "") -> Recommendation:
    """It is no recommendation of this review; it leaves the register and every release."""
    return _set(actor, recommendation, "dismiss", token, retracted=True)


def respond(actor: Coder, recommendation: Ref, response: str, *, words: str = "", token: str = "") -> Recommendation:
    """What the addressee answered: accepted, accepted_in_part, rejected or noted."""
    _one_of(response, RESPONSES, "response")
    return _set(actor, recommendation, "respond", token, response=response, response_words=words.strip())


def set_owner(actor: Coder, recommendation: Ref, owner: str, *, token: str = "") -> Recommendation:
    """Who answers for it."""
    return _set(actor, recommendation, "set_owner", token, owner=owner.strip())


def set_due(actor: Coder, recommendation: Ref, due: date | str | None, *, token: str = "") -> Recommendation:
    """When it is due, as a date or in ISO 8601; None: no date."""
    try:
        day = date.fromisoformat(due) if isinstance(due, str) and due else due or None
    except ValueError:
        raise StoreError(f"'{due}' is no date; write it as 2026-04-30.") from None
    return _set(actor, recommendation, "set_due", token, due=day)


def set_progress(actor: Coder, recommendation: Ref, progress: str, *, token: str = "") -> Recommendation:
    """How far it is: open, in_progress, done or not_pursued."""
    _one_of(progress, STATES, "progress")
    return _set(actor, recommendation, "set_progress", token, progress=progress)


def set_impact(actor: Coder, recommendation: Ref, impact: str, *, token: str = "") -> Recommendation:
    """The evidence that it changed something."""
    return _set(actor, recommendation, "set_impact", token, impact=impact.strip())


def attach(actor: Coder, recommendation: Ref, name: str, data: bytes, *, token: str = "") -> RecommendationAttachment:
    """Keep a file beside a recommendation, in the study's folder under its hash; its name is only shown."""
    require(actor, "register")
    if not data or len(data) > LARGEST:
        raise StoreError(f"An attachment has from 1 to {LARGEST:,} bytes; this one has {len(data):,}.")
    digest = hashlib.sha256(data).hexdigest()
    _keep(digest, data)
    with act(actor, "attach", token=token) as done:
        if done.repeated:
            return the(RecommendationAttachment, done.repeated.subject)
        found = the(Recommendation, recommendation)
        done.case = found.case_id
        return done.new(
            RecommendationAttachment(
                recommendation=found, name=_bare(name), sha256=digest, size=len(data), added=done.at
            )
        )


def detach(actor: Coder, attachment: RecommendationAttachment | str, *, token: str = "") -> None:
    """Take an attachment off; its bytes stay, because the log names them."""
    require(actor, "register")
    with act(actor, "detach", token=token) as done:
        found = the(RecommendationAttachment, attachment, "recommendation")
        done.case = found.recommendation.case_id
        if not done.repeated:
            done.change(found, retracted=True)


def attachment_path(attachment: RecommendationAttachment) -> Path:
    """Where the bytes of an attachment lie."""
    return current().documents / ATTACHED / attachment.sha256


def _set(actor: Coder, ref: Ref, verb: str, token: str, **values: Any) -> Recommendation:
    require(actor, "register")
    with act(actor, verb, token=token) as done:
        found = the(Recommendation, ref)
        if done.repeated:
            return found
        done.case = found.case_id
        if all(getattr(found, name) == value for name, value in values.items()):
            return found
        return done.change(found, **values, changed=done.sequence)


def _one_of(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise StoreError(f"'{value}' is no {what}; choose from {', '.join(filter(None, known))}.")


def _keep(digest: str, data: bytes) -> None:
    place = current().documents / ATTACHED / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        part = place.with_name(f".{digest}.{secrets.token_hex(8)}.part")  # of one's own: two may send it at once
        part.write_bytes(data)
        part.replace(place)


def _bare(name: str) -> str:
    """The last part of a name, whatever system it comes from, with nothing that prints nothing."""
    last = PureWindowsPath(PurePosixPath(cleaned(name)).name).name
    return "".join(letter for letter in last if letter.isprintable()).strip()[:200] or "attachment"
