"""Recall and precision of the audit on fictional reports with seeded errors, by kind and by layout.

python benchmarks/audit.py [REPORTS] [--least 0.5] [--show]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from audit_layouts import LAYOUTS, render
from audit_reports import write_report
from audit_writer import ERRORS, Report, Seeded

from caselore.audit.audit import audit
from caselore.audit.finding import Finding
from caselore.documents.reader import read


def points_at(finding: Finding, seeded: Seeded) -> bool:
    """Whether a finding stands where an error was seeded."""
    words = " ".join((finding.where.words, finding.printed, finding.sum, finding.where.cell))
    if finding.also and not seeded.table:
        words += " " + finding.also.words
    return (not seeded.table or finding.where.table == seeded.table) and seeded.words in words.replace("n = ", "n=")


def measure(report: Report, findings: list[Finding]) -> tuple[list[Seeded], list[Finding]]:
    """The seeded errors that were found, and the findings that point at none."""
    found = [s for s in report.seeded if any(points_at(f, s) for f in findings)]
    stray = [f for f in findings if not any(points_at(f, s) for s in report.seeded)]
    return found, stray


def tell(layout: str, seed: int, report: Report, found: list[Seeded], others: list[Finding]) -> None:
    """Print what was missed and what points at nothing."""
    for each in report.seeded:
        if each not in found:
            print(f"missed {layout} {seed} {each.kind}: {each.words} {each.table}")
    for finding in others:
        print(f"stray  {layout} {seed} {finding.kind} {finding.where.named()}: {finding.sum}")


@dataclass(slots=True)
class Score:
    """Counts by kind, and by layout as (seeded, found, stray); `clean` are findings on reports without errors."""

    seeded: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    stray: Counter[str] = field(default_factory=Counter)
    layouts: dict[str, list[int]] = field(default_factory=dict)
    clean: int = 0

    def add(self, layout: str, report: Report, findings: list[Finding]) -> tuple[list[Seeded], list[Finding]]:
        """Count one report."""
        found, others = measure(report, findings)
        self.seeded.update(each.kind for each in report.seeded)
        self.hit.update(each.kind for each in found)
        self.stray.update(each.kind for each in others)
        self.clean += 0 if report.seeded else len(findings)
        mine = self.layouts.setdefault(layout, [0, 0, 0])
        for i, count in enumerate((len(report.seeded), len(found), len(others))):
            mine[i] += count
        return found, others

    def lines(self) -> Iterator[str]:
        """The table."""
        yield f"{'kind':24}{'seeded':>8}{'found':>8}{'recall':>8}{'stray':>8}{'precision':>11}"
        for kind in ERRORS:
            hit, stray, seeded = self.hit[kind], self.stray[kind], self.seeded[kind]
            share = hit / (hit + stray) if hit + stray else 1.0
            yield f"{kind:24}{seeded:8}{hit:8}{hit / max(1, seeded):8.2f}{stray:8}{share:11.2f}"
        for layout, (seeded, hit, stray) in self.layouts.items():
            yield f"{layout:24}{seeded:8}{hit:8}{hit / max(1, seeded):8.2f}{stray:8}"


def main() -> None:
    """Print recall and precision."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="?", type=int, default=4)
    parser.add_argument("--least", type=float, default=0.5)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--show", action="store_true", help="tell every miss and every stray finding")
    args = parser.parse_args()
    score, started = Score(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for layout, seed in product(LAYOUTS, range(args.first, args.first + args.reports)):
            faults = dict.fromkeys(ERRORS, 1 + seed % 2)
            for report in (write_report(seed), write_report(seed, faults)):
                every = audit(read(render(report, layout, Path(folder))))
                found, others = score.add(layout, report, [f for f in every if f.confidence >= args.least])
                if args.show:
                    tell(layout, seed, report, found, others)
    print(*score.lines(), sep="\n")
    print(f"findings on reports without errors: {score.clean}; {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
