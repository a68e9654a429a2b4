"""Many coders at once with the pauses of real ones: nothing lost or doubled, no error page, and how long they wait.

    python benchmarks/load.py [--database postgresql|sqlite] [--coders 50] [--seconds 600] [--server gunicorn|waitress]

PostgreSQL is served by gunicorn (two processes of eight threads, from the extra `team`) and SQLite by waitress (one
process of eight threads: `caselore serve`), unless told otherwise. A coder opens a case, reads for about fifteen
seconds, decides about every eight seconds (log-normal; nobody keeps that up for a day), keeps the place after every
third decision, scrolls to another leaf or finds a word now and then, and after twenty decisions goes on to the next
case. One decision in twenty is sent twice, as after a broken connection. Signing in is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import store as made_up
from workbench_serving import Answer, CoderAtWork, Ledger, Server, crewed, database, discrepancies, tenths

DOCUMENTS = 100
"""Documents of 100 passages and 50 proposals each."""

READS_S, DECIDES_S, SPREAD = 15.0, 8.0, 0.6
"""Means of the pauses, and the spread of their logarithm."""

ON_A_CASE = 20
SENT_TWICE = 0.05
WORDS = ("police", "referral", "mother", "threshold")


class Human(CoderAtWork):
    """A coder with pauses, until the end of the shift."""

    def work(self, until: float) -> None:
        """Cases one after another; what goes wrong is kept in the ledger."""
        self.until = until
        try:
            time.sleep(self.chance.uniform(0, DECIDES_S))  # people do not begin with one bell
            while time.monotonic() < until:
                self.open()
                self._pause(READS_S)
                for n in range(ON_A_CASE):
                    if time.monotonic() >= until:
                        return
                    self._decide()
                    self._beside(n)
                    self._pause(DECIDES_S)
        except ConnectionError as error:
            self.ledger.faults.append(f"no answer: {error}")

    def _ask(self, *request: Any) -> Answer:
        """A server closes a line that was idle; the browser takes a new one, and the page's token guards the act."""
        try:
            return super()._ask(*request)
        except ConnectionError:
            self.ledger.resent += 1
            return super()._ask(*request)

    def _pause(self, mean_s: float) -> None:
        pause = mean_s * self.chance.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)
        time.sleep(max(0.0, min(pause, self.until - time.monotonic())))

    def _decide(self) -> None:
        act, fields = self.next_decision()
        self.send(act, fields)
        if act.acknowledged and self.chance.random() < SENT_TWICE:
            self.ledger.resent += 1
            self.send(act, fields)

    def _beside(self, n: int) -> None:
        """What a coder does besides deciding."""
        address = f"/case/{self.case}/"
        if n % 3 == 2:
            read = ",".join(str(at) for at in range(5 * n, 5 * n + 5))
            self._look("place", self.post(f"{address}place/", {"passage": str(n), "seconds": "24", "read": read}))
        if self.chance.random() < 0.2:
            self._look("leaf", self.get(f"{address}leaf/0/"))
        if self.chance.random() < 0.05:
            self._look("find", self.get(f"{address}find/?q={self.chance.choice(WORDS)}"))

    def _look(self, what: str, answer: Answer) -> None:
        self.ledger.page_s.append(answer.seconds)
        if answer.status != 200:
            self.ledger.faults.append(f"{answer.status} at {what}")


def run(place: Path, *, coders: int, seconds: float, kind: str) -> dict[str, Any]:
    """A shift of so many seconds; figures and what was found wrong."""
    names = [f"coder {n}" for n in range(coders)]
    study = crewed(place, names)
    from caselore.store import opening
    from caselore.store.connect import disconnect
    from caselore.store.models import Case
    from caselore.store.proof import prove

    made_up.DOCUMENTS = DOCUMENTS
    made_up.fill(opening.owner())
    cases = list(Case.objects.values_list("pk", flat=True))
    disconnect()
    server, ledger = Server(study.path, kind=kind), Ledger()
    server.start()
    crew = [Human(server.port, name, cases, ledger, seed=n) for n, name in enumerate(names)]
    for coder in crew:
        coder.sign_in()
    ledger.page_s.clear()
    begun = time.monotonic()
    threads = [threading.Thread(target=coder.work, args=(begun + seconds,)) for coder in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    server.kill()
    wrong = discrepancies(ledger)
    proof = prove()
    disconnect()
    return {
        "server": kind, "coders": coders, "seconds": round(lasted), "decisions": len(ledger.sent),
        "decisions_per_s": round(len(ledger.sent) / lasted, 1), "sent twice": ledger.resent,
        "decision": tenths(ledger.decision_s), "other requests": len(ledger.page_s), "other": tenths(ledger.page_s),
        "out of date": ledger.stale, "error pages": len(ledger.faults), "which": ledger.faults[:10],
        "lost or doubled": wrong[:20], "chain and rows verify": proof.holds, "events": proof.events,
    }  # fmt: skip


def main() -> None:
    """Work, print JSON; exit 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--coders", type=int)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--server", choices=["waitress", "gunicorn"])
    options = parser.parse_args()
    small = options.database == "sqlite"
    place = Path(tempfile.mkdtemp(prefix="caselore-load-"))
    try:
        with database(options.database):
            told = run(
                place / "study", coders=options.coders or (5 if small else 50), seconds=options.seconds,
                kind=options.server or ("waitress" if small else "gunicorn"),
            )  # fmt: skip
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(json.dumps({"database": options.database, **told}, indent=1))
    sys.stdout.flush()
    os._exit(0 if told["chain and rows verify"] and not told["lost or doubled"] and not told["error pages"] else 1)


if __name__ == "__main__":
    main()
