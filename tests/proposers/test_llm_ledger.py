"""One budget for several processes, answers that are not asked twice, and a next round where something was left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from caselore.proposers.llm.ledger import Ledger, cache_key
from caselore.proposers.llm.settings import Budget


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger(tmp_path)
    yield found
    found.close()


def test_an_answer_is_recalled_by_everything_that_it_depends_on(ledger: Ledger) -> None:
    key = cache_key("http://a", "m", [["user", "hello"]], {"b": 1, "a": 2})
    assert key == cache_key("http://a", "m", [["user", "hello"]], {"a": 2, "b": 1})
    assert ledger.recall(key) is None
    ledger.remember(key, {"content": "half a \ud83d character", "cut": False})
    assert ledger.recall(key) == {"content": "half a \ud83d character", "cut": False}
    assert ledger.recall(cache_key("http://a", "m2", [["user", "hello"]], {"b": 1, "a": 2})) is None


def test_the_budget_of_calls(ledger: Ledger) -> None:
    budget = Budget(calls=2, tokens=1000)
    assert [ledger.reserve("r", budget, 10) for _ in range(3)] == ["", "", "the budget of 2 requests is spent"]
    assert ledger.reserve("r", Budget(), 1) == "the budget of 2 requests is spent"
    assert ledger.spent("r").calls == 2
    assert ledger.reserve("another", budget, 10) == ""


def test_what_is_reserved_counts_until_it_is_settled(ledger: Ledger) -> None:
    budget = Budget(calls=9, tokens=100)
    assert ledger.reserve("r", budget, 60) == ""
    ledger.settle("r", 60, tokens_in=30, tokens_out=5)
    assert ledger.reserve("r", budget, 60) == ""
    assert "100 tokens" in ledger.reserve("r", budget, 10)
    assert (ledger.spent("r").tokens_in, ledger.spent("r").tokens_out) == (30, 5)


SPENDER = """
import sys, time
from pathlib import Path
from caselore.proposers.llm.ledger import Ledger
from caselore.proposers.llm.settings import Budget

own, folders = sys.argv[1], sys.argv[2:]
for folder in map(Path, folders):
    (folder / own).touch()
    while len(list(folder.glob("process-*"))) < 4:
        time.sleep(0.001)
    ledger = Ledger(folder / "ledger")
    taken = sum(not ledger.reserve("r", Budget(calls=50, tokens=10**9), 1) for _ in range(40))
    ledger.close()
    print(taken)
"""
"""A process that waits in each folder until three others are there, then opens the same new file and spends."""


def test_several_processes_keep_to_one_budget(tmp_path: Path) -> None:
    """In each folder four processes open a new file at once: none may stop on "database is locked"."""
    folders = [tmp_path / str(at) for at in range(20)]
    for folder in folders:
        (folder / "ledger").mkdir(parents=True)
    command = [sys.executable, "-c", SPENDER]
    running = [
        subprocess.Popen([*command, f"process-{at}", *map(str, folders)], stdout=subprocess.PIPE, text=True)
        for at in range(4)
    ]
    told = [each.communicate(timeout=120)[0].split() for each in running]
    assert [sum(map(int, taken)) for taken in zip(*told, strict=True)] == [50] * len(folders)


def test_failures_in_a_row_stop_a_run_and_an_answer_forgives_them(ledger: Ledger) -> None:
    ledger.fail("r", "nobody there", most=3)
    ledger.fail("r", "nobody there", most=3)
    ledger.succeed("r")
    ledger.fail("r", "nobody there", most=3)
    assert ledger.spent("r").stopped == ""
    ledger.fail("r", "nobody there", most=3)
    ledger.fail("r", "still nobody", most=3)
    assert ledger.spent("r").stopped == "still nobody"
    assert ledger.reserve("r", Budget(), 1) == "still nobody"


def test_a_round_is_new_only_where_something_was_left(ledger: Ledger) -> None:
    assert [ledger.next_round(), ledger.next_round()] == [0, 0]
    ledger.leave_undone()
    assert [ledger.next_round(), ledger.next_round()] == [1, 1]
