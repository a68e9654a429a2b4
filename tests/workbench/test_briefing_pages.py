"""Cited briefings: who may gather what, what leaves, and what is held back at the gate."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
import released_library as library
from docx import Document

NAMES = ("Zebedee", "Quillona", "Netherby")


@pytest.fixture
def shelf(owner, tmp_path):
    return library.made(owner, tmp_path)


@pytest.fixture
def trainer(coder):
    return coder("tess", "trainer")


def gathered(client, shelf, *words: str) -> str:
    """The address of a briefing with the passages that hold these words."""
    for each in words:
        told = {"case": shelf.released.pk, "passage": library.passage(shelf.released, each)}
        assert client.post("/briefing/add/", told).status_code == 302
    found = re.search(r'href="(/briefing/[0-9a-f]+/)"', client.get("/briefing/").content.decode())
    assert found
    return found[1]


def titled(client, address: str, title: str = "Visits to babies", remarks: str = "Talk over the second visit.") -> None:
    assert client.post(address, {"title": title, "remarks": remarks}).status_code == 302


def test_a_trainer_leaves_with_a_cited_briefing(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance", "Zebedee died")
    titled(client, address)
    client.post(
        f"{address}remark/",
        {
            "case": shelf.released.pk,
            "passage": library.passage(shelf.released, "Zebedee died"),
            "remark": "Ask who saw the child.",
        },
    )
    client.post(
        f"{address}up/", {"case": shelf.released.pk, "passage": library.passage(shelf.released, "Zebedee died")}
    )
    answer = client.post(f"{address}leave/", {"kind": "docx", "checked": "on"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="visits-to-babies.docx"'
    told = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs)
    html = client.post(f"{address}leave/", {"kind": "html", "checked": "on"})
    assert html.headers["Content-Disposition"].startswith("attachment")
    for text in (told, html.content.decode()):
        assert "Disguised compliance was not recognised" in text
        assert "[name] died aged 5 months on [day] March 2015." in text
        assert "Safeguarding Children Board" in text
        assert "Open Government Licence v3.0" in text
        assert "https://example.org/review.pdf" in text
        assert "2017" in text
        assert text.index("[name] died") < text.index("Disguised")
        assert "Ask who saw the child." in text
        assert "Before this is used" in text
        for name in (*NAMES, "Overwick"):
            assert name not in text


def test_a_quotation_goes_on_sentence_by_sentence_up_to_a_heading(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance")
    item = {"case": shelf.released.pk, "passage": library.passage(shelf.released, "Disguised compliance")}
    assert "did not share information" not in client.get(address).content.decode()
    for _ in range(4):
        client.post(f"{address}longer/", item)
    page = client.get(address).content.decode()
    assert "Professionals did not share information" in page
    assert "The Board should ensure" not in page
    client.post(f"{address}out/", item)
    assert "Disguised" not in client.get(address).content.decode()


def test_what_was_typed_beside_a_passage_is_kept_whatever_is_pressed(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance", "Zebedee died")
    item = {"case": shelf.released.pk, "passage": library.passage(shelf.released, "Disguised compliance")}
    for verb in ("longer", "shorter", "down", "up"):
        client.post(f"{address}{verb}/", {**item, "remark": f"Typed before {verb}."})
        assert f"Typed before {verb}." in client.get(address).content.decode()
        client.post(f"{address}{verb}/", item)
        assert f"Typed before {verb}." in client.get(address).content.decode()


def test_a_briefing_leaves_as_a_tagged_pdf_that_runs_nothing(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance", "Zebedee died")
    told = {"case": shelf.released.pk, "passage": library.passage(shelf.released, "Zebedee died")}
    odd = '#read("sheet.json") *a* $1$ \\ = b'
    client.post(f"{address}remark/", {**told, "remark": odd})
    for remarks, tagged in (("Who saw the child?", True), ("\U0010fffd has no letter", False)):
        titled(client, address, title="Visits #to babies", remarks=remarks)
        answer = client.post(f"{address}leave/", {"kind": "pdf", "checked": "on"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="visits-to-babies.pdf"'
        pdf = pypdfium2.PdfDocument(answer.content)
        text = " ".join("".join(page.get_textpage().get_text_bounded() for page in pdf).split())
        assert pdf.get_metadata_value("Title") == "Visits #to babies"
        assert pypdfium2.raw.FPDFCatalog_IsTagged(pdf) or not tagged
        for words in ("[name] died aged 5 months on [day] March 2015.", odd, "Safeguarding Children Board", "2017"):
            assert words in text
        assert not [name for name in (*NAMES, "Overwick") if name in text]


def test_a_word_file_says_nothing_of_its_template(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance")
    titled(client, address)
    answer = client.post(f"{address}leave/", {"kind": "docx", "checked": "on"})
    about = Document(io.BytesIO(answer.content)).core_properties
    assert (about.author, about.comments, about.last_modified_by) == ("Caselore", "", "")
    assert abs(datetime.now(UTC) - about.created.replace(tzinfo=UTC)) < timedelta(hours=1)


def test_nothing_leaves_unread_untitled_or_with_a_name(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    address = gathered(client, shelf, "Disguised compliance")
    assert client.post(f"{address}leave/", {"kind": "docx", "checked": "on"}).status_code == 400
    assert client.post(address, {"title": ""}).status_code == 400
    titled(client, address)
    unread = client.post(f"{address}leave/", {"kind": "docx"})
    assert unread.status_code == 400
    assert 'id="checked-error"' in unread.content.decode()
    titled(client, address, remarks="What zebedee went through.")
    named = client.post(f"{address}leave/", {"kind": "html", "checked": "on"})
    assert named.status_code == 400
    assert 'id="remarks-error"' in named.content.decode()
    titled(client, address, remarks="What the Hobblethwaite family went through.")
    assert "may be names: Hobblethwaite" in client.get(address).content.decode()
    assert client.post(f"{address}leave/", {"kind": "exe", "checked": "on"}).status_code == 400


def test_only_what_is_released_leaves(client_of, owner, trainer, shelf) -> None:
    passage = library.passage(shelf.kept, "Disguised compliance")
    hidden = {"case": shelf.kept.pk, "passage": passage}
    assert client_of(trainer).post("/briefing/add/", hidden).status_code == 403
    client = client_of(owner)
    assert client.post("/briefing/add/", hidden).status_code == 302
    address = gathered(client, shelf, "Zebedee died")
    titled(client, address)
    assert "1 of the passages is in no release" in client.get(address).content.decode()
    text = client.post(f"{address}leave/", {"kind": "html", "checked": "on"}).content.decode()
    assert "[name] died" in text
    assert "Disguised" not in text


def test_a_briefing_is_its_makers_alone(client_of, owner, trainer, coder, shelf) -> None:
    from caselore.workbench.models import Briefing

    mine = gathered(client_of(trainer), shelf, "Disguised compliance")
    item = {"case": shelf.released.pk, "passage": library.passage(shelf.released, "Disguised compliance")}
    for person in (owner, coder("tom", "trainer")):
        client = client_of(person)
        assert client.get(mine).status_code == client.get("/briefing/0123456789abcdef012345/").status_code == 403
        for verb in ("leave", "drop", "up", "out", "remark"):
            assert client.post(f"{mine}{verb}/", {**item, "checked": "on", "kind": "html"}).status_code == 403
    assert client_of().get(mine).status_code == 302
    assert client_of(coder("adam", "administrator")).get("/briefing/").status_code == 403
    strict = client_of(trainer, strict=True)
    assert strict.post(f"{mine}drop/").status_code == 403
    assert Briefing.objects.count() == 1
    assert client_of(trainer).post(f"{mine}drop/").status_code == 302
    assert not Briefing.objects.exists()


def test_odd_passages_and_hostile_words_do_no_harm(client_of, trainer, shelf) -> None:
    client = client_of(trainer)
    for passage in ("-1", "x", "99999999999", "8000"):
        assert client.post("/briefing/add/", {"case": shelf.released.pk, "passage": passage}).status_code == 400
    elsewhere = client.post(
        "/briefing/add/", {"case": shelf.released.pk, "back": "https://elsewhere.example/"}
    ).headers["Location"]
    assert elsewhere.startswith("/briefing/")
    address = gathered(client, shelf, "Disguised compliance")
    titled(client, address, title="<script>alert(1)</script>\x07", remarks="<svg onload=alert(1)>")
    for text in (
        client.get(address).content.decode(),
        client.post(f"{address}leave/", {"kind": "html", "checked": "on"}).content.decode(),
    ):
        assert "<script>alert" not in text
        assert "<svg" not in text
    word = client.post(f"{address}leave/", {"kind": "docx", "checked": "on"})
    assert Document(io.BytesIO(word.content)).paragraphs


def test_long_quotations_of_closed_licences_are_cut(study) -> None:
    from caselore.workbench.quoting import allowed, cut, is_open, rules, told_of

    words = " ".join(f"w{n}" for n in range(500))
    assert is_open("Open Government Licence v3.0")
    assert not is_open("© the Board, all rights reserved")
    assert len(cut(words, allowed("all rights reserved")).split()) == rules().words_other + 1
    assert cut(words, 60).endswith(" […]")
    assert cut("short", 60) == "short"
    assert "not for sale" in told_of("CC BY-NC 4.0")
    assert told_of("").startswith("Licence not stated")


SENTENCES = (
    ("Rose was taken to hospital by Mr Oakenshaw.", ("Rose", "Oakenshaw")),
    ("The mother told the health visitor that Tumnus was well.", ("Tumnus",)),
    ("On 14 March 2015 the police called at AB1 2CD, telephone 01234 567890.", ("14", "AB1 2CD", "567890")),
    ("Will saw “Quillona” (Zebedee’s aunt) in Netherby.", ("Will ", "Quillona", "Zebedee", "Netherby")),
    ("She met d'Orlebar, mcTumnus and Quux_Tumnus.", ("Orlebar", "Tumnus", "Quux")),
    ("The aunt 小龙, the uncle محمد and Ｔｕｍｎｕｓ came.", ("小龙", "محمد", "Ｔｕｍｎｕｓ")),
    (
        "It was 14 Mar 2015, 3rd Feb, the twenty-first of May, June 9th, 2015-03-02.",
        ("14", "3rd", "first", "9th", "02"),
    ),
    ("Ms Abara-quux of ab1 2cd wrote to zeb@quux and @zebq on quux.com/zeb.", ("quux", "ab1", "zeb")),
    ("His number is AB 12 34 56 C, the school's H801200001001.", ("12 34", "0120000")),
)


@pytest.mark.parametrize(("sentence", "hidden"), SENTENCES)
def test_masking_of_a_passage(study, sentence: str, hidden: tuple[str, ...]) -> None:
    from caselore.workbench.citing import Source, masked, ordinary_words

    source = Source("", "", None, "", "", ("Zebedee",), ordinary_words("the police will call; a rose; on the day"))
    told = masked(sentence, source)
    for words in hidden:
        assert words not in told


def test_a_name_of_the_title_is_masked_where_it_slips_into_small_letters(owner, tmp_path) -> None:
    from caselore.store.models import Case
    from caselore.workbench.citing import masked, source_of

    shelf = library.made(owner, tmp_path, more="the agencies, zebedee said, and the board was told by the boards")
    case = Case.objects.select_related("document").get(pk=shelf.released.pk)
    told = masked("Then zebedee and zebedee's aunt told the board.", source_of(case, with_words=True))
    assert told == "Then [name] and [name]'s aunt told the board."


def test_masking_leaves_what_names_nobody(study) -> None:
    from caselore.workbench.citing import Source, masked, ordinary_words

    text = (
        "Professionals did not challenge the parents. The Child Protection Conference met in September 2016; "
        "MARAC was told, and North Yorkshire Police attended."
    )
    source = Source("", "", None, "", "", (), ordinary_words(text.lower()))
    assert masked(text, source) == text
