"""How fast a study of 50,000 passages and 25,000 codings is worked in, on SQLite and on PostgreSQL.

    python benchmarks/store.py [--decisions 1500] [--only sqlite|postgresql] [--coders 1]

The study is made up here, by chance with a fixed seed; the databases write through to the disk as in real life.
A decision is accept, reject or add, alternating, with its event in the same transaction.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import throwaway_postgresql

from caselore import records
from caselore.study import make_study

DOCUMENTS, PASSAGES, CODINGS = 500, 100, 50
"""Documents, passages of each, codings of each: 50,000 and 25,000 in all."""

WORDS = (
    "the mother father baby school police health visitor referral assessment conference plan worker agency review "
    "family home child siblings injury bruise neglect domestic abuse alcohol drugs disguised compliance optimism "
    "information shared supervision threshold decision recorded meeting strategy hospital nurse midwife housing"
).split()

EIGHT = "mother father baby school police health visitor referral"
"""Words that hardly any passage has together; each stands in four of ten."""


def invented(number: int, chance: random.Random) -> tuple[records.Document, list[records.Passage]]:
    """A document of made-up sentences, and its passages."""
    text, passages = "", []
    for _ in range(PASSAGES):
        sentence = " ".join(chance.choices(WORDS, k=18)).capitalize() + "."
        passages.append(records.Passage(len(text), len(text) + len(sentence), "sentence", "body", 1))
        text += sentence + "\n"
    digest = hashlib.sha256(f"{number} {text}".encode()).hexdigest()
    source = records.Source(f"Made-up review {number}", "Made-up Board", 2000 + number % 25)
    return records.Document(f"review-{number}.txt", "text/plain", digest, text, "made-up@1", source=source), passages


def said(document: records.Document, case: records.Case, passages: list[records.Passage], chance: random.Random) -> Any:
    """Proposals on a case: codes of fields with many codes, each with a passage as evidence."""
    from caselore.store.books import codebook

    pairs = [(f.id, code) for f in codebook().fields.values() if f.kind == "multi" for code in f.codes]
    codes = []
    for field, code in chance.sample(pairs, CODINGS):
        at = chance.choice(passages)
        quote = document.text[at.start : at.end]
        span = records.Evidence(document.sha256, document.text_sha256, document.reader, at.start, at.end, quote)
        codes.append(records.Code(field, code, round(chance.random(), 3), "made-up@1", (span,)))
    return {"made-up@1": records.Proposal(case, tuple(codes))}


def fill(owner: Any) -> float:
    """Make the study; seconds."""
    from django.db import transaction

    from caselore.store.actions.proposing import store_proposals
    from caselore.store.actions.texts import add_document
    from caselore.store.models import Case

    chance, begun = random.Random(7), time.perf_counter()
    for first in range(0, DOCUMENTS, 50):
        with transaction.atomic():
            for number in range(first, first + 50):
                document, passages = invented(number, chance)
                case = records.Case(
                    f"Made-up case {number}", document.name, document.sha256, 0, len(document.text), "SCR",
                    document.source.year, document.source,
                )  # fmt: skip
                kept = add_document(owner, document, cases=[case], passages=passages)
                row = Case.objects.get(document=kept.document)
                store_proposals(owner, row, said(document, case, passages, chance))
    return time.perf_counter() - begun


def decide(coder: Any, count: int, times: list[float]) -> None:
    """So many decisions of one coder, on one case after another."""
    from caselore.store.actions import coding, passes
    from caselore.store.models import Case, Coding

    done = 0
    for case in Case.objects.order_by("?"):
        reading = passes.open_pass(coder, case)
        proposals = list(Coding.objects.filter(case=case, origin="proposed").order_by("?")[:25])
        for n, proposal in enumerate(proposals):
            begun = time.perf_counter()
            if n % 3 == 0:
                coding.reject(coder, reading, proposal, token=f"{reading.pk}-{n}")
            elif n % 3 == 1:
                coding.accept(coder, reading, proposal, token=f"{reading.pk}-{n}")
            else:
                spans = [(n * 10, n * 10 + 30)]
                coding.add(coder, reading, "agencies", "police", evidence=spans, token=f"{reading.pk}-{n}")
            times.append(time.perf_counter() - begun)
            done += 1
            if done >= count:
                return


def measured(work: Callable[[], object], repeats: int = 20) -> dict[str, float]:
    """Milliseconds of a read: median and the slowest of 20."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(median(times), 1), "most_ms": round(max(times), 1)}


