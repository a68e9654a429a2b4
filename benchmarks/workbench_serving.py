"""For the benchmarks of the workbench: a study for a crew of coders, a real server on it, and clients that decide
over HTTP as the browser does (sign-in, CSRF, tokens, versions); what was acknowledged is compared with the event log.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import throwaway_postgresql

PASSWORD = "a calm long password 7"
SETTLED_S = 60
TRUE_ONCE = ("accept", "reject", "add")
"""Verbs whose decision is one row that names its token or its proposal, so that a double would be seen."""


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def database(kind: str) -> Iterator[None]:
    """DATABASE_URL names a fresh PostgreSQL that writes through to the disk, or nothing: SQLite in the study."""
    os.environ.pop("DATABASE_URL", None)
    if kind == "sqlite":
        yield
        return
    with throwaway_postgresql.server(durable=True) as address:
        throwaway_postgresql.run_sql(address, "CREATE DATABASE bench")
        os.environ["DATABASE_URL"] = address.format(name="bench")
        try:
            yield
        finally:
            from caselore.store.connect import disconnect

            disconnect()
            os.environ.pop("DATABASE_URL", None)


def crewed(place: Path, names: list[str]) -> Any:
    """A team's study, open in this process, with a coder's account for each name."""
    from caselore.study import make_study
    from caselore.workbench import serving

    study = make_study(place, title="Made-up reviews", mode="team", blind_share=0.0)
    serving.ready(study, team=True)
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    from caselore.store import opening
    from caselore.store.actions.people import make_coder

    owner, hashed = opening.owner(), make_password(PASSWORD)
    for name in names:
        make_coder(owner, name, user=User.objects.create(username=name, password=hashed))
    return study


class Server:
    """The workbench of a study in processes of its own, at one port over every restart."""

    def __init__(self, study: Path, *, kind: str = "waitress") -> None:
        self.study, self.kind, self.port = study, kind, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait for the first answer; seconds."""
        begun = time.perf_counter()
        command = [sys.executable, "-m", "caselore", "serve", str(self.study), "--port", str(self.port), "--no-browser"]
        if self.kind == "gunicorn":
            options = "--preload --workers 2 --threads 8 --keep-alive 65 --log-level warning --bind"
            application = f"caselore.workbench.wsgi:team({str(self.study)!r})"
            command = [sys.executable, "-m", "gunicorn", *options.split(), f"127.0.0.1:{self.port}", application]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        while time.perf_counter() - begun < SETTLED_S:
            assert self.process.poll() is None, f"the server ended by itself ({self.process.returncode})"
            visitor = Visitor(self.port)
            try:
                answer = visitor.get("/sign-in/")
            except OSError:
                time.sleep(0.02)
                continue
            finally:
                visitor.close()
            assert answer.status == 200, f"the first answer after a start was {answer.status}"
            return time.perf_counter() - begun
        raise AssertionError("the server did not answer within a minute")

    def kill(self) -> None:
        """End every process of it at once, as a loss of power would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    body: str
    seconds: float
    location: str = ""


class Visitor:
    """A browser's connection: cookies, one kept-alive connection, CSRF as the pages send it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form, with the token of the cookie."""
        told = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies.get("caselore_csrf", ""),
        }
        return self._ask("POST", path, urlencode(fields), told | headers)

    def close(self) -> None:
        """Leave the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        begun = time.perf_counter()
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SETTLED_S)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._line.request(method, path, body, headers | ({"Cookie": cookies} if cookies else {}))
            reply = self._line.getresponse()
            words = reply.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise ConnectionError(str(error)) from error
        for cookie in reply.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        return Answer(reply.status, words, time.perf_counter() - begun, reply.headers.get("Location", ""))


@dataclass
class Sent:
    """One decision as the client knows it; `acknowledged` when the server said that it is written."""

    token: str
    verb: str
    coder: str
    about: str
    acknowledged: bool = False
    refused: bool = False


@dataclass
class Ledger:
    """What all clients sent, how long the acknowledged took, and pages that were no page."""

    sent: list[Sent] = field(default_factory=list)
    decision_s: list[float] = field(default_factory=list)
    page_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stale: int = 0
    resent: int = 0


ROW = re.compile(r'<div class="row[^>]*? id="f-(\w+)" data-field="\w+" data-version="(\d+)"')
PROPOSAL = re.compile(r'data-what="proposal" data-id="(\w+)"[^>]*? data-field="(\w+)" data-decided=""')
OWN = re.compile(r'data-what="own" data-id="(\w+)"[^>]*? data-field="(\w+)"')


class CoderAtWork(Visitor):
    """A coder on one case after another: opens the page, decides on what it shows, undoes now and then."""

    def __init__(self, port: int, name: str, cases: list[str], ledger: Ledger, *, seed: int) -> None:
        super().__init__(port)
        self.name, self.cases, self.ledger = name, cases, ledger
        self.chance = random.Random(seed)
        self.case, self.sent = "", 0
        self.versions: dict[str, str] = {}
        self.proposals: list[tuple[str, str]] = []
        self._made = 0

    def sign_in(self) -> None:
        """By name and password, as the form does."""
        self.get("/sign-in/")
        answer = self.post("/sign-in/", {"name": self.name, "password": PASSWORD})
        assert answer.status == 302, f"{self.name} was not let in: {answer.status}"

    def open(self, case: str = "") -> None:
        """Open a case's page and read from it what can be decided."""
        self.case = case or self.chance.choice(self.cases)
        answer = self.get(f"/case/{self.case}/")
        self.ledger.page_s.append(answer.seconds)
        if answer.status != 200:
            self.ledger.faults.append(f"{answer.status} at a case's page")
            return
        self._read(answer.body)
        self.proposals = PROPOSAL.findall(answer.body)
        self.chance.shuffle(self.proposals)

    def _read(self, body: str) -> None:
        self.versions.update(ROW.findall(body))

    def next_decision(self) -> tuple[Sent, dict[str, str]]:
        """The next act on the page, not sent yet."""
        self._made += 1
        token = f"{self.name}-{self.chance.getrandbits(64):016x}-{self._made}"
        if self.proposals and self._made % 3:
            proposal, about = self.proposals.pop()
            verb = "accept" if self._made % 3 == 1 else "reject"
            fields = {"coding": proposal}
        else:
            verb, about, start = "add", "agencies", self.chance.randrange(0, 900)
            code = ("police", "health_gp", "education_school", "probation")[self._made % 4]
            fields = {
                "field": about,
                "code": code,
                "reason": token,
                "spans": f'[{{"start":{start},"end":{start + 40}}}]',
            }
        fields |= {"token": token, "seen": self.versions.get(about, "")}
        act = Sent(token, verb, self.name, fields.get("coding", ""))
        self.ledger.sent.append(act)
        return act, fields

    def send(self, act: Sent, fields: dict[str, str]) -> Answer:
        """Send an act, for the first time or again. Raises ConnectionError where no answer came."""
        answer = self.post(f"/case/{self.case}/do/{act.verb}/", fields, **{"HX-Request": "true"})
        if answer.status == 200:
            act.acknowledged = True
            self.ledger.decision_s.append(answer.seconds)
            self._read(answer.body)
        elif answer.status in (409, 422):
            act.refused = True
            self.ledger.stale += 1
            self._read(answer.body)
        else:
            self.ledger.faults.append(f"{answer.status} at {act.verb}")
        return answer


