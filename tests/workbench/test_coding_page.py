"""The coding page: who may open it, what it shows and hides, how documents render, what an act paints anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reviews"
REVIEW = SAMPLE / "lcspr-severby-child-d.md"
HOSTILE = (
    "Serious Case Review: Child <script>alert('t')</script>\n\n"
    "<script>alert(1)</script> The social worker <img src=x onerror=alert(2)> visited &amp; wrote &lt;b&gt;.\n\n"
    "<svg onload=alert(3)><a xlink:href='javascript:alert(4)'>x</a></svg> \"quoted\" 'single' {{ settings.SECRET_KEY }}"
    " {% include 'x' %}\n\n"
    "Mixed \u202eright to left\u202c, \U0001f9d2\U0001f3fd\u200d\U0001f9d2 astral, e\u0301 combining, \ufeffmark, "
    "\u2028line separator, nul \ufffd and zero\u200bwidth.\n\n" + "long" * 6000 + "\n\n"
    "The health visitor was told of <!-- a comment --> bruises ]]> and </span></div></body></html> closed the case.\n"
)


@pytest.fixture
def case_of(owner, tmp_path):
    """Adds a file (or text) and returns its first case."""
    from caselore.store.actions.texts import add_path
    from caselore.store.models import Case

    def added(what: Path | str = REVIEW, name: str = "review.txt"):
        path = what
        if isinstance(what, str):
            path = tmp_path / name
            path.write_text(what, encoding="utf-8")
        (one,) = add_path(owner, path)
        assert one.document is not None, one.problem
        return Case.objects.filter(document=one.document).order_by("start").first()

    return added


@pytest.fixture
def ann(coder):
    return coder("ann", "coder")


def get(client, case, path: str = "", **query: str):
    return client.get(f"/case/{case.pk}/{path}", query)


def do(client, case, verb: str, **fields: object):
    return client.post(f"/case/{case.pk}/do/{verb}/", {name: str(value) for name, value in fields.items()})


def proposal_on(answer) -> dict[str, str]:
    """The first proposal of the page, with the version of its field."""
    tree = HTMLParser(answer.content.decode())
    item = tree.css_first(".item.proposal:not(.step)")
    row = tree.css_first(f"#f-{item.attributes['data-field']}")
    return {
        "coding": item.attributes["data-id"], "field": item.attributes["data-field"],
        "seen": row.attributes["data-version"],
    }  # fmt: skip


READS = ("", "leaf/0/", "find/?q=child")
ACTS = (
    "accept", "reject", "amend", "add", "answer", "withdraw", "undo", "redo", "note", "remove-note", "sequence",
    "confirm", "dismiss",
)  # fmt: skip
POSTS = (*(f"do/{verb}/" for verb in ACTS), "submit/", "again/", "reopen/", "place/")


def test_a_stranger_is_turned_away_at_every_address(case_of, client_of) -> None:
    case, stranger = case_of(), client_of()
    for path in READS:
        assert stranger.get(f"/case/{case.pk}/{path}").headers["Location"].startswith("/sign-in/")
    for path in POSTS:
        assert stranger.post(f"/case/{case.pk}/{path}").headers["Location"].startswith("/sign-in/")
    for address in ("/next/", "/codebook/0123456789abcdef/"):
        assert stranger.get(address).headers["Location"].startswith("/sign-in/")


def test_a_trainer_gets_nothing_and_a_custodian_reads_only(case_of, client_of, coder) -> None:
    case = case_of()
    trainer, custodian = client_of(coder("tess", "trainer")), client_of(coder("cora", "custodian"))
    for path in READS:
        assert trainer.get(f"/case/{case.pk}/{path}").status_code == 403
        assert custodian.get(f"/case/{case.pk}/{path}").status_code == 200
    for path in POSTS:
        assert trainer.post(f"/case/{case.pk}/{path}").status_code == 403
        if path != "place/":
            assert custodian.post(f"/case/{case.pk}/{path}").status_code == 403
    assert 'data-act="accept"' not in get(custodian, case).content.decode()


def test_ids_cannot_be_guessed_or_climbed(case_of, client_of, ann) -> None:
    client = client_of(ann)
    case_of()
    for name in ("0" * 22, "x", "-1", "1a2b3c"):
        assert client.get(f"/case/{name}/").status_code == 403
    assert client.get("/case/..%2f..%2fetc/").status_code == 404


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(case_of, client_of, ann, path: str) -> None:
    assert client_of(ann, strict=True).post(f"/case/{case_of().pk}/{path}").status_code == 403


def test_the_page_shows_text_fields_and_proposals(case_of, client_of, ann) -> None:
    case = case_of()
    tree = HTMLParser(get(client_of(ann), case).content.decode())
    assert len(tree.css(".p")) == case.document.passages.count()
    assert len(tree.css("#rows .item.proposal")) > 10
    assert tree.css("mark.proposed")
    from caselore.store.books import codebook

    assert {row.attributes["data-field"] for row in tree.css(".row")} == set(codebook().fields)


def test_no_part_of_the_page_has_the_id_of_another(case_of, client_of, ann) -> None:
    """Parts are painted anew by their ids: a book of the codebook may be called as a part of the page is."""
    tree = HTMLParser(get(client_of(ann), case_of()).content.decode())
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_hostile_text_is_inert_and_stays_itself(case_of, client_of, ann) -> None:
    case = case_of(HOSTILE)
    client = client_of(ann)
    content = get(client, case).content.decode()
    tree = HTMLParser(content)
    shown = {int(p.attributes["data-start"]): p.text() for p in tree.css(".p")}
    stored = dict(case.document.passages.values_list("start", "text"))
    assert shown == stored
    assert not [node for node in tree.css("script") if "alert" in node.text()]
    assert not tree.css("svg, img, [onload], [onerror], [style]")
    assert "<script>alert" not in content
    assert "SECRET_KEY }}" in content
    for wanted in (get(client, case, "leaf/0/"), do(client, case, "note", words=HOSTILE[:900], token="n1")):
        assert wanted.status_code == 200
        assert "<script>" not in wanted.content.decode()
        assert "<svg" not in wanted.content.decode()


def test_a_long_document_is_sent_in_parts(case_of, client_of, ann) -> None:
    words = "The social worker visited the family at home. The school was told on the next day. "
    case = case_of("Serious Case Review: Child Q\n\n" + "\n\n".join(f"{n}. {words}" for n in range(1500)))
    client = client_of(ann)
    tree = HTMLParser(get(client, case).content.decode())
    total = case.document.passages.count()
    assert total > 3000
    assert len(tree.css(".p")) <= 160
    leaves = tree.css(".leaf")
    seen = [
        int(p.attributes["id"][2:])
        for n in (0, 1, len(leaves) - 1)
        for p in HTMLParser(get(client, case, f"leaf/{n}/").content.decode()).css(".p")
    ]
    assert seen[:80] == list(range(80))
    assert seen[-1] == total - 1
    assert get(client, case, f"leaf/{len(leaves)}/").status_code == 404
    assert "p-2000" in get(client, case, passage="2000").content.decode()


def test_found_words_are_where_it_says(case_of, client_of, ann) -> None:
    case = case_of()
    text = case.document.text
    words = " ".join(case.document.passages.filter(kind="sentence").last().text.split()[:2])
    told = get(client_of(ann), case, "find/", q=words.upper().replace(" ", "   ")).json()
    assert told["hits"]
    for start, end, number in told["hits"]:
        assert " ".join(text[start:end].split()).lower() == words.lower()
        passage = case.document.passages.get(number=number)
        assert passage.start <= start < passage.end
    assert get(client_of(ann), case, "find/", q="").json() == {"hits": [], "more": False}
    assert get(client_of(ann), case, "find/", q="(((").json()["hits"] == []


def test_a_blind_case_hides_proposals_until_the_pass_is_submitted(case_of, client_of, ann) -> None:
    from caselore.store.models import Case, Coding

    case = case_of()
    Case.objects.filter(pk=case.pk).update(blind_first=True)
    client = client_of(ann)
    content = get(client, case).content.decode()
    assert "Blind first" in content
    assert not HTMLParser(content).css(".item.proposal, .item.recommendation, mark")
    hidden = Coding.objects.filter(case=case, reading__machine=True).first()
    assert do(client, case, "accept", coding=hidden.pk, field=hidden.field, token="t1").status_code == 403
    assert do(client, case, "answer", field="ethnicity", state="not_mentioned", token="t2").status_code == 200
    assert client.post(f"/case/{case.pk}/submit/", {"token": "t3"}).status_code == 302
    content = get(client, case).content.decode()
    assert HTMLParser(content).css(".item.proposal")
    assert "This pass is submitted" in content
    assert do(client, case, "answer", field="ethnicity", state="withheld", token="t4").status_code == 422
    assert client.post(f"/case/{case.pk}/reopen/", {"reason": "more"}).status_code == 403
    client.post(f"/case/{case.pk}/again/")
    assert do(client, case, "accept", coding=hidden.pk, field=hidden.field, token="t5").status_code == 200


def test_a_colleagues_open_pass_is_not_to_be_seen_or_touched(case_of, client_of, ann, coder) -> None:
    from caselore.store.models import Coding, Note

    case, bob = case_of(), coder("bob", "coder")
    hers, his = client_of(ann), client_of(bob)
    do(hers, case, "add", field="ethnicity", code="white", reason="A reason of ann alone", token="t1")
    do(hers, case, "note", words="a note of ann alone", token="t2")
    content = get(his, case).content.decode()
    assert "of ann alone" not in content
    own = Coding.objects.get(origin="added")
    assert do(his, case, "withdraw", coding=own.pk, token="t3").status_code == 403
    assert do(his, case, "amend", coding=own.pk, code="white", reason="x", token="t5").status_code == 403
    assert do(his, case, "remove-note", note=Note.objects.get().pk, token="t4").status_code == 403
    assert do(his, case, "undo", token="t6").status_code == 200
    assert Coding.objects.filter(origin="added", retracted=False).count() == 1


def test_an_act_paints_only_what_it_changed(case_of, client_of, ann) -> None:
    case = case_of()
    client = client_of(ann)
    proposal = proposal_on(get(client, case))
    answer = do(client, case, "accept", **proposal, token="t1")
    tree = HTMLParser(answer.content.decode())
    assert [row.attributes["data-field"] for row in tree.css(".row")] == [proposal["field"]]
    assert tree.css("mark.own")
    assert 0 < len(tree.css(".p")) < 12
    assert tree.css_first(f"#i-{proposal['coding']}").attributes["data-decided"] == "accepted"
    answer = do(client, case, "undo", token="t2")
    tree = HTMLParser(answer.content.decode())
    assert tree.css_first(f"#i-{proposal['coding']}").attributes["data-decided"] == ""
    assert not tree.css("mark.own")
    assert do(client, case, "redo", token="t3").status_code == 200
    assert "nothing to redo" in do(client, case, "redo", token="t4").content.decode()


def test_a_resend_does_nothing_and_paints_the_same(case_of, client_of, ann) -> None:
    from caselore.store.models import Coding, Event

    case = case_of()
    client = client_of(ann)
    proposal = proposal_on(get(client, case))
    first = do(client, case, "reject", **proposal, token="same")
    events = Event.objects.count()
    again = do(client, case, "reject", **proposal, token="same")
    assert again.status_code == 200
    assert again.content == first.content
    assert Event.objects.count() == events
    assert Coding.objects.filter(origin="rejected").count() == 1


def test_an_act_of_a_page_of_somebody_else_is_not_written(case_of, client_of, ann, coder) -> None:
    """One browser, two people: signing in changes every tab, and the page of the first keeps what it could not send."""
    from caselore.store.models import Exposure, Pass

    case, ben = case_of(), coder("ben", "coder")
    client = client_of(ben)
    told = {"field": "agencies", "state": "not_mentioned", "token": "t"}
    answer = do(client, case, "answer", **told, coder=ann.pk)
    assert (answer.status_code, answer.headers["X-Caselore"]) == (401, "other")
    assert client.post(f"/case/{case.pk}/place/", {"read": "1,2", "coder": ann.pk}).status_code == 401
    assert not Pass.objects.filter(machine=False).exists()
    assert not Exposure.objects.exists()
    assert do(client, case, "answer", **told, coder=ben.pk).status_code == 200


def test_an_act_on_an_old_page_is_refused_with_the_new_state(case_of, client_of, ann) -> None:
    case = case_of()
    client = client_of(ann)
    proposal = proposal_on(get(client, case))
    do(client, case, "accept", **proposal, token="t1")
    answer = do(client, case, "reject", **proposal, token="t2")
    assert answer.status_code == 409
    tree = HTMLParser(answer.content.decode())
    assert "This is the new state" in tree.css_first("#said-change").text()
    assert tree.css_first(f"#i-{proposal['coding']}").attributes["data-decided"] == "accepted"


def test_selected_words_have_to_be_those_of_the_document(case_of, client_of, ann) -> None:
    from caselore.store.models import CodingEvidence

    case = case_of()
    client = client_of(ann)
    text = case.document.text
    good = {"start": 40, "end": 80, "quote": text[40:80]}
    wide = {"start": 100, "end": 400}
    told = {"field": "learning_themes", "code": "voice_of_the_child"}
    assert do(client, case, "add", **told, spans=json.dumps([good | {"quote": "other words"}])).status_code == 422
    assert do(client, case, "add", **told, spans="[[1]").status_code == 422
    assert do(client, case, "add", **told, spans='{"start":1}').status_code == 422
    assert do(client, case, "add", **told).status_code == 422
    assert do(client, case, "add", **told, spans=json.dumps([good, wide]), token="t1").status_code == 200
    kept = CodingEvidence.objects.filter(coding__origin="added")
    assert [(each.start, each.quote) for each in kept] == [(40, text[40:80]), (100, text[100:400])]


def test_a_selection_that_is_too_long_says_so(case_of, client_of, ann) -> None:
    case = case_of("# A review\n\n" + "The mother was alone with the child. " * 700)
    span = {"start": 20, "end": 20 + 20_001, "quote": ""}
    refused = do(client_of(ann), case, "add", field="agencies", code="police", token="t", spans=json.dumps([span]))
    assert refused.status_code == 422
    assert "20,001 characters are more than the 20,000 of one piece" in refused.content.decode()


def test_a_pass_is_reopened_once_however_often_it_is_asked(case_of, client_of, ann) -> None:
    from caselore.store.models import Event

    case, client = case_of(), client_of(ann)
    do(client, case, "answer", field="agencies", state="not_mentioned", token="t")
    client.post(f"/case/{case.pk}/submit/", {"token": "s"})
    for _ in range(2):
        assert client.post(f"/case/{case.pk}/reopen/", {"reason": "A slip."}).status_code == 302
    assert Event.objects.filter(verb="reopen").count() == 1


def test_the_sequence_is_taken_ordered_changed_and_shortened(case_of, client_of, ann) -> None:
    case = case_of()
    client = client_of(ann)

    def now() -> list[dict[str, str | None]]:
        return [step.attributes for step in HTMLParser(get(client, case).content.decode()).css(".step.own")]

    def change(at: int | None = None, **fields: object) -> list[str | None]:
        tree = HTMLParser(get(client, case).content.decode())
        seen = tree.css_first("#f-decision_type").attributes["data-version"]
        step = {} if at is None else {"step": now()[at]["data-id"]}
        answer = do(client, case, "sequence", seen=seen, token=f"{seen}{fields}"[:60], **fields, **step)
        assert answer.status_code == 200, answer.content
        return [step["data-code"] for step in now()]

    proposed = HTMLParser(get(client, case).content.decode()).css(".step.proposal")
    first, second = (step.attributes["data-code"] for step in proposed[:2])
    assert change(change="take", step=proposed[0].attributes["data-id"]) == [first]
    assert change(change="take", step=proposed[1].attributes["data-id"]) == [first, second]
    assert change(1, change="up") == [second, first]
    assert change(change="add", code="inspection", agency="police", reason="Told in a table.") == [
        second, first, "inspection",
    ]  # fmt: skip
    assert change(2, change="set", agency="cps") == [second, first, "inspection"]
    assert change(0, change="remove") == [first, "inspection"]
    answer = do(client, case, "sequence", change="up", step="elsewhere", token="far")
    assert answer.status_code == 409
    assert "step own" in answer.content.decode()


def test_a_change_of_the_sequence_that_comes_twice_is_made_once(case_of, client_of, ann) -> None:
    """Keys pressed twice while the server is slow: the page names what it showed when they were pressed."""
    from caselore.store.models import Event

    case = case_of()
    client = client_of(ann)

    def own() -> list[dict[str, str | None]]:
        return [step.attributes for step in HTMLParser(get(client, case).content.decode()).css(".step.own")]

    page = HTMLParser(get(client, case).content.decode())
    proposed = [step.attributes["data-id"] for step in page.css(".step.proposal")][:2]
    do(client, case, "sequence", change="add", code="inspection", reason="Told in a table.", token="one more")
    for n, step in enumerate([*proposed, *proposed]):
        assert do(client, case, "sequence", change="take", step=step, token=f"take {n}").status_code == 200
    first, second, third = own()
    for n in range(2):
        do(client, case, "sequence", change="up", step=third["data-id"], token=f"up {n}")
    assert [step["data-id"] for step in own()] == [third["data-id"], first["data-id"], second["data-id"]]
    for n in range(2):
        answer = do(client, case, "sequence", change="remove", step=first["data-id"], token=f"remove {n}")
        assert answer.status_code == 200
    assert [step["data-id"] for step in own()] == [third["data-id"], second["data-id"]]
    assert do(client, case, "sequence", change="remove", step=first["data-id"], token="remove 0").status_code == 200
    assert Event.objects.filter(verb="sequence").count() == 3 + 2 + 1
    for _ in range(3):
        do(client, case, "undo")
    assert [step["data-id"] for step in own()] == [first["data-id"], second["data-id"], third["data-id"]]


def test_recommendations_are_confirmed_and_dismissed(case_of, client_of, ann) -> None:
    from caselore.store.models import Recommendation

    case = case_of()
    client = client_of(ann)
    first, second = list(Recommendation.objects.filter(case=case).order_by("order"))[:2]
    answer = do(client, case, "confirm", recommendation=first.pk, token="t1")
    assert "✓ confirmed" in answer.content.decode()
    answer = do(client, case, "dismiss", recommendation=second.pk, token="t2")
    assert second.pk not in answer.content.decode().replace(f'data-touched="{second.pk}', "")
    assert second.pk in do(client, case, "undo", token="t3").content.decode()


def test_place_and_exposure_are_the_coders_own(case_of, client_of, ann, coder) -> None:
    case = case_of()
    client, his = client_of(ann), client_of(coder("bob", "coder"))
    told = {"passage": 7, "scroll": "12.5", "item": "h-ethnicity", "read": "1,2,3", "graphic": "2,3", "seconds": 99999}
    counted = {"passages": 3, "graphic": 2, "seconds": 600}
    assert client.post(f"/case/{case.pk}/place/", told).json() == counted
    again = client.post(f"/case/{case.pk}/place/", {"read": "3,2,1", "graphic": "3"})  # the page is loaded again
    assert again.json() == counted
    assert client.post(f"/case/{case.pk}/place/", {"read": "1,x"}).status_code == 400
    page = get(client, case).content.decode()
    assert 'data-passage="7"' in page
    assert 'data-scroll="12.50"' in page
    assert 'data-item="h-ethnicity"' in page
    assert '<span id="today-graphic">2</span>' in page
    assert 'data-seconds="600"' in page
    assert '<span id="today-graphic">0</span>' in get(his, case).content.decode()
    for bad in ({"passage": "x"}, {"passage": 1, "seconds": "-5"}, {"passage": "9" * 30}):
        assert client.post(f"/case/{case.pk}/place/", bad).status_code == 400
    assert client.post(f"/case/{case.pk}/place/", {"passage": 1, "scroll": "nan"}).status_code == 204


def test_next_leads_through_the_cases_and_home_at_the_end(case_of, client_of, ann) -> None:
    client = client_of(ann)
    assert client.get("/next/").headers["Location"] == "/"
    case = case_of()
    assert client.get("/next/").headers["Location"] == f"/case/{case.pk}/"
    assert client.get(f"/next/?after={case.pk}").headers["Location"] == "/"


def test_definitions_are_fetched_once_and_kept(client_of, ann) -> None:
    from caselore.store.books import codebook

    answer = client_of(ann).get(f"/codebook/{codebook().sha256[:16]}/")
    assert "immutable" in answer.headers["Cache-Control"]
    told = {field["id"]: field for field in answer.json()["fields"]}
    assert told["outcome"]["codes"][0]["definition"]
    assert "immutable" not in client_of(ann).get("/codebook/another/").headers["Cache-Control"]


def test_graphic_passages_have_a_note_that_says_of_what(case_of, client_of, ann) -> None:
    case = case_of(
        "Serious Case Review: Child R\n\nThe school was kind to R.\n\n"
        "The post-mortem found bruises and a fracture.\n\nR liked to draw.\n"
    )
    tree = HTMLParser(get(client_of(ann), case).content.decode())
    (note,) = tree.css(".note")
    assert "injuries" in note.text()
    assert "a body" in note.text()
    assert [p.text() for p in tree.css(".p.graphic")] == ["The post-mortem found bruises and a fracture."]


def test_signs_are_quiet_in_markdown_only_and_offsets_stay(case_of, client_of, ann) -> None:
    from caselore.store.models import Document

    words = "# Review\n\nThe **mother of the child** was *never* asked.\n"
    shown = {}
    for name in ("review.md", "review.txt"):
        case = case_of(f"{words}{name}\n", name=name)
        tree = HTMLParser(get(client_of(ann), case).content.decode())
        spans = tree.css("#text .p")
        shown[name] = [each.text() for each in tree.css(".md-sign")]
        text = Document.objects.get(pk=case.document_id).text
        for span in spans:
            start = int(span.attributes["data-start"])
            assert text[start : start + len(span.text())] == span.text()
    assert shown == {"review.md": ["#", "**", "**", "*", "*"], "review.txt": []}
