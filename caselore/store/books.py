"""The codebook of the open study, and what its fields admit."""

from __future__ import annotations

from functools import lru_cache

from caselore.codebook.codebook import Codebook, Field, load
from caselore.errors import StoreError
from caselore.store.connect import current

ONE_VALUE = frozenset({"choice", "number", "text"})
"""Kinds of field that hold one value; a scale holds one a category."""

DECISIONS = "decision_type"
"""The field that steps of a sequence answer."""


@lru_cache(maxsize=4)
def _of(books: tuple[str, ...]) -> Codebook:
    return load(*books)


def codebook() -> Codebook:
    """All shipped books and the study's own, merged; read once a process."""
    return _of(current().books)


def field_of(name: str) -> Field:
    """The field of that id. Raises StoreError."""
    found = codebook().fields.get(name)
    if found is None:
        raise StoreError(f"There is no field '{name}' in the study's codebooks; choose one of them.")
    return found


def check_code(field: Field, code: str) -> None:
    """Nothing, if the field can hold the code. Raises StoreError."""
    if not code or not field.accepts(code):
        raise StoreError(f"{field.label} has no code '{code}'; choose one of its codes or amend the codebook.")


def check_state(field: Field, state: str) -> None:
    """Nothing, if the field can be answered so. Raises StoreError."""
    if state == "present" or state not in field.answers:
        known = ", ".join(answer for answer in field.answers if answer != "present")
        raise StoreError(f"{field.label} cannot be answered '{state}'; choose from {known}.")


def displaced(field: Field, code: str, held: str) -> bool:
    """Whether taking `code` means that `held` no longer holds."""
    if field.kind == "scale":
        return code.partition(".")[0] == held.partition(".")[0]
    return field.kind in ONE_VALUE
