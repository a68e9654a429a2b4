"""Reads documents on worker processes and writes what comes of them as JSON Lines, in the order of the input.

Both `read` and `propose` are this, with another job.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from caselore.cli.account import Account
from caselore.cli.stage import stage
from caselore.cli.work import Job, items
from caselore.documents.reader import units
from caselore.engine.journal import Journal
from caselore.engine.run import Step, Tally, run
from caselore.errors import UnknownFormat


def work_through(paths: list[Path], job: Job, step: Step, journal: Journal, *, title: str, workers: int) -> Tally:
    """Read every unit below the paths that the journal does not hold yet, under a progress bar."""
    seen = sys.stderr.isatty()  # counting reads every record once more: only where a person watches
    with stage(title, sum(1 for _ in units(paths, job.reading)) if seen else None) as show:
        return run(step, items(paths, job), journal, workers=workers, heard=lambda tally: show(tally.all))


def answers(step: Step, journal: Journal, account: Account) -> Iterator[dict[str, Any]]:
    """What the workers answered, in the order of the input; failures go to the account."""
    for outcome in journal.outcomes(step.id):
        if outcome.error:
            account.failed.append({"document": outcome.key.partition("\n")[0], "reason": outcome.error})
            continue
        answer = json.loads(outcome.result.decode("utf-8", "surrogatepass"))
        account.hear(answer)
        yield answer


def write_lines(paths: list[Path], out: Path, job: Job, *, title: str, workers: int) -> Account:
    """Write the lines of every document to `out`; a file half-written by a kill is never left under its name.

    The journal of the work lies beside `out` until the work is done, so that the same command goes on.
    """
    account, step = Account(), job.step()
    out.parent.mkdir(parents=True, exist_ok=True)
    with Journal(out.with_name(f".{out.name}.journal")) as journal:
        account.before = work_through(paths, job, step, journal, title=title, workers=workers).before
        part = out.with_name(f".{out.name}.part")
        try:
            with part.open("w", encoding="utf-8", errors="surrogatepass") as file:
                for answer in answers(step, journal, account):
                    for line in answer["lines"]:
                        file.write(json.dumps(line, ensure_ascii=False) + "\n")
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)  # it holds words of the documents
    journal.remove()
    if not account.documents and not account.failed:
        raise UnknownFormat(f"{', '.join(map(str, paths))}: there is no file to read here; name files or a folder.")
    return account
