"""A writer killed at any moment: every acknowledged decision is there, the chain verifies, nothing is repaired."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from caselore.store.actions import coding, passes
from caselore.store.connect import connect, disconnect
from caselore.store.models import Coding, Event
from caselore.store.proof import prove

WRITER = """
import sys
from caselore.study import open_study
from caselore.store import opening
owner = opening.opened(open_study(sys.argv[1]))
from caselore.store.actions import coding, passes
from caselore.store.models import Case
reading = passes.open_pass(owner, Case.objects.get())
for n in range(100_000):
    token, spans = f"{sys.argv[2]}-{n}", [(n % 50, n % 50 + 20)]
    made = coding.add(owner, reading, "agencies", "police", evidence=spans, token=token)
    print(token, made.pk, flush=True)
"""
KILLS = 5


@pytest.mark.slow
def test_every_acknowledged_decision_outlives_kill_9(study, owner, case) -> None:
    disconnect()
    acknowledged: list[str] = []
    chance = random.Random(11)
    for kill in range(KILLS):
        command = [sys.executable, "-c", WRITER, str(study.path), str(kill)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        assert writer.stdout is not None
        acknowledged.append(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.4))
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate(timeout=30)
        acknowledged += [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    connect(study)
    assert len(acknowledged) > KILLS
    tokens = dict(Event.objects.exclude(token=None).values_list("token", "subject"))
    for line in acknowledged:
        token, made = line.split()
        assert tokens[token] == made
        assert Coding.objects.filter(pk=made).exists()
    assert Coding.objects.filter(reading__machine=False, retracted=False).count() == 1
    assert prove().holds


def test_many_at_once_lose_and_double_nothing(study, owner, case, person: Callable[..., object]) -> None:
    from threading import Thread

    from django.db import connection

    crew = [person(f"coder {n}") for n in range(4)]
    made: list[str] = []
    wrong: list[Exception] = []

    def work(coder) -> None:
        try:
            reading = passes.open_pass(coder, case)
            for n in range(15):
                for _ in range(2):  # every decision is sent twice
                    row = coding.add(
                        coder, reading, "agencies", "police", evidence=[(n, n + 20)], token=f"{coder.pk}-{n}"
                    )
                made.append(row.pk)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(coder,)) for coder in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(made) == len(set(made)) == 60
    assert Event.objects.filter(verb="add").count() == 60
    assert Coding.objects.filter(reading__machine=False).count() == 60
    assert prove().holds


def _fill(owner, reading) -> None:
    for _ in range(50):
        passes.note(owner, reading, "x" * 4000)


def test_a_disk_that_is_full_leaves_nothing_half_written(study, owner, case) -> None:
    from django.db import DatabaseError, connection

    from caselore.store.connect import is_postgresql

    if is_postgresql():
        pytest.skip("a full disk is played with SQLite's own limit of pages")
    reading = passes.open_pass(owner, case)
    before = Event.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    with pytest.raises(DatabaseError, match="full"):
        _fill(owner, reading)
    kept = Event.objects.count()
    assert kept >= before
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert prove().holds
    passes.note(owner, reading, "room again")
    assert Event.objects.count() == kept + 1
    assert Path(study.store).exists()
