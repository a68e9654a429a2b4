"""Evaluation: totals, intervals, differences; the same totals as the project's scoring script."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.agreement.evaluation import _common, evaluate
from caselore.agreement.gold import GoldCase, read_gold, read_proposals
from caselore.errors import EvaluationError
from caselore.proposers.lines import to_line
from caselore.records import Case, Code, Evidence, Proposal, Step


def _gold(id_: str, **codes: Any) -> GoldCase:
    return GoldCase(
        id=id_,
        title=f"2018 – Ashby – Child {id_}",
        text="The records were poor.",
        single={"outcome": codes.get("outcome", "death"), "nature_of_death": codes.get("nature")},
        multiple={"learning_themes": dict.fromkeys(codes.get("themes", ()), "a quotation")},
        decisions=tuple((step, None, "words") for step in codes.get("steps", ())),
    )


def _proposal(id_: str, **codes: Any) -> Proposal:
    evidence = (Evidence("0", "0", "r", 4, 11, "records"),)
    case = Case(f"2018 - Ashby - Child {id_}", "d", "0", 0, 20)
    found = [Code("outcome", code, sure, "rules@1", evidence) for code, sure in codes.get("outcome", ())]
    found += [Code("learning_themes", code, 0.8, "rules@1", evidence) for code in codes.get("themes", ())]
    return Proposal(case, tuple(found), tuple(Step(step, None) for step in codes.get("steps", ())))


def test_fields_are_scored_each_in_its_way() -> None:
    result = evaluate(
        [
            _proposal("a", outcome=[("death", 0.9), ("other", 0.2)], themes=["neglect", "optimism"]),
            _proposal("b", themes=["neglect"], steps=["assessment", "referral_made"]),
        ],
        [
            _gold("a", themes=["neglect"], nature="suicide"),
            _gold("b", outcome="serious_harm", themes=["early_help"], steps=["referral_made", "assessment"]),
        ],
        resamples=50,
    )
    outcome, themes, steps = (result.fields[name] for name in ("outcome", "learning_themes", "decisions"))
    assert (outcome.score, outcome.cases, outcome.right) == (0.5, 2, 1)
    assert (themes.right, themes.extra, themes.missed) == (1, 2, 1)
    assert themes.score == pytest.approx(2 / 5)
    assert (steps.score, steps.order) == (1.0, 0.5)
    assert result.fields["nature_of_death"].cases == 1
    assert (result.found, result.missing, result.quotations, result.quotations_not_found) == (2, (), 5, 0)


def test_differences_name_case_code_and_words() -> None:
    result = evaluate([_proposal("a", outcome=[("other", 0.7)], themes=["neglect"])], [_gold("a", themes=["optimism"])])
    told = {(d.field, d.kind, d.code, d.instead_of, d.quote, len(d.evidence)) for d in result.differences}
    assert ("outcome", "wrong", "other", "death", "", 1) in told
    assert ("learning_themes", "extra", "neglect", "", "", 1) in told
    assert ("learning_themes", "missed", "optimism", "", "a quotation", 0) in told


def test_a_case_without_proposal_counts_as_missed() -> None:
    gold = [_gold("a", themes=["neglect"]), _gold("b", themes=["neglect"])]
    result = evaluate([_proposal("a", themes=["neglect"])], gold)
    assert result.missing == ("2018 – Ashby – Child b",)
    neglect = result.fields["learning_themes"].codes[0]
    assert (neglect.precision, neglect.recall) == (1.0, 0.5)


def test_intervals_hold_the_score_and_depend_on_the_seed_only() -> None:
    proposals = [_proposal(str(n), themes=["neglect"] if n % 3 else ["optimism"]) for n in range(30)]
    gold = [_gold(str(n), themes=["neglect"]) for n in range(30)]
    one, other = (evaluate(proposals, gold, seed=7).fields["learning_themes"] for _ in range(2))
    assert one == other
    assert one.interval.low < one.score < one.interval.high


def test_nothing_to_compare_is_said() -> None:
    with pytest.raises(EvaluationError, match="None of the proposed cases"):
        evaluate([_proposal("z")], [_gold("a")])


def test_broken_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl").write_text('{"id": "a"}\n', "utf-8")
    with pytest.raises(EvaluationError, match=r"items-g\.json"):
        read_gold(tmp_path / "g.jsonl")
    (tmp_path / "items-g.json").write_text('[{"id": "b", "heading": "B", "text": ""}]', "utf-8")
    with pytest.raises(EvaluationError, match="every item needs its line"):
        read_gold(tmp_path / "g.jsonl")
    (tmp_path / "p.jsonl").write_text("{}\n", "utf-8")
    with pytest.raises(EvaluationError, match="line 1"):
        read_proposals(tmp_path / "p.jsonl")


@pytest.mark.parametrize(
    ("line", "items", "said"),
    [
        ('{"id": "a"}\nnot json', '[{"id": "a", "heading": "A", "text": ""}]', r"g\.jsonl, line 2 is no JSON"),
        ('{"id": "a"}\n\n["x"]', '[{"id": "a", "heading": "A", "text": ""}]', r"g\.jsonl, line 3 is no gold coding"),
        (
            '{"id": "a", "decisions": ["x"]}',
            '[{"id": "a", "heading": "A", "text": ""}]',
            r"line 1: decisions are a list",
        ),
        ('{"id": "a"}', '[{"id": "a"}]', r"items-g\.json, item 1: an item is an object"),
        ('{"id": "a"}', '{"id": "a"}', r"items-g\.json, item 1: an item is an object"),
        ('{"id": "a"}', "[", r"items-g\.json is no JSON"),
        (
            '{"id": "a"}',
            '[{"id": "b", "heading": "", "text": ""}, {"id": "c", "heading": "", "text": ""}]',
            r"no line codes the item 'b' \(and 1 more\) of .*items-g\.json",
        ),
    ],
)
def test_a_broken_line_of_gold_is_named(line: str, items: str, said: str, tmp_path: Path) -> None:
    """A bad line was told as `JSONDecodeError: Expecting value: line 1 column 1`, whichever line it was."""
    (tmp_path / "g.jsonl").write_text(line, "utf-8")
    (tmp_path / "items-g.json").write_text(items, "utf-8")
    with pytest.raises(EvaluationError, match=said):
        read_gold(tmp_path / "g.jsonl")


def test_a_line_separator_in_a_quotation_ends_no_line(tmp_path: Path) -> None:
    (tmp_path / "g.jsonl").write_text('{"id": "a", "themes": {"neglect": "one\u2028two"}}\n', "utf-8")
    (tmp_path / "items-g.json").write_text('[{"id": "a", "heading": "A", "text": ""}]', "utf-8")
    assert read_gold(tmp_path / "g.jsonl")[0].multiple["themes"] == {"neglect": "one\u2028two"}


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_steps_in_order_are_never_more_than_steps_in_common(one: list[str], other: list[str]) -> None:
    assert _common(one, other) == _common(other, one) <= sum((Counter(one) & Counter(other)).values())
    assert _common(one, one) == len(one)


def test_totals_are_those_of_the_scoring_script(shared: Path, tmp_path: Path) -> None:
    """Proposals made from gold with codes lost and added at random are scored alike by both."""
    gold_file = shared / "gold" / "dev.jsonl"
    gold = read_gold(gold_file)
    lines = [json.dumps(to_line(_spoilt(case, np.random.default_rng(n)))) for n, case in enumerate(gold) if n % 9]
    path = tmp_path / "proposals.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    result = evaluate(read_proposals(path), gold, resamples=0)
    script = [sys.executable, str(shared / "gold" / "score.py")]
    run = subprocess.run(
        [*script, str(path), str(gold_file), str(shared / "gold" / "items-dev.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    theirs = dict(line.split()[:2] for line in run.stdout.splitlines() if line.split()[0] in result.fields)
    assert theirs == {name: f"{score.score:.3f}" for name, score in result.fields.items()}
    counts = f"cases found {result.found} of {result.cases}; quotations {result.quotations}, "
    assert counts + f"not in the case's text {result.quotations_not_found}" in run.stdout


def _spoilt(case: GoldCase, chance: np.random.Generator) -> Proposal:
    codes = [
        Code(name, code, float(chance.random()), "r", (Evidence("0", "0", "r", 0, 1, quote or case.text[:20]),))
        for name, wanted in case.multiple.items()
        for code, quote in {**wanted, "police": "invented words"}.items()
        if chance.random() > 0.3
    ]
    codes += [
        Code(name, code, float(chance.random()), "r")
        for name, right in case.single.items()
        for code in (right, "father", "other")
        if code and chance.random() > 0.4
    ]
    steps = [Step(step, agency) for step, agency, _ in case.decisions if chance.random() > 0.3]
    return Proposal(Case(case.title, "d", "0", 0, 1), tuple(codes), (*steps, Step("assessment", None)))


def test_two_cases_without_a_fault_leave_a_wide_interval() -> None:
    gold = [_gold(name, themes=["neglect"]) for name in "ab"]
    found = evaluate([_proposal(name, themes=["neglect"]) for name in "ab"], gold).fields["learning_themes"]
    assert found.score == 1
    for interval in (found.interval, found.codes[0].interval):
        assert (interval.low, interval.high) == pytest.approx((0.025**0.5, 1))
    missed = evaluate([_proposal(name) for name in "ab"], gold).fields["learning_themes"]
    assert (missed.interval.low, missed.interval.high) == pytest.approx((0, 1 - 0.025**0.5))
