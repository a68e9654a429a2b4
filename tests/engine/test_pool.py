"""An item that hangs, crashes or raises costs itself alone."""

from __future__ import annotations

import pytest
import work

from caselore.engine.pool import Item, NotStarted, spread


def items(*payloads: str, limit_s: float = 20.0) -> list[Item]:
    return [Item(str(n), n, payload, limit_s) for n, payload in enumerate(payloads)]


def outcome(*payloads: str, limit_s: float = 20.0) -> dict[int, tuple[bytes, str]]:
    done = spread(items(*payloads, limit_s=limit_s), work.start, workers=2)
    return {one.item.ordinal: (one.result, one.error) for one in done}


def test_every_item_is_done_once() -> None:
    got = outcome(*(f"case {n}" for n in range(40)))
    assert got == {n: (f"CASE {n}".encode(), "") for n in range(40)}


def test_a_crash_costs_itself_alone() -> None:
    got = outcome("a", "crash", "b", "c")
    assert [got[n][0] for n in (0, 2, 3)] == [b"A", b"B", b"C"]
    assert "stopped the reader itself" in got[1][1]


def test_a_hang_is_given_up_and_the_others_go_on() -> None:
    got = outcome("a", "hang", "b", "c", limit_s=1.0)
    assert [got[n][0] for n in (0, 2, 3)] == [b"A", b"B", b"C"]
    assert "given up after 1 s" in got[1][1]


def test_an_error_keeps_its_sentence() -> None:
    got = outcome("raise", "memory")
    assert got[0] == (b"", "the file is torn on page 3")
    assert "more memory" in got[1][1]


def test_no_items_start_no_worker() -> None:
    assert list(spread([], work.broken_start, workers=2)) == []


def test_a_worker_that_cannot_start_is_said_so() -> None:
    with pytest.raises(NotStarted, match="exit code 7"):
        list(spread(items("a"), work.broken_start, workers=1))
    with pytest.raises(NotStarted, match="the codebook has a gap"):
        list(spread(items("a"), work.refused_start, workers=2))


def test_items_are_taken_only_as_workers_come_free() -> None:
    taken: list[int] = []

    def lazily() -> list[Item]:
        for item in items(*"abcdefghij"):
            taken.append(item.ordinal)
            yield item  # type: ignore[misc]

    stream = spread(lazily(), work.start, workers=1)
    next(stream)
    assert len(taken) <= 3
    stream.close()
