"""Recall and precision of the audit on fictional reports with seeded errors, by kind and by layout.

    python benchmarks/audit.py [REPORTS] [--least 0.5] [--show]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from audit_reports import ERRORS, LAYOUTS, Report, Seeded, render, write_report

from caselore.audit.audit import audit
from caselore.audit.finding import Finding
from caselore.documents.reader import read

SAME = {"percentage": {"percentage", "impossible_percentage"}}
"""Kinds that serve as well as the seeded one."""


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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", nargs="?", type=int, default=4)
    parser.add_argument("--least", type=float, default=0.5)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--first", type=int, default=1000)
    args = parser.parse_args()
    seeded, hit, stray, by_layout = Counter[str](), Counter[str](), Counter[str](), {}
    clean = 0
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS:
            mine = Counter[str]()
            for k in range(args.reports):
                seed = args.first + k
                faults = {kind: random.Random(seed).choice((1, 2)) for kind in ERRORS}
                for spoilt in (False, True):
                    report = write_report(seed, faults if spoilt else None)
                    every = audit(read(render(report, layout, Path(folder))))
                    findings = [f for f in every if f.confidence >= args.least]
                    found, others = measure(report, findings)
                    if not spoilt:
                        clean += len(findings)
                    mine.update(seeded=len(report.seeded), hit=len(found), stray=len(others))
                    seeded.update(s.kind for s in report.seeded)
                    hit.update(s.kind for s in found)
                    stray.update(f.kind for f in others)
                    if args.show:
                        for s in report.seeded:
                            if s not in found:
                                print(f"missed {layout} {seed} {s.kind}: {s.words} {s.table}")
                        for f in others:
                            print(f"stray  {layout} {seed} {f.kind} {f.where.named()}: {f.sum} | {f.where.words[:120]}")
            by_layout[layout] = mine
    print(f"{'kind':24}{'seeded':>8}{'found':>8}{'recall':>8}{'stray':>8}{'precision':>11}")
    for kind in ERRORS:
        share = hit[kind] / (hit[kind] + stray[kind]) if hit[kind] + stray[kind] else 1.0
        print(f"{kind:24}{seeded[kind]:8}{hit[kind]:8}{hit[kind] / max(1, seeded[kind]):8.2f}{stray[kind]:8}{share:11.2f}")
    for layout, c in by_layout.items():
        print(f"{layout:24}{c['seeded']:8}{c['hit']:8}{c['hit'] / max(1, c['seeded']):8.2f}{c['stray']:8}")
    print(f"findings on clean reports: {clean}; {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