def discrepancies(ledger: Ledger) -> list[str]:
    """Every decision that was lost, doubled, or came from nowhere; the study has to be open in this process."""
    from caselore.store.models import Coding, Event

    logged = Counter(Event.objects.exclude(token=None).values_list("token", flat=True))
    known = {act.token: act for act in ledger.sent}
    found = [f"doubled in the log: {token}" for token, times in logged.items() if times > 1]
    found += [f"came from nowhere: {token}" for token in logged if token not in known]
    needless = nothing_to_write(ledger)
    written = {*logged, *needless}
    found += [f"lost: {act.verb} {act.token}" for act in ledger.sent if act.acknowledged and act.token not in written]
    found += [f"refused and yet there: {act.token}" for act in ledger.sent if act.refused and act.token in logged]
    own = Coding.objects.filter(reading__machine=False)
    reasons = Counter(own.filter(origin="added").values_list("reason", flat=True))
    answers = Counter(own.exclude(answers_to=None).values_list("answers_to", "reading__coder__name"))
    for act in (act for act in ledger.sent if act.token not in needless):
        rows = reasons[act.token] if act.verb == "add" else answers[(act.about, act.coder)]
        if rows > 1 or (act.acknowledged and rows != 1) or (act.token in logged and rows != 1):
            found.append(f"{rows} rows for {act.verb} {act.token}")
    return found


def nothing_to_write(ledger: Ledger) -> set[str]:
    """The tokens of decisions that were acknowledged and wrote nothing, for all was so by an act before."""
    from caselore.store.models import Event

    logged = set(Event.objects.exclude(token=None).values_list("token", flat=True))
    return {act.token for act in ledger.sent if act.acknowledged and act.token not in logged and _was_so(act, ledger)}


def _was_so(act: Sent, ledger: Ledger) -> bool:
    """Whether a decision had nothing to write: its coder had added the code of this proposal by an act before it."""
    from caselore.store.models import Coding

    about = Coding.objects.filter(pk=act.about).first()
    if act.verb != "accept" or about is None:
        return False
    before = [one.token for one in ledger.sent[: ledger.sent.index(act)] if one.coder == act.coder]
    own = Coding.objects.filter(reading__coder__name=act.coder, case=about.case_id, reason__in=before)
    return bool(own.filter(field=about.field, code=about.code, answer=about.answer).exists())


def tenths(seconds: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ranked = sorted(seconds)
    return {
        "p50_ms": round(1000 * ranked[len(ranked) // 2], 1) if ranked else 0.0,
        "p95_ms": round(1000 * ranked[int(len(ranked) * 0.95)], 1) if ranked else 0.0,
        "most_ms": round(1000 * ranked[-1], 1) if ranked else 0.0,
    }
