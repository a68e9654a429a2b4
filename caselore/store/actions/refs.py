"""An id or a row comes in; the row as it stands now in the database goes out."""

from __future__ import annotations

from typing import Any, TypeVar

from caselore.errors import NotAllowed, StaleView, StoreError
from caselore.store.models import Case, Coder, Kept, Pass
from caselore.store.permissions import require
from caselore.store.prepared import PreparedRows
from caselore.store.visibility import visible_case

Row = TypeVar("Row", bound=Kept)


_BY_ID: dict[tuple[type[Kept], str], PreparedRows[Any]] = {}


def the(model: type[Row], ref: Row | str, related: str = "") -> Row:
    """The row of that id, read anew, with the row that it names as `related`. Raises StoreError where it is gone."""
    asked = _BY_ID.get((model, related))
    if asked is None:
        by_id = PreparedRows(model, lambda key: model._default_manager.filter(pk=key), related=related)
        asked = _BY_ID[(model, related)] = by_id
    rows = asked(key=ref.pk if isinstance(ref, Kept) else str(ref))
    if not rows:
        raise StoreError(f"This {model.KIND} is not there any more; load the page again.")
    found: Row = rows[0]
    return found


def case_of(actor: Coder, ref: Case | str) -> Case:
    """The case, if the actor may see it."""
    return visible_case(actor, ref.pk if isinstance(ref, Case) else ref)


def own_open_pass(actor: Coder, ref: Pass | str) -> Pass:
    """The actor's own pass, open for coding. Raises NotAllowed or StoreError."""
    require(actor, "code")
    found = the(Pass, ref, "case")
    if found.coder_id != actor.pk:
        raise NotAllowed(f"{actor.name} may not code in another coder's pass; open one of your own.")
    if found.case.withdrawn:
        raise StoreError("The document of this case is taken out of the study; it has to be taken back first.")
    if found.state != "open":
        raise StoreError("This pass is submitted; open a second look to decide anew.")
    return found


def check_seen(seen: int | None, now: int, what: str) -> None:
    """Nothing, if what the page showed is how it stands. Raises StaleView."""
    if seen is not None and seen != now:
        raise StaleView(f"{what} was decided since this page was loaded, here or in another tab; look at it again.")
