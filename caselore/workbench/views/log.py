"""The log: events as people read them, filtered; whether the chain is proved; the whole log as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from caselore.store import queries
from caselore.store.actions.act import canonical
from caselore.store.models import Case, Coder, Event, Head
from caselore.store.permissions import require
from caselore.store.proof import Proof, as_line, prove
from caselore.workbench.signed_in import requires
from caselore.workbench.wording import VERBS

ROWS = 50
GONE = "a case taken out of the study"
_proved: list[tuple[Proof, datetime]] = []
"""The last proof of this process, with its time."""


@requires("log")
@require_GET
def log(request: Any) -> HttpResponse:
    """Events, the newest first; `before` goes further back."""
    who, verb = request.GET.get("who", "")[:24], request.GET.get("verb", "")[:40]
    case, before = request.GET.get("case", "")[:24], request.GET.get("before", "")
    beyond = int(before) if before.isdecimal() and len(before) < 12 else None
    found = queries.events(request.coder, case=case, coder=who, verb=verb, before=beyond, limit=ROWS + 1)
    rows, more = found[:ROWS], len(found) > ROWS
    titles = dict(Case.objects.filter(pk__in={each.case for each in rows}).values_list("pk", "title"))
    # a case of a document that was taken out stands in the log, and its title does not
    shown = [(each, VERBS.get(each.verb, each.verb.replace("_", " ")), titles.get(each.case, GONE)) for each in rows]
    told = {name: value for name, value in (("who", who), ("verb", verb), ("case", case)) if value}
    head = Head.objects.filter(pk=1).first()
    proof, at = _proved[-1] if _proved else (None, None)
    return render(
        request, "workbench/log.html",
        {
            "rows": shown, "newer": bool(beyond),
            "older": f"?{urlencode(told | {'before': rows[-1].sequence})}" if more else "",
            "who": who, "verb": verb, "case": case, "case_title": titles.get(case, ""), "head": head, "proof": proof,
            "at": at, "since": head.sequence - proof.events if head and proof else 0, "narrowed": bool(told),
            "people": Coder.objects.order_by("machine", "name"), "query": urlencode(told),
            "verbs": sorted(((verb, VERBS.get(verb, verb)) for verb in
                             Event.objects.order_by().values_list("verb", flat=True).distinct()), key=lambda v: v[1]),
        },
    )  # fmt: skip


@requires("log")
@require_POST
def proved(request: Any) -> HttpResponse:
    """Prove the chain, the rows and the evidence now; a large study takes a while."""
    _proved[:] = [(prove(), datetime.now(UTC))]
    return redirect("log")


@requires("log")
@require_GET
def export(request: Any) -> StreamingHttpResponse:
    """The whole log, an event a line; it holds words of the documents, so who takes it has to be one who may read."""
    require(request.coder, "read")
    response = StreamingHttpResponse(_lines(), content_type="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="log.jsonl"'
    return response


def _lines() -> Iterator[str]:
    for event in Event.objects.order_by("sequence").iterator(chunk_size=500):
        yield canonical(as_line(event)) + "\n"
