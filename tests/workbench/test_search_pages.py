"""Search, browsing, similar cases, kept searches, and the trainer's reading: who finds what, and what never shows."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
import released_library as library

NAMES = ("Zebedee", "Quillona", "Netherby")
"""What masking has to keep from a trainer."""


@pytest.fixture
def shelf(owner, tmp_path):
    return library.made(owner, tmp_path)


@pytest.fixture
def trainer(coder):
    return coder("tess", "trainer")


def read(client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, (answer.status_code, answer.content.decode()[:800])
    return answer.content.decode()


def words_of(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


READING = ("/search/", "/browse/", "/briefing/", "/search/like/{case}/", "/released/{case}/")


@pytest.mark.parametrize("address", [*READING, "/register/", "/register/register.csv"])
def test_a_stranger_is_sent_to_the_door(client_of, shelf, address: str) -> None:
    answer = client_of().get(address.format(case=shelf.released.pk))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", READING)
def test_who_only_administers_reads_nothing(client_of, coder, shelf, address: str) -> None:
    answer = client_of(coder("adam", "administrator")).get(address.format(case=shelf.released.pk))
    assert answer.status_code == 403


@pytest.mark.parametrize("address", READING)
def test_a_coder_a_trainer_and_the_owner_read(client_of, coder, trainer, owner, shelf, address: str) -> None:
    for person in (owner, trainer, coder("ann", "coder")):
        read(client_of(person), address.format(case=shelf.released.pk))


def test_one_line_is_read_as_words_and_filters(client_of, trainer, shelf) -> None:
    answer = client_of(trainer).get("/search/", {"ask": "disguised compliance, under ones, 2017"}, follow=True)
    (address, status), *_ = answer.redirect_chain
    assert (status, address) == (302, "/search/?q=disguised+compliance&age_band=under_1&year=2017")
    page = answer.content.decode()
    assert "<mark>Disguised</mark> <mark>compliance</mark>" in page
    assert "Year: 2017" in page
    assert f"/released/{shelf.released.pk}/?passage=" in page


def test_a_coder_is_led_to_the_passage_on_the_coding_page(client_of, owner, shelf) -> None:
    page = read(client_of(owner), "/search/?q=disguised+compliance")
    at = library.passage(shelf.released, "Disguised compliance")
    assert f"/case/{shelf.released.pk}/?passage={at}" in page
    assert shelf.kept.pk in page


@pytest.mark.parametrize(
    "query", ["", "?q=disguised+compliance", "?q=mother", "?theme=disguised_compliance", "?year=2017"]
)
def test_no_name_and_nothing_unreleased_is_found_by_a_trainer(client_of, trainer, shelf, query: str) -> None:
    page = read(client_of(trainer), f"/search/{query}")
    assert "passage" in page
    assert shelf.kept.pk not in page
    for name in (*NAMES, "Overwick"):
        assert name not in page


@pytest.mark.parametrize("address", [*READING[:2], *READING[3:], "/released/"])
def test_no_name_stands_on_any_page_of_a_trainer(client_of, trainer, shelf, address: str) -> None:
    page = read(client_of(trainer), address.format(case=shelf.released.pk))
    for name in (*NAMES, "Overwick"):
        assert name not in page


def test_a_trainer_cannot_ask_for_a_name(client_of, trainer, owner, shelf) -> None:
    asked = client_of(trainer)
    for query in ("?q=zebedee", "?q=mother+netherby", "?area=Netherby"):
        page = words_of(read(asked, f"/search/{query}"))
        assert "names are not searched for" in page or "is no area" in page
        assert "in 1 case" not in page
    assert "in 2 cases" in words_of(read(client_of(owner), "/search/?q=zebedee"))


MASKED_WORDS = (
    "quillona", "quillonas", "Quillona", '"mother Quillona"', "3 March 2015", "grace", "ab1", '"943 476 5919"',
    "mother quillona", "tamsination",
)  # fmt: skip


@pytest.mark.parametrize("words", MASKED_WORDS)
def test_what_is_masked_is_neither_found_nor_counted_for_a_trainer(
    client_of, trainer, owner, tmp_path, words: str
) -> None:
    more = "the agencies. Then Grace and Tamsin rang 943 476 5919 from AB1 2CD"
    library.made(owner, tmp_path, more=more)
    told = words_of(read(client_of(trainer), f"/search/?{urlencode({'q': words})}"))
    assert "names are not searched for" in told
    assert "in 1 case" not in told
    assert "in 2 cases" in words_of(read(client_of(owner), f"/search/?{urlencode({'q': words})}"))


def test_words_that_masking_never_touches(study) -> None:
    from caselore.workbench.citing import Source, masked
    from caselore.workbench.reading_masked import never_masked

    citations = [("Child Zebedee: a review", "Zebedee", "Police Board of Netherby")]
    for words in ("police", "ofsted", "domestic abuse", "reviews"):
        assert never_masked(words.split(), citations)
        for told in (words, words.title(), words.upper()):
            assert masked(f"Then the {told} came to Zebedee.", Source("", "", None, "", "")).count(told) == 1
    for words in ("zebedee", "marking", "hoping", "quillona", "graced", "march 3", "tamsination", "roses"):
        assert not never_masked(words.split(), citations)


def test_a_word_that_is_a_name_as_well_is_found_where_it_is_none(client_of, trainer, owner, tmp_path) -> None:
    more = "the agencies. Then Hope left. Nobody said so in the hope of help. MARAC was told"
    library.made(owner, tmp_path, more=more)
    page = read(client_of(trainer), "/search/?q=hope")
    assert "1 passage in 1 case" in " ".join(words_of(page).split())
    assert "in the <mark>hope</mark> of help" in page
    assert "1 passage in 1 case" in " ".join(words_of(read(client_of(trainer), "/search/?q=marac")).split())


def test_a_trainer_reads_a_released_case_without_proposals_or_names(client_of, trainer, owner, shelf) -> None:
    from caselore.store.models import Coding

    page = read(client_of(trainer), f"/released/{shelf.released.pk}/")
    assert "disguised compliance and resistant families" in page
    told = words_of(page)
    assert "[name] died aged 5 months on [day] March 2015" in " ".join(told.split())
    proposed = set(Coding.objects.filter(case=shelf.released, reading__machine=True).values_list("field", "code"))
    said = set(Coding.objects.filter(case=shelf.released, reading__machine=False).values_list("field", "code"))
    assert proposed - said
    from caselore.workbench.wording import field_label

    hidden = {field_label(field) for field, _ in proposed - said} - {field_label(field) for field, _ in said}
    coded = told[told.index("Coded") :]
    assert not [label for label in hidden if label in coded]


def test_what_is_not_released_is_not_there_for_a_trainer(client_of, trainer, owner, shelf) -> None:
    asked = client_of(trainer)
    for address in ("/released/{}/", "/search/like/{}/", "/case/{}/"):
        hidden = asked.get(address.format(shelf.kept.pk))
        missing = asked.get(address.format("0123456789abcdef012345"))
        assert hidden.status_code == missing.status_code == 403
    assert client_of(owner).get(f"/released/{shelf.kept.pk}/").status_code == 403


def test_nothing_found_says_what_to_loosen(client_of, owner, shelf) -> None:
    page = words_of(read(client_of(owner), "/search/?q=disguised+compliance&year=1999"))
    assert "Nothing has all of this" in page
    assert "without “Year: 1999” 2 passages" in " ".join(page.split())
    page = words_of(read(client_of(owner), "/search/?q=disguised+helicopter"))
    assert "without “helicopter”" in page
    assert "without “disguised”" not in page
    assert "No single part" in words_of(read(client_of(owner), "/search/?q=helicopter"))


def test_facets_count_what_is_left_and_lead_there(client_of, owner, shelf) -> None:
    page = read(client_of(owner), "/search/?q=mother")
    found = re.search(r'href="(\?q=mother&amp;year=2017)".*?class="count">(\d+)', page, re.S)
    assert found
    assert found[2] == "2"
    assert "Year: 2017" in read(client_of(owner), "/search/" + found[1].replace("&amp;", "&"))


def test_searches_are_kept_replaced_and_dropped_by_their_owner_only(client_of, owner, coder, shelf) -> None:
    from caselore.store.models import SavedSearch

    ann, client = coder("ann", "coder"), client_of(owner)
    assert client.post("/search/keep/", {"name": "babies", "q": "baby", "year": "2017"}).status_code == 302
    kept = SavedSearch.objects.get(coder=owner)
    assert (kept.words, kept.filters) == ("baby", {"year": "2017"})
    assert client.get(f"/search/kept/{kept.pk}/").headers["Location"] == "/search/?q=baby&year=2017"
    other = client_of(ann)
    assert other.get(f"/search/kept/{kept.pk}/").headers["Location"] == "/search/"
    assert other.post(f"/search/kept/{kept.pk}/drop/").status_code == 403
    assert "babies" not in read(other, "/search/")
    answer = client.post("/search/keep/", {"name": "", "q": "baby"})
    assert answer.status_code == 400
    assert 'id="name-error"' in answer.content.decode()
    assert client.post(f"/search/kept/{kept.pk}/drop/").status_code == 302
    assert not SavedSearch.objects.filter(retracted=False).exists()


def test_writing_needs_a_form_of_ours(client_of, owner, shelf) -> None:
    client = client_of(owner, strict=True)
    for address in ("/search/keep/", "/briefing/new/", "/briefing/add/"):
        assert client.post(address, {"name": "x"}).status_code == 403
        assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    "odd",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' OR 1=1 --", "\x00", "NEAR(", "%", "é" * 500],
)
def test_hostile_words_are_inert(client_of, owner, shelf, odd: str) -> None:
    for name in ("q", "area", "ask", "theme", "code", "year", "page"):
        answer = client_of(owner).get("/search/", {name: odd}, follow=True)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_hostile_documents_are_inert_for_everybody(client_of, owner, trainer, tmp_path) -> None:
    shelf = library.made(owner, tmp_path, more="<script>alert(1)</script><svg/onload=alert(1)> the agencies")
    for person in (owner, trainer):
        for address in ("/search/?q=disguised", f"/released/{shelf.released.pk}/"):
            page = read(client_of(person), address)
            assert "&lt;script&gt;" in page
            assert "<script>alert" not in page
            assert "<svg/" not in page


def test_words_in_neighbouring_sentences_are_told_as_such(client_of, owner, trainer, shelf) -> None:
    from caselore.workbench.models import Briefing

    page = read(client_of(owner), "/search/?q=compliance+father")
    assert "No one sentence has all the words. 2 places in 2 cases have them in neighbouring sentences." in words_of(
        page
    )
    assert page.count("<h2>In neighbouring sentences</h2>") == 1
    assert page.count("within 2 sentences") == 2
    assert "<mark>compliance</mark>" in page
    assert "<mark>father</mark>" in page
    told = read(client_of(trainer), "/search/?q=compliance+father&year=2017")
    assert "1 place in 1 case has them" in words_of(told)
    assert shelf.kept.pk not in told
    for name in (*NAMES, "Overwick"):
        assert name not in told
    found = re.search(r'name="passage" value="(\d+)"><input type="hidden" name="more" value="1"', page)
    assert found is not None
    sent = {"case": shelf.released.pk, "passage": found[1], "more": "1"}
    client_of(owner).post("/briefing/add/", sent)
    assert [each["more"] for each in Briefing.objects.get(coder=owner).items] == [1]
    client_of(trainer).post("/briefing/add/", sent | {"more": "-1 OR 1=1"})
    assert "more" not in Briefing.objects.get(coder=trainer).items[0]


def test_passages_come_before_neighbours(client_of, owner, shelf) -> None:
    page = read(client_of(owner), "/search/?q=social+care")
    assert "In neighbouring sentences" not in page
    page = read(client_of(owner), "/search/?q=health+visitor+help")
    assert "In neighbouring sentences" not in page  # one sentence has all of them
    page = read(client_of(owner), "/search/?q=children+known+visitor")
    assert page.index("within 2 sentences") > page.index("In neighbouring sentences")
    assert read(client_of(owner), "/search/?q=zebra+father").count('class="hit"') == 0
