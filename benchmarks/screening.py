"""Work saved by screening coroners' reports with Caselore and with ASReview: same texts, priors, batches and seeds.

A topic is a body that a report was sent to, read off its `receiver` field by an expression; neither learner sees that
field. WSS@95 is the share of reports that need not be read to find 95 % of the relevant ones, less the 5 % that
reading in any order would save (Cohen et al. 2006). Both sides start from the same relevant and the same irrelevant
report and label as many before each retrain. Topics under "tuning" were used to choose settings, the others were not.

    python benchmarks/screening.py [--asreview VENV/bin/python] [--seeds 10] [--batch 10] [--topics rail,custody]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import corpus

TOPICS = {
    "rail": r"network rail|\brail\b|railway|\brssb\b|london underground",
    "highways": r"highway|department (for|of) transport",
    "ambulance": r"ambulance",
    "custody": r"\bprisons?\b|\bhmpp?s\b|\bhmp\b|\bnoms\b|offender|ministry of justice|probation",
    "police": r"constable|\bpolice\b|constabulary",
}
TUNING = {
    "medicines": r"medicines and healthcare|\bmhra\b",
    "care homes": r"care home|nursing home|residential home",
    "education": r"\bschools?\b|\bcolleges?\b(?! of)|vice.chancellor|ofsted|department for education|academy",
    "housing": r"housing|homes ltd|landlord",
}
RECALL = 0.95


@dataclass(frozen=True)
class Run:
    """One topic and seed: texts labelled until 95 % were found, and what a retrain took (milliseconds)."""

    topic: str
    seed: int
    labelled: int
    documents: int
    retrains: tuple[float, ...] = ()

    @property
    def saved(self) -> float:
        return 1 - self.labelled / self.documents - (1 - RECALL)


def job(topics: dict[str, str], seeds: int, batch: int) -> dict[str, Any]:
    """What both sides are given."""
    import numpy as np

    reports = [each for each in corpus.reports() if each["receiver"].strip()]
    found: dict[str, Any] = {}
    for name, pattern in topics.items():
        sent = re.compile(pattern, re.IGNORECASE)
        relevant = np.array([bool(sent.search(each["receiver"])) for each in reports])
        priors = []
        for seed in range(seeds):
            draw = np.random.default_rng(seed)
            some = (int(draw.choice(np.flatnonzero(relevant))), int(draw.choice(np.flatnonzero(~relevant))))
            priors.append(some)
        found[name] = {"relevant": np.flatnonzero(relevant).tolist(), "priors": priors}
    texts = [" ".join(each[name] for name in corpus.TEXTS) for each in reports]
    return {"texts": texts, "topics": found, "batch": batch}


def needed(relevant: list[int]) -> int:
    return -int(-RECALL * len(relevant) // 1)


def ours(work: dict[str, Any]) -> list[Run]:
    """Every topic and seed with `Screening`; the texts are vectorised once, which no figure counts."""
    from caselore.proposers.screening import Screening

    started = time.perf_counter()
    first = Screening(work["texts"])
    print(f"vectorising {len(work['texts']):,} texts: {time.perf_counter() - started:.1f} s", flush=True)
    runs = []
    for topic, about in work["topics"].items():
        relevant = set(about["relevant"])
        for seed, priors in enumerate(about["priors"]):
            screening = Screening(first.rows, seed=seed)
            screening.label({n: n in relevant for n in priors})
            times = []
            while sum(screening.labels.values()) < needed(about["relevant"]):
                before = time.perf_counter()
                shown = screening.next(work["batch"])
                times.append((time.perf_counter() - before) * 1000)
                screening.label({n: n in relevant for n in shown})
            runs.append(Run(topic, seed, len(screening.labels), len(work["texts"]), tuple(times)))
    return runs


def theirs(work: dict[str, Any]) -> list[Run]:
    """The same with ASReview's default model (ELAS u4); this runs in ASReview's own environment."""
    import numpy as np
    import pandas as pd
    from asreview import ActiveLearningCycle, Simulate
    from asreview.models.models import get_ai_config

    class Found:
        def __init__(self, least: int) -> None:
            self.least = least

        def stop(self, results: Any, labels: Any) -> bool:
            return bool(results["label"].sum() >= self.least)

    settings = get_ai_config()["value"]
    frame = pd.DataFrame({"title": [""] * len(work["texts"]), "abstract": work["texts"]})
    rows = ActiveLearningCycle.from_meta(settings).transform(frame)
    runs = []
    for topic, about in work["topics"].items():
        labels = np.zeros(len(work["texts"]), dtype=int)
        labels[about["relevant"]] = 1
        for seed, priors in enumerate(about["priors"]):
            np.random.seed(seed)
            cycle = ActiveLearningCycle.from_meta(settings, skip_feature_extraction=True)
            cycle.n_query = work["batch"]
            stop = Found(needed(about["relevant"]))
            simulation = Simulate(rows, labels, cycle, stopper=stop, skip_transform=True, print_progress=False)
            simulation.label(np.array(priors))
            simulation.review()
            runs.append(Run(topic, seed, len(simulation._results), len(labels)))
            print(f"ASReview, {topic}, seed {seed}: {runs[-1].labelled} labelled", file=sys.stderr, flush=True)
    return runs


def asreview(python: Path, work: dict[str, Any]) -> list[Run]:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "job.json"), Path(folder, "runs.json")
        given.write_text(json.dumps(work), encoding="utf-8")
        subprocess.run([python, __file__, "--side", given, made], check=True)
        return [Run(**each) for each in json.loads(made.read_text(encoding="utf-8"))]


def whole_retrain(work: dict[str, Any]) -> None:
    """The dearest retrain there can be: every report labelled, and one label more after it."""
    from caselore.proposers.screening import Screening

    screening = Screening(work["texts"])
    for topic, about in work["topics"].items():
        relevant = set(about["relevant"])
        screening.labels.clear()
        screening.forget()
        screening.label({n: n in relevant for n in range(len(work["texts"]) - 20)})
        times = []
        for n in range(len(work["texts"]) - 20, len(work["texts"])):
            before = time.perf_counter()
            screening.scores()
            times.append((time.perf_counter() - before) * 1000)
            screening.label({n: n in relevant})
        print(
            f"all labelled, {topic:10} first retrain {times[0]:6.0f} ms, "
            f"then median {statistics.median(times[1:]):5.1f} ms, longest {max(times[1:]):5.1f} ms"
        )


def show(mine: list[Run], other: list[Run], work: dict[str, Any]) -> None:
    print(f"WSS@95, batches of {work['batch']}, mean (standard deviation) over seeds; difference paired by seed")
    for topic, about in work["topics"].items():
        runs = [run for run in mine if run.topic == topic]
        share = len(about["relevant"]) / len(work["texts"])
        times = sorted(each for run in runs for each in run.retrains)
        line = f"{topic:10} {len(about['relevant']):4} relevant ({share:.1%})  ours {spread([r.saved for r in runs])}"
        theirs = {run.seed: run.saved for run in other if run.topic == topic}
        if theirs:
            gains = [run.saved - theirs[run.seed] for run in runs]
            line += f"  ASReview {spread(list(theirs.values()))}  difference {spread(gains, sign='+')}"
            line += f", ours not below in {sum(gain >= 0 for gain in gains)} of {len(gains)}"
        print(f"{line}  retrain {statistics.median(times):.0f} ms, 95 % below {times[int(0.95 * len(times))]:.0f} ms")
    if other:
        theirs = {(run.topic, run.seed): run.saved for run in other}
        every = [run.saved - theirs[run.topic, run.seed] for run in mine]
        print(f"all: difference {spread(every, sign='+')}, {sum(e >= 0 for e in every)} of {len(every)} not below")


def spread(values: list[float], sign: str = "") -> str:
    return f"{statistics.mean(values):{sign}.4f} ({statistics.stdev(values) if len(values) > 1 else 0:.4f})"


def main() -> None:
    if sys.argv[1:2] == ["--side"]:
        runs = theirs(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
        Path(sys.argv[3]).write_text(json.dumps([vars(run) for run in runs]), encoding="utf-8")
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--asreview", type=Path, help="the Python of an environment with ASReview")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--topics", default=",".join(TOPICS))
    options = parser.parse_args()
    known = TOPICS | TUNING
    work = job({name: known[name] for name in options.topics.split(",")}, options.seeds, options.batch)
    mine = ours(work)
    show(mine, asreview(options.asreview, work) if options.asreview else [], work)
    whole_retrain(work)


if __name__ == "__main__":
    main()
