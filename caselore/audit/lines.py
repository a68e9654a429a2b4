"""In: findings. Out: lines for a terminal, grouped by kind: the place first, the sum on one line, then the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten, wrap

from caselore.audit.finding import KINDS, Finding

WIDTH = 110


def report_lines(findings: Sequence[Finding], hidden: int, width: int = WIDTH) -> Iterator[str]:
    """The findings as a person reads them, and how many stay hidden below the asked confidence."""
    for kind, heading in KINDS.items():
        ours = [finding for finding in findings if finding.kind == kind]
        if ours:
            yield f"{heading} ({len(ours)})"
            for finding in ours:
                yield from _lines(finding, width)
            yield ""
    noun = "finding" if len(findings) == 1 else "findings"
    more = f"; {hidden} less sure not shown (--least 0 shows all)" if hidden else ""
    yield f"{len(findings)} {noun}{more}." if findings or hidden else "Nothing found that cannot be right."


def _lines(finding: Finding, width: int) -> Iterator[str]:
    yield ""
    where = finding.where
    yield f"  {where.named()}  [{finding.confidence:.2f}]"
    yield f"      {finding.sum}"
    yield from wrap(finding.sentence, width, initial_indent="      ", subsequent_indent="      ")
    quoted = shorten(where.words, 3 * width, placeholder=" ...")
    yield from wrap(f"“{quoted}”", width, initial_indent="      ", subsequent_indent="       ")
    if finding.also:
        yield f"      against {finding.also.named()}:"
        also = shorten(finding.also.words, 2 * width, placeholder=" ...")
        yield from wrap(f"“{also}”", width, initial_indent="      ", subsequent_indent="       ")
