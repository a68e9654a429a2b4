"""Tests of the crossed tables of a report: computed tables come in, for each its tests with their q values go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caselore.errors import TableError
from caselore.tables.inference import Inference, discoveries
from caselore.tables.result import Result
from caselore.tables.tests import association


def compared(results: Mapping[str, Result], wanted: Sequence[str]) -> dict[str, tuple[Inference, ...]]:
    """The tests of each wanted table that can be tested; all of them together are one family.

    A table that hides a small count is not tested, because a statistic could give the count away.
    """
    tests = [(name, one) for name in wanted if name in results for one in _tested(results[name])]
    adjusted = discoveries([one for _, one in tests])
    return {
        name: tuple(one for (other, _), one in zip(tests, adjusted, strict=True) if other == name)
        for name in dict.fromkeys(name for name, _ in tests)
    }


def _tested(result: Result) -> tuple[Inference, ...]:
    try:
        return tuple(one for one in association(result) if one.p == one.p)  # none where there is nothing to compare
    except TableError:
        return ()


def told(tests: Sequence[Inference]) -> tuple[str, ...]:
    """What is printed under a table: each test in one line, then what to beware of, once."""
    warnings = dict.fromkeys(warning for one in tests for warning in one.warnings)
    return (*(one.said() for one in tests), *warnings)
