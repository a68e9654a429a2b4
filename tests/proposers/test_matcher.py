"""The matcher finds every wording of a cue in a text as printed, and nothing that the codebook rules out."""

from __future__ import annotations

import hashlib
import re

import pytest

from caselore.codebook.codebook import Codebook, CodeDefinition, Cue, Field, load
from caselore.codebook.cues import parse_cue, regex
from caselore.documents.sections import sections
from caselore.proposers.casetext import CaseText
from caselore.proposers.matcher import Match, Matcher, agent
from caselore.proposers.plain import Plain
from caselore.proposers.wordings import wordings
from caselore.records import Case, Document

WRAPPED = (
    "The family had lived in the area for some years and was known to several services, since there was domestic\n"
    "violence at home from the first year of the marriage, of which the neighbours told the officers more than a\n"
    "dozen times; and the grandmother, who lived two streets away from them, had often taken the children to her\n"
    "own flat for the night, where they slept on the floor of the only room and were given a breakfast at seven.\n"
) * 3
THESAURUS = {"parent": ("mother", "father", "mum*")}


def case_text(text: str) -> CaseText:
    sha = hashlib.sha256(text.encode()).hexdigest()
    return CaseText(
        Document("made-up.txt", "text/plain", sha, text, "plain@1", sections=sections(text, ())),
        Case("2020 - Made-up", "made-up.txt", sha, 0, len(text)),
    )


def book(*cues: Cue, not_cues: tuple[str, ...] = ()) -> Codebook:
    code = CodeDefinition("code", "a code", "one that tests use", "test", cues=cues, not_cues=not_cues)
    return Codebook({"field": Field("field", "Field", "multi", "test", codes={"code": code})}, {}, THESAURUS)


def found(text: str, *cues: Cue, not_cues: tuple[str, ...] = ()) -> list[Match]:
    return Matcher(book(*cues, not_cues=not_cues)).matches(case_text(text))


def words(text: str, *cues: Cue, not_cues: tuple[str, ...] = ()) -> list[str]:
    return [text[m.start : m.end] for m in found(text, *cues, not_cues=not_cues)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("domestic violence", WRAPPED, ["domestic\nviolence"] * 3),
        ("co sleeping", "He died while co-sleeping.", ["co-sleeping"]),
        ("children's social care", "Children’s social  care knew.", ["Children’s social  care"]),
        ("children's social care", "Childrens social care knew.", ["Childrens social care"]),
        ("parents needs", "It met the parents’ needs.", ["parents’ needs"]),
        ("neglect*", "Neglectful care, no neglectfulness.", ["Neglectful"]),
        ("<parent> [own] home", "It was mum's own home.", ["mum's own home"]),
        ("officer* ..3 attended", "Officers of the force attended; an officer had attended.", None),
        ("officer* ..1 attended", "Officers who came late attended.", []),
        ("gp", "The GPS signal of the gp's car.", ["gp"]),
    ],
)
def test_a_cue_matches_the_text_as_printed(pattern: str, text: str, expected: list[str] | None) -> None:
    got = words(text, Cue(pattern))
    assert got == expected if expected is not None else len(got) == 2


def test_a_cue_counts_only_in_its_sections() -> None:
    text = "The police came.\n\nKeywords: police, neglect\n"
    assert [m.passage.section for m in found(text, Cue("police", sections=frozenset({"keywords"})))] == ["keywords"]


def test_a_not_cue_drops_what_overlaps_it() -> None:
    text = "A school nurse rang the school."
    assert words(text, Cue("school"), not_cues=("school nurse*",)) == ["school"]
    assert text.index("school", 5) == found(text, Cue("school"), not_cues=("school nurse*",))[0].start


def test_a_cue_may_need_a_stance() -> None:
    cue = Cue("information", need=frozenset({"omitted"}))
    assert words("Agencies failed to share information.", cue) == ["information"]
    assert words("Agencies shared information.", cue) == []


def test_a_cue_that_says_the_stance_itself_fulfils_the_need() -> None:
    cue = Cue("(failed|failure) to ..3 share", need=frozenset({"omitted"}))
    assert words("There was a failure to promptly share what was known.", cue) != []


def test_negation_bars_a_cue_that_does_not_allow_it() -> None:
    text = "There was no evidence of domestic abuse."
    assert found(text, Cue("domestic abuse")) == []
    assert [m.stances for m in found(text, Cue("domestic abuse", allow=frozenset({"negated"})))] == [{"negated"}]


def test_the_nearest_doer_is_named() -> None:
    text = "The social worker visited. The mother hit him."
    (match,) = found(text, Cue("hit"))
    assert agent(case_text(text), match) == "parent"


def test_sections_that_are_not_about_the_case_are_silent() -> None:
    text = "1 Background\n\nThe nursery rang.\n\n2 Glossary\n\nNursery: a place for young children.\n"
    assert [m.start for m in found(text, Cue("nursery"))] == [text.index("nursery")]


def test_plain_text_finds_its_way_back() -> None:
    text = "The  children’s\n home – a  half-way\thouse; parents' needs."
    plain = Plain(text.lower().replace("’", "'").replace("–", "-"), 0, len(text))
    assert plain.text == "the children's home , a half way house; parents needs."
    for word in ("the", "children's", "home", "house", "needs"):
        start = plain.text.index(word)
        low, high = plain.span(start, start + len(word))
        assert text[low:high].lower().replace("’", "'") == word
        assert plain.position(low) == start


def test_every_wording_of_every_shipped_cue_is_a_match_of_it() -> None:
    shipped = load()
    checked = 0
    for field in shipped.fields.values():
        for code in field.codes.values():
            for cue in code.cues:
                listed = wordings(parse_cue(cue.pattern), shipped.thesaurus)
                assert listed.phrases, f"{field.id}.{code.id}: {cue.pattern} has no fixed word to look for"
                if listed.whole and checked < 300:
                    checked += 1
                    expression = re.compile(regex(cue.pattern, shipped.thesaurus))
                    assert all(expression.fullmatch(p.replace("*", "")) for p in listed.phrases[:20]), cue.pattern
    assert checked


def test_automaton_and_expressions_agree_on_every_shipped_cue() -> None:
    """What is found by fixed phrases is what the expression of the cue finds, on a text of everything at once."""
    shipped = load()
    text = "The mother failed to bring the child to hospital. The police were told of domestic abuse and neglect. " * 2
    case = case_text(text)
    plain = Plain(case.folded, 0, len(text)).text
    fields = [f for f in ("agencies", "risk_indicators") if f in shipped.fields]
    everywhere = {(m.code, m.cue.pattern) for m in Matcher(shipped, fields).matches(case)}
    for name in fields:
        for code in shipped.fields[name].codes.values():
            for cue in code.cues:
                if (code.id, cue.pattern) in everywhere:
                    assert re.search(regex(cue.pattern, shipped.thesaurus), plain)
