"""Releases: what would go out and what the checks say; a release is made; what was released is listed for trainers."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caselore.errors import CaseloreError, NotAllowed
from caselore.release.folder import open_release, write_release
from caselore.store import queries
from caselore.store.actions.releasing import mark_released
from caselore.store.books import codebook
from caselore.store.connect import current
from caselore.store.models import Adjudication, Case, Pass
from caselore.store.permissions import may, require
from caselore.store.visibility import visible_cases
from caselore.workbench.citing import source_of
from caselore.workbench.forms import dressed
from caselore.workbench.forms_release import ReleaseForm
from caselore.workbench.paging import page_of
from caselore.workbench.signed_in import requires


@requires("release")
@require_http_methods(["GET", "POST"])
def release(request: Any) -> HttpResponse:
    """What would go out, the releases that were made, and the form that makes one."""
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _make(request.coder, form.cleaned_data["name"], form.cleaned_data["smallest"])
            return redirect("release")
        except NotAllowed:
            raise
        except CaseloreError as error:
            form.add_error(None, str(error))
    status = 400 if request.method == "POST" else 200
    return _page(request, form, status=status)


def _page(request: Any, form: ReleaseForm, *, status: int = 200, **words: Any) -> HttpResponse:
    made = _made()
    stale = next((each["name"] for each in made[:1] if each["out"]), "")
    told = {"form": dressed(form), "going": _going(), "made": made, "stale": stale}
    return render(request, "workbench/release.html", told | words, status=status)


def _going() -> dict[str, int]:
    """How many cases would go out, and how far they are."""
    person = Pass.objects.filter(case=OuterRef("pk"), machine=False)
    settled = Adjudication.objects.filter(case=OuterRef("pk"), retracted=False)
    cases = Case.objects.annotate(
        read=Exists(person.filter(state="submitted")),
        begun=Exists(person.filter(state="open")),
        settled=Exists(settled),
    )
    counted: dict[str, int] = cases.aggregate(
        all=Count("pk"), read_by=Count("pk", filter=Q(read=True)), only_proposed=Count("pk", filter=Q(read=False)),
        under_way=Count("pk", filter=Q(begun=True)), adjudicated=Count("pk", filter=Q(settled=True)),
        unread=Count("pk", filter=Q(proposing="queued")), never=Count("pk", filter=Q(released="")),
    )  # fmt: skip
    return counted


def _made() -> list[dict[str, Any]]:
    """The releases in the study's folder, the newest first."""
    found = []
    for folder in current().releases.iterdir() if current().releases.is_dir() else ():
        try:
            told = open_release(folder).manifest
        except CaseloreError:
            continue
        found.append(
            {"name": folder.name, "created": str(told["created"])[:16].replace("T", " "), "state": told["state"],
             "order": (told["created"], folder.stat().st_mtime_ns),
             "out": Case.every.filter(released=folder.name, withdrawn=True).count(), **_counts(told)}
        )  # fmt: skip
    return sorted(found, key=lambda each: each["order"], reverse=True)


def _counts(told: Any) -> dict[str, Any]:
    """What a manifest counts, under names that a page can say."""
    counts = told["counts"]
    names = {"n_cases": "cases", "n_documents": "documents", "duplicates": "duplicates left out"}
    found = {name: counts.get(key, 0) for name, key in names.items()}
    return found | {"statuses": counts.get("answers by status", {})}


def _write(out: Path, smallest: int, *, draft: bool) -> Any:
    return write_release(
        out, queries.release_cases(), codebook=codebook(), smallest=smallest, draft=draft,
        persons=queries.persons().values(),
    )  # fmt: skip


def _make(actor: Any, name: str, smallest: int) -> None:
    """Write the release into the study's folder and mark its cases, which opens them to trainers."""
    require(actor, "release")
    cases = queries.all_cases()
    _write(current().releases / name, smallest, draft=False)
    mark_released(actor, name, cases)


@requires("release")
@require_POST
def check(request: Any) -> HttpResponse:
    """Put everything through the checks of a release, and keep nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="caselore-check-"))
    try:
        told = dict(_write(folder / "check", current().smallest, draft=True).manifest)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _page(request, ReleaseForm(), checks=told["checks"], state=told["state"], **_counts(told))


@requires("release")
@require_GET
def download(request: Any, name: str) -> FileResponse:
    """A release as one .zip."""
    known = {each["name"] for each in _made()}
    if name not in known:  # a name is looked up and never joined to a path unseen
        raise Http404
    folder = current().releases / name
    out = tempfile.SpooledTemporaryFile(max_size=20_000_000)  # noqa: SIM115  # the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{name}/{file.relative_to(folder)}")
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.zip")


@require_GET
def released(request: Any) -> HttpResponse:
    """The released cases with their citations: all that a trainer reads."""
    require(request.coder, "read" if may(request.coder, "read") else "read_released")
    rows = visible_cases(request.coder).exclude(released="").select_related("document")
    words = request.GET.get("words", "").strip()[:200]
    rows = rows.defer("document__text", "document__pages", "document__sections")
    if may(request.coder, "read"):
        rows = rows.filter(title__icontains=words) if words else rows
        found: Any = rows.order_by("-year", "title", "pk")
        total = found.count()
    else:
        found = [case for case in map(_masked, rows.order_by("-year", "pk")) if words.lower() in case.title.lower()]
        total = len(found)
    page = page_of(request, total)
    told = {"rows": found[page.offset : page.end], "page": page, "words": words}
    return render(request, "workbench/released_cases.html", told)


def _masked(case: Case) -> Case:
    """The case as it is cited to who reads no names; never saved."""
    source = source_of(case)
    case.title, case.document.publisher = source.title, source.publisher
    return case


released.required_act = "read or read_released"
