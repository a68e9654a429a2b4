"""A release was made: its cases are marked, which is what trainers may read."""

from __future__ import annotations

from collections.abc import Iterable

from caselore.store.actions.act import act
from caselore.store.models import Case, Coder
from caselore.store.permissions import require


def mark_released(actor: Coder, name: str, cases: Iterable[str], *, token: str = "") -> int:
    """Mark the cases as held by the release of that name; how many there are."""
    require(actor, "release")
    with act(actor, "release", token=token) as done:
        done.says = {"release": name}
        count = 0
        for case in Case.objects.filter(pk__in=list(cases)):
            if not done.repeated:
                done.change(case, released=name[:80])
                done.tell(case)  # a release of the same name tells what is settled by now
            count += 1
    return count
