"""A stopped run goes on where it was; nothing done is done again, nothing saved is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import work

from caselore.engine.journal import Journal, Outcome
from caselore.engine.pool import Item
from caselore.engine.run import Step, Tally, run


def items(*payloads: str) -> list[Item]:
    return [Item(payload, n, payload) for n, payload in enumerate(payloads)]


STEP = Step("shout", "1", work.start)


def test_a_second_run_does_only_what_is_new(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        assert run(STEP, items("a", "b"), journal, workers=0) == Tally(done=2)
        assert run(STEP, items("a", "b", "c"), journal, workers=0) == Tally(done=1, before=2)
        assert [o.result for o in journal.outcomes(STEP.id)] == [b"A", b"B", b"C"]


def test_order_is_that_of_the_last_run(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        run(STEP, items("a", "b"), journal, workers=0)
        run(STEP, items("c", "b", "a"), journal, workers=0)
        assert [o.key for o in journal.outcomes(STEP.id)] == ["c", "b", "a"]


def test_what_is_gone_from_the_input_is_gone_from_the_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        run(STEP, items("a", "b"), journal, workers=0)
        run(STEP, items("b"), journal, workers=0)
        assert [o.key for o in journal.outcomes(STEP.id)] == ["b"]


def test_another_version_does_everything_again(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        run(STEP, items("a"), journal, workers=0)
        newer = Step("shout", "2", work.start)
        assert run(newer, items("a"), journal, workers=0) == Tally(done=1)
        assert list(journal.outcomes(STEP.id)) == []


def test_failures_are_outcomes_too(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        tally = run(STEP, items("a", "raise", "b"), journal, workers=2)
        assert (tally.done, tally.failed) == (3, 1)
        assert [o.error for o in journal.outcomes(STEP.id)] == ["", "the file is torn on page 3", ""]


WRITER = """
import sys, time
from pathlib import Path
from caselore.engine.journal import Journal, Outcome
with Journal(Path(sys.argv[1])) as journal:
    for n in range(100_000):
        journal.save("s", Outcome(str(n), n, b"x"))
        time.sleep(0.001)
        if n % 20 == 0:
            journal.commit()
            print(n, flush=True)
"""


def test_a_kill_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        last = 0
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            last = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
    with Journal(path) as journal:
        kept = {outcome.key for outcome in journal.outcomes("s")}
        assert {str(n) for n in range(last + 1)} <= kept
        journal.save("s", Outcome("more", 10**6, b"y"))
