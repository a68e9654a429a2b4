"""Kills a real server (-9) at random moments while coders decide, and looks whether anything was lost or doubled.

    python benchmarks/kills.py [--kills 200] [--database sqlite|postgresql] [--coders 3] [--seed 1]

Each coder sends decisions one after another without a pause. One whose answer did not come is sent again with its
token, as the page does, after the restart - or, for every second coder, never. At the end every acknowledged decision
has to be in the study exactly once, every other once or not at all, and the chain has to verify; nothing is repaired.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

import store as made_up
from workbench_serving import CoderAtWork, Ledger, Server, crewed, database, discrepancies, nothing_to_write

DOCUMENTS = 12
ON_A_PAGE = 25
"""Decisions on a case before the next one is opened."""


class Restless(CoderAtWork):
    """Decides without a pause until told to stop; waits for the server where it is away."""

    def __init__(self, *about: Any, again: bool, up: threading.Event, end: threading.Event, seed: int) -> None:
        super().__init__(*about, seed=seed)
        self.again, self.up, self.end = again, up, end

    def work(self) -> None:
        """Until the end."""
        while not self.end.is_set():
            self.up.wait(1)
            try:
                self.open()
                for _ in range(ON_A_PAGE):
                    if not self.end.is_set():
                        self._decide()
            except ConnectionError:
                time.sleep(0.02)

    def _decide(self) -> None:
        act, fields = self.next_decision()
        while not self.end.is_set():
            try:
                self.send(act, fields)
                return
            except ConnectionError:
                if not self.again:
                    raise
                time.sleep(0.02)
                self.up.wait(1)
                self.ledger.resent += 1


def run(place: Path, *, kills: int, coders: int, seed: int) -> dict[str, Any]:
    """Kill so many times; figures and what was found wrong."""
    names = [f"coder {n}" for n in range(coders)]
    study = crewed(place, names)
    from caselore.store import opening
    from caselore.store.models import Case, Event
    from caselore.store.proof import prove

    made_up.DOCUMENTS = DOCUMENTS
    made_up.fill(opening.owner())
    cases = list(Case.objects.values_list("pk", flat=True))
    _leave()
    server, ledger, chance = Server(study.path), Ledger(), random.Random(seed)
    up, end, starts = threading.Event(), threading.Event(), [server.start()]
    crew = [
        Restless(server.port, name, cases, ledger, again=n % 2 == 0, up=up, end=end, seed=seed + n)
        for n, name in enumerate(names)
    ]
    for coder in crew:
        coder.sign_in()
    threads = [threading.Thread(target=coder.work, daemon=True) for coder in crew]
    up.set()
    for thread in threads:
        thread.start()
    for _ in range(kills):
        _some_work(ledger)
        time.sleep(chance.uniform(0.0, 0.4))
        up.clear()
        server.kill()
        starts.append(server.start())
        up.set()
    _some_work(ledger)
    end.set()
    for thread in threads:
        thread.join(30)
    server.kill()
    wrong = [f"a fault: {fault}" for fault in ledger.faults] + discrepancies(ledger)
    proof = prove()
    return {
        "kills": kills, "coders": coders, "sent": len(ledger.sent), "resent": ledger.resent,
        "acknowledged": sum(act.acknowledged for act in ledger.sent), "out of date": ledger.stale,
        "unknown to the client": sum(not act.acknowledged and not act.refused for act in ledger.sent),
        "of these in the log": _kept_unknown(ledger, Event),
        "acknowledged with nothing to write": len(nothing_to_write(ledger)), "events": proof.events,
        "start_s": {"median": round(median(starts), 2), "most": round(max(starts), 2)},
        "chain and rows verify": proof.holds, "wrong": [*wrong, *proof.faults][:20], "wrong in all": len(wrong),
    }  # fmt: skip


def _some_work(ledger: Ledger, deadline_s: float = 60) -> None:
    """Wait until a decision more is acknowledged: every start sees some work, on a busy machine too."""
    before, until = len(ledger.decision_s), time.monotonic() + deadline_s
    while len(ledger.decision_s) == before and time.monotonic() < until:
        time.sleep(0.005)


def _kept_unknown(ledger: Ledger, event: Any) -> int:
    unknown = [act.token for act in ledger.sent if not act.acknowledged and not act.refused]
    return int(event.objects.filter(token__in=unknown).count())


def _leave() -> None:
    from caselore.store.connect import disconnect

    disconnect()


def main() -> None:
    """Kill, print JSON; exit 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--coders", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="caselore-kills-"))
    try:
        with database(options.database):
            told = run(place / "study", kills=options.kills, coders=options.coders, seed=options.seed)
            _leave()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(json.dumps({"database": options.database, **told}, indent=1))
    sys.stdout.flush()
    os._exit(0 if told["chain and rows verify"] and not told["wrong in all"] else 1)


if __name__ == "__main__":
    main()
