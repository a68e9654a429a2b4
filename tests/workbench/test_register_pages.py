"""The recommendation register: who keeps it, what became of each entry, its files, and what it lets nobody do."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date

import pytest
import released_library as library


@pytest.fixture
def shelf(owner, tmp_path):
    return library.made(owner, tmp_path)


@pytest.fixture
def entry(shelf):
    from caselore.store.models import Recommendation

    return Recommendation.objects.filter(case=shelf.released, retracted=False).order_by("start").first()


def told(entry, **changes: object) -> dict[str, object]:
    row = type(entry).objects.get(pk=entry.pk)
    return {
        "response": "",
        "words": "",
        "owner": "",
        "due": "",
        "progress": "open",
        "impact": "",
        "seen": row.changed,
    } | changes


ADDRESSES = ("/register/", "/register/register.csv", "/register/{}/", "/register/{}/before/")
ACTS = ("/register/{}/confirm/", "/register/{}/dismiss/", "/register/{}/attach/")


def test_strangers_and_trainers_are_turned_away_everywhere(client_of, coder, entry) -> None:
    stranger, trainer, admin = (
        client_of(),
        client_of(coder("tess", "trainer")),
        client_of(coder("adam", "administrator")),
    )
    for address in ADDRESSES:
        assert stranger.get(address.format(entry.pk)).status_code == 302
        assert trainer.get(address.format(entry.pk)).status_code == 403
        assert admin.get(address.format(entry.pk)).status_code == 403
    for address in ACTS:
        assert stranger.post(address.format(entry.pk)).headers["Location"].startswith("/sign-in/")
        assert trainer.post(address.format(entry.pk)).status_code == 403
    assert type(entry).objects.get(pk=entry.pk).status == "proposed"


def test_the_life_of_an_entry(client_of, owner, entry) -> None:
    from caselore.store.models import Event

    client, address = client_of(owner), f"/register/{entry.pk}/"
    assert client.post(f"{address}confirm/").headers["Location"] == address
    page = client.get(address).content.decode()
    assert "confirmed by a person" in page
    assert f"/case/{entry.case_id}/?passage=" in page
    known = told(
        entry, response="accepted", words="Yes.", owner="Head of service", due="2020-01-31", impact="Audit of 2021"
    )
    assert client.post(address, known).status_code == 302
    row = type(entry).objects.get(pk=entry.pk)
    assert (row.response, row.owner, str(row.due), row.impact) == (
        "accepted",
        "Head of service",
        "2020-01-31",
        "Audit of 2021",
    )
    before = Event.objects.count()
    assert client.post(address, told(entry, **{**known, "seen": row.changed})).status_code == 302
    assert Event.objects.count() == before
    late = client.get("/register/?overdue=on").content.decode()
    assert 'class="late">overdue' in late
    assert late.count('class="hit"') == 1
    stale = client.post(address, known | {"owner": "Another"})
    assert stale.status_code == 409
    assert type(entry).objects.get(pk=entry.pk).owner == "Head of service"
    assert client.post(address, told(entry, progress="done")).status_code == 302
    assert 'class="hit"' not in client.get("/register/?overdue=on").content.decode()


def test_mistakes_stand_beside_their_fields(client_of, owner, entry) -> None:
    client, address = client_of(owner), f"/register/{entry.pk}/"
    answer = client.post(address, told(entry, due="soon", progress="sleeping"))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'id="due-error"' in page
    assert 'id="progress-error"' in page
    assert 'aria-describedby="due-error"' in page
    assert client.get("/register/?year=x").status_code == 400
    short = client.post(address, told(entry, due="0026-05-04"))
    assert (short.status_code, "Its year is 26;" in short.content.decode()) == (400, True)
    assert client.post(address, told(entry, due="04/05/2026")).status_code == 302
    assert type(entry).objects.get(pk=entry.pk).due == date(2026, 5, 4)


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\n", "\t", "\u00a0", "\u200b", "\ufeff "])
def test_no_cell_is_run_by_a_spreadsheet(study, sign: str, before: str) -> None:
    from caselore.workbench.registering import plain

    assert plain(f"{before}{sign}1+1").startswith("'")
    assert plain(f"1{sign}1") == f"1{sign}1"
    assert plain("'quoted'") == "'quoted'"


def test_proposals_are_confirmed_and_dismissed_by_row(client_of, owner, entry) -> None:
    client, ask = client_of(owner), {"HTTP_HX_REQUEST": "true"}
    row = client.post(f"/register/{entry.pk}/dismiss/", **ask).content.decode()
    assert "dismissed" in row
    assert row.lstrip().startswith("<tr")
    listed = client.get("/register/").content.decode()
    counts = re.search(r'<p class="quiet" id="register-counts">(.*?)</p>', listed, re.DOTALL)
    assert counts
    assert counts[1] in row.replace(' hx-swap-oob="true"', "")
    assert client.get(f"/register/{entry.pk}/").status_code == 403
    again = client.post(f"/register/{entry.pk}/confirm/", **ask).content.decode()
    assert "confirmed" in again
    assert client.post(f"/register/{entry.pk}/explode/").status_code == 404
    for missing in ("0123456789abcdef012345", "nobody"):
        assert client.get(f"/register/{missing}/").status_code == 403
        assert client.post(f"/register/{missing}/confirm/").status_code == 403


def test_filters_and_the_csv_hold_the_same_rows(client_of, owner, entry) -> None:
    from caselore.store.actions import register

    register.set_owner(owner, entry, "=cmd|' /C calc'!A0")
    client = client_of(owner)
    answer = client.get("/register/register.csv?owner=cmd")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["owner"].startswith("'=cmd")
    assert rows[0]["recommendation"] == " ".join(entry.quote.split())
    assert client.get("/register/?words=fathers").content.decode().count('class="hit"') == 2
    assert client.get("/register/?status=validated").content.decode().count('class="hit"') == 0
    assert "Take the filters off" in client.get("/register/?words=helicopter").content.decode()


def test_made_before_tells_the_other_review(client_of, owner, shelf, entry) -> None:
    page = client_of(owner).get(f"/register/{entry.pk}/before/").content.decode()
    assert "made twice in 2017" in page
    assert shelf.kept.pk in page


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name in names:
            out.writestr(name, "x")
    return held.getvalue()


REFUSED = {
    "page.html": b"<script>alert(1)</script>",
    "plan.pdf": b"<script>alert(1)</script>",
    "plan.docx": packed("word/document.xml", "word/vbaProject.bin"),
    "plan.xlsx": packed("word/document.xml"),
    "plan.txt": b"\x00\x01",
    "plan.csv": b"\xff\xfe\x00",
    "plan": b"text",
    "plan.zip": packed("a"),
    "many.docx": packed("word/document.xml", *(f"{n}" for n in range(2100))),
    "empty.pdf": b"",
    "large.pdf": b"%PDF-" + b"x" * 10_000_001,
}


def test_wrong_files_are_refused_beside_the_field(client_of, owner, entry) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from caselore.store.models import RecommendationAttachment

    client = client_of(owner)
    for name, data in REFUSED.items():
        answer = client.post(f"/register/{entry.pk}/attach/", {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 400, name
        assert 'id="file-error"' in answer.content.decode(), name
    assert client.post(f"/register/{entry.pk}/attach/", {}).status_code == 400
    assert not RecommendationAttachment.objects.exists()


def test_a_file_is_only_ever_saved_and_only_by_who_may(client_of, owner, coder, entry, study) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from caselore.store.models import RecommendationAttachment

    client = client_of(owner)
    name = "../../<img src=x onerror=alert(1)>.pdf"
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 fictional")
    file.__dict__["_name"] = name
    assert client.post(f"/register/{entry.pk}/attach/", {"file": file}).status_code == 302
    kept = RecommendationAttachment.objects.get()
    page = client.get(f"/register/{entry.pk}/").content.decode()
    assert "<img src=x" not in page
    address = f"/register/file/{kept.pk}/"
    answer = client.get(address)
    assert answer.content == b"%PDF-1.7 fictional"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert sorted(path.name for path in (study.documents / "attached").iterdir()) == [kept.sha256]
    assert client_of().get(address).status_code == 302
    assert client_of(coder("tess", "trainer")).get(address).status_code == 403
    assert client.get("/register/file/0123456789abcdef012345/").status_code == 403
    assert client_of(owner, strict=True).post(f"{address}take-off/").status_code == 403
    assert client.post(f"{address}take-off/").status_code == 302
    assert client.get(address).status_code == 403


def test_blind_coders_do_not_see_proposed_recommendations(client_of, owner, coder, shelf, entry) -> None:
    from caselore.store.actions.planning import assign

    ann = coder("ann", "coder")
    client = client_of(ann)
    assert client.get(f"/register/{entry.pk}/").status_code == 200
    assign(owner, shelf.released, ann, blind_first=True)
    assert client.get(f"/register/{entry.pk}/").status_code == 403
    assert client.post(f"/register/{entry.pk}/confirm/").status_code == 403