def reads(owner: Any) -> dict[str, Any]:
    """The reads that people wait for."""
    from caselore.store import queries
    from caselore.store.alike import similar_cases
    from caselore.store.models import Case
    from caselore.store.queries.codings import codings
    from caselore.store.search import facets, search

    case = Case.objects.order_by("pk").first()
    theme = {"theme": "disguised_compliance", "year": 2017}
    return {
        "search two words": measured(lambda: search(owner, "disguised compliance")),
        "search a phrase": measured(lambda: search(owner, '"disguised compliance"')),
        "search two phrases in neighbouring passages": measured(
            lambda: search(owner, '"disguised compliance" "threshold decision"')
        ),
        "the same in cases of a code": measured(
            lambda: search(owner, '"disguised compliance" "threshold decision"', filters={"theme": theme["theme"]})
        ),
        "search eight common words": measured(lambda: search(owner, EIGHT)),
        "search a common word": measured(lambda: search(owner, "mother")),
        "search words, code and year": measured(lambda: search(owner, "mother", filters=theme)),
        "search codes only": measured(lambda: search(owner, "", filters={**theme, "age_band": "under_1"})),
        "facets": measured(lambda: facets(owner)),
        "case page": measured(lambda: queries.case_view(owner, case)),
        "queue of 50": measured(lambda: queries.queue(owner)),
        "similar cases": measured(lambda: similar_cases(owner, case)),
        "codings for agreement": measured(codings, 3),
        "cases to settle": measured(lambda: queries.to_adjudicate(owner), 3),
    }


def run(place: Path, *, decisions: int, coders: int) -> dict[str, Any]:
    """One database: fill, decide, read, prove."""
    from caselore.store import opening

    owner = opening.make(make_study(place))
    from django.db import connection

    from caselore.store.actions.people import make_coder
    from caselore.store.proof import prove

    told: dict[str, Any] = {"database": connection.vendor, "filled_s": round(fill(owner), 1)}
    crew = [make_coder(owner, f"coder {n}") for n in range(coders)]
    times: list[float] = []

    def work(coder: Any) -> None:
        try:
            decide(coder, decisions // coders, times)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(coder,)) for coder in crew]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    told["decisions"] = len(times)
    told["decisions_per_s"] = round(len(times) / (sum(times) / coders), 1)
    told["with_loading_per_s"] = round(len(times) / seconds, 1)
    told["p50_ms"], told["p95_ms"] = round(median(times) * 1000, 1), round(quantiles(times, n=20)[18] * 1000, 1)
    told["reads"] = reads(owner)
    begun = time.perf_counter()
    proof = prove()
    told["proof"] = {"holds": proof.holds, "events": proof.events, "rows": proof.rows}
    told["proof_s"] = round(time.perf_counter() - begun, 1)
    connection.close()
    return told


def main() -> None:
    """Measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=1500)
    parser.add_argument("--coders", type=int, default=1)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="caselore-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        for database in [options.only] if options.only else ["sqlite", "postgresql"]:
            os.environ.pop("DATABASE_URL", None)
            if database == "postgresql":
                address = stack.enter_context(throwaway_postgresql.server(durable=True))
                throwaway_postgresql.run_sql(address, "CREATE DATABASE bench")
                os.environ["DATABASE_URL"] = address.format(name="bench")
            told = run(place / database, decisions=options.decisions, coders=options.coders)
            print(json.dumps(told, indent=1), flush=True)


if __name__ == "__main__":
    main()
