"""Codes, states and verbs come in; the words that pages show for them go out."""

from __future__ import annotations

from collections.abc import Mapping

from caselore.store.books import codebook
from caselore.workbench.rows import label_of

LAYER_NAMES: Mapping[str, str] = {
    "front_sheet": "front sheet",
    "structured_summary": "structured summary",
    "full_coding": "full coding",
}
STATES: Mapping[str, str] = {"new": "not begun", "open": "begun", "submitted": "submitted"}
ORDERS: Mapping[str, str] = {
    "assigned": "given to me first",
    "doubt": "most in doubt first",
    "title": "title",
    "year": "year, the newest first",
    "added": "as added",
}
PROPOSING: Mapping[str, str] = {"queued": "waits", "done": "done", "failed": "failed"}
STRATA_NAMES: Mapping[str, str] = {"year": "year", "source_type": "kind of review", "layer": "layer"}


def field_label(field: str) -> str:
    """A field's name in the codebook; its id where the codebook has lost it."""
    known = codebook().fields.get(field)
    return known.label if known else field


def code_label(field: str, code: str, answer: str = "present") -> str:
    """A code or an answer state of a field in the codebook's words."""
    known = codebook().fields.get(field)
    return label_of(known, code, answer) if known else code or answer


def source_label(code: str) -> str:
    """The kind of a review."""
    return code_label("source_type", code)


def source_types() -> list[tuple[str, str]]:
    """Every kind of review as (code, name)."""
    known = codebook().fields.get("source_type")
    return [(code.id, code.label) for code in known.codes.values()] if known else []


def value_label(column: str, value: object) -> str:
    """A value of a column by which cases are drawn."""
    if value in (None, "", "None"):
        return "not stated"
    if column == "source_type":
        return source_label(str(value))
    return LAYER_NAMES.get(str(value), str(value)) if column == "layer" else str(value)


VERBS: Mapping[str, str] = {
    "accept": "accepted a proposal",
    "reject": "rejected a proposal",
    "amend": "amended a code",
    "add": "added a code",
    "withdraw": "withdrew a code",
    "answer": "answered a field as a whole",
    "open": "began a pass",
    "submit": "submitted a pass",
    "reopen": "reopened a pass",
    "sequence": "set the sequence of decisions",
    "note": "wrote a note",
    "remove_note": "removed a note",
    "undo": "undid an act",
    "redo": "did an act again",
    "adjudicate": "settled a field",
    "settle_sequence": "settled the sequence of decisions",
    "unsettle": "took a settlement back",
    "assign": "gave a case",
    "unassign": "took a case back",
    "plan": "planned double coding",
    "set_layer": "set a layer",
    "subsample": "picked a sub-sample",
    "confirm": "confirmed a recommendation",
    "dismiss": "dismissed a recommendation",
    "respond": "recorded a response",
    "set_owner": "set an owner",
    "set_due": "set a due date",
    "set_progress": "set progress",
    "set_impact": "recorded impact",
    "attach": "attached a file",
    "detach": "took an attachment away",
    "save_search": "kept a search",
    "drop_search": "dropped a search",
    "make_coder": "made a person",
    "set_roles": "changed roles",
    "set_active": "let a person go or took him back",
    "link_user": "joined a person to an account",
    "reset_password": "gave a person a new password",
    "part_organisation": "parted a person from the organisation's account",
    "add_document": "added a document",
    "withdraw_document": "took a document out of the study",
    "return_document": "took a document back into the study",
    "propose": "kept proposals",
    "propose_failed": "noted that proposers failed",
    "requeue": "put a case to the proposers again",
    "release": "made a release",
}
"""Verb of an event -> what somebody did."""
