"""In: the body of a chat request. Out: what the server answered, or why there is no answer.

Nothing but the endpoint is spoken to: no proxy and no redirect is followed, because either would hear the text.
The key comes from the environment, goes into one header, and is cut out of everything that a server sends back.
"""

from __future__ import annotations

import json
import os
import random
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import certifi
import httpx

from caselore import __version__
from caselore.errors import ModelError
from caselore.proposers.llm.endpoint import CHAT, Endpoint
from caselore.proposers.llm.ledger import Ledger
from caselore.proposers.llm.settings import Asking, settings, tokens

KEY = "CASELORE_LLM_KEY"
"""The environment variable of the key; without it none is sent."""

LEAST_SECRET = 8
"""Letters of a key that is worth hiding; local servers take any word as a key, and answers may hold that word."""

REACH_WAITS_S = (0.0, 1.0, 2.0)
"""Waits before the tries to reach a server that may just be starting."""

REFUSED = frozenset({400, 404, 405, 415, 422, 501})
"""Answers of a server that does not take this way of asking."""

BUSY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Answers of a server that may answer later."""


class Refused(Exception):
    """The server does not take the request as it is; another way of asking may do."""


class NoAnswer(Exception):
    """The question got no answer, for this reason; others may. `passing`: another run may get one."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class Stopped(NoAnswer):
    """The run asks no more, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, passing=True)


class _Later(Exception):
    """No answer now; `wait_s` is what the server asks for, `slow` that it was a time-out."""

    def __init__(self, reason: str, *, wait_s: float | None = None, slow: bool = False) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        self.slow = slow


@dataclass(slots=True)
class Cost:
    """What was spent on a question."""

    requests: int = 0
    retries: int = 0


class Client:
    """One connection to one endpoint, within the budget of a run."""

    def __init__(self, endpoint: Endpoint, ledger: Ledger, asking: Asking, *, run: str) -> None:
        self.endpoint, self._ledger, self._asking, self._run = endpoint, ledger, asking, run
        self._key = key()
        headers = {
            "User-Agent": f"caselore/{__version__}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # a small packed answer could unpack to a huge one
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        seconds = asking.patience.timeout_s
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, 15.0)),
            trust_env=False,
            follow_redirects=False,
            verify=_authorities(endpoint),
        )

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def send(self, body: Mapping[str, Any], cost: Cost) -> dict[str, Any]:
        """Post the body and give the server's answer, asking again where waiting may help.

        Raises:
            Refused: the server does not take such a request.
            NoAnswer: it gave no usable answer in time.
            Stopped: the budget is spent, or the server is not to be asked again in this run.
        """
        patience, attempt, timeouts = self._asking.patience, 0, 0
        while True:
            attempt += 1
            try:
                answer = self._once(body, cost)
            except _Later as later:
                timeouts += later.slow
                too_slow = timeouts >= patience.attempts_after_timeout
                if attempt >= patience.attempts or too_slow or self._too_long(later):
                    self._give_up(later)
                cost.retries += 1
                time.sleep(self._wait(later, attempt))
            else:
                self._ledger.succeed(self._run)
                return answer

    def _too_long(self, later: _Later) -> bool:
        return later.wait_s is not None and later.wait_s > self._asking.patience.longest_retry_after_s

    def _give_up(self, later: _Later) -> NoReturn:
        if self._too_long(later):
            raise self.stopped(f"{self.endpoint.place} asks to wait {later.wait_s:,.0f} s ({later})") from None
        reason = f"{self.endpoint.place} gave no answer ({later})"
        self._ledger.fail(self._run, reason, most=self._asking.patience.failures_in_a_row)
        raise NoAnswer(reason, passing=True) from None

    def _wait(self, later: _Later, attempt: int) -> float:
        """What the server asks for, else twice as long each time, a little apart from the other processes."""
        if later.wait_s is not None:
            return later.wait_s
        patience = self._asking.patience
        most = min(patience.first_wait_s * 2 ** (attempt - 1), patience.most_wait_s)
        return float(most * random.uniform(0.75, 1.0))

    def stopped(self, reason: str) -> Stopped:
        """Ask no more in this run, in any process; the error to raise."""
        self._ledger.stop(self._run, reason)
        return Stopped(reason)

    def _once(self, body: Mapping[str, Any], cost: Cost) -> dict[str, Any]:
        content = json.dumps(body).encode()  # ASCII: a text may hold half a character
        asked = sum(tokens(str(each["content"])) for each in body["messages"])
        reserved = asked + self._asking.answer_tokens
        if reason := self._ledger.reserve(self._run, self._asking.budget, reserved):
            raise Stopped(reason)
        cost.requests += 1
        taken = (asked, 0)
        try:
            status, headers, text = self._post(content)
            answer = self._judged(status, headers, text)
            taken = usage(answer, asked, text)
            return answer
        except httpx.TimeoutException:
            raise _Later(f"none within {self._asking.patience.timeout_s:.0f} s", slow=True) from None
        except httpx.HTTPError as error:
            if "CERTIFICATE" in str(error).upper():
                said = self._shown(str(error))
                raise self.stopped(f"{self.endpoint.place} cannot prove who it is ({said})") from None
            raise _Later(self._shown(str(error)) or type(error).__name__) from None
        finally:
            self._ledger.settle(self._run, reserved, tokens_in=taken[0], tokens_out=taken[1])

    def _post(self, content: bytes) -> tuple[int, httpx.Headers, str]:
        """Post and read at most so much for at most so long: a server may drip, or never end."""
        until = time.monotonic() + self._asking.patience.timeout_s
        parts: list[bytes] = []
        size = 0
        with self._http.stream("POST", self.endpoint.url, content=content) as response:
            for part in response.iter_bytes():
                size += len(part)
                parts.append(part)
                if size > int(settings()["most_bytes"]):
                    raise NoAnswer(f"{self.endpoint.place} sent more than {settings()['most_bytes']:,} bytes")
                if time.monotonic() > until:
                    raise _Later(f"not finished within {self._asking.patience.timeout_s:.0f} s", slow=True)
            return response.status_code, response.headers, self.scrubbed(b"".join(parts).decode("utf-8", "replace"))

    def _judged(self, status: int, headers: httpx.Headers, text: str) -> dict[str, Any]:
        if status == 200:
            return self._read(text)
        said = f"{status}: {self._shown(complaint(text))}"
        if status in BUSY and "insufficient_quota" not in text:
            raise _Later(said, wait_s=retry_after(headers.get("retry-after", "")))
        if status in REFUSED:
            raise Refused(said)
        if status in (401, 403):
            raise self.stopped(f"{self.endpoint.place} does not accept the key; set {KEY} ({said})")
        if 300 <= status < 400:
            raise self.stopped(f"{self.endpoint.place} sends elsewhere; name that address itself ({said})")
        raise self.stopped(f"{self.endpoint.place} refuses ({said})")

    def _read(self, text: str) -> dict[str, Any]:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise _Later("what it sent is no JSON") from None
        if not isinstance(answer, dict):
            raise _Later("what it sent is no chat answer")
        error = answer.get("error")
        if error and not answer.get("choices"):
            said = self._shown(complaint(text))
            if (
                isinstance(error, dict) and error.get("code") in BUSY
            ):  # a gateway that passes on what went wrong behind it
                raise _Later(said)
            raise Refused(said)
        return answer

    def scrubbed(self, text: str) -> str:
        """The text without the key: some servers repeat it in their complaints."""
        return text.replace(self._key, "[key]") if len(self._key) >= LEAST_SECRET else text

    def _shown(self, text: str) -> str:
        return " ".join(self.scrubbed(text).split())[: int(settings()["most_shown"])]


def key() -> str:
    """The key of the environment, or the empty string.

    Raises:
        ModelError: it cannot be a key.
    """
    found = os.environ.get(KEY, "").strip()
    if not found.isascii() or not found.isprintable():
        raise ModelError(f"{KEY} holds signs that no key has; copy it again.")
    return found


def reach(endpoint: Endpoint) -> None:
    """Nothing, if somebody answers at the endpoint. No text is sent, and whatever is answered will do.

    Raises:
        ModelError: nobody answers, or not safely.
    """
    address = endpoint.url.partition("?")[0].removesuffix(CHAT) + "/models"
    headers = {"Authorization": f"Bearer {key()}"} if key() else {}
    reason = ""
    for wait in REACH_WAITS_S:
        time.sleep(wait)
        try:
            with (
                httpx.Client(timeout=15.0, trust_env=False, verify=_authorities(endpoint)) as http,
                http.stream("GET", address, headers=headers),
            ):
                return
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
    raise ModelError(f"Nobody answers at {endpoint.place} ({reason}); start the model's server, or mend the address.")


def _authorities(endpoint: Endpoint) -> ssl.SSLContext:
    """The system's certificates (a house may have its own) and those of the package certifi; none for plain http."""
    if not endpoint.encrypted:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loading them takes longer than a small answer
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def complaint(text: str) -> str:
    """The sentence in a server's error, whatever its shape."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    return found if isinstance(found, str) else json.dumps(found)


def retry_after(header: str) -> float | None:
    """Seconds that a ``Retry-After`` asks for: a number, or a date (RFC 9110, section 10.2.3)."""
    header = header.strip()
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(0.0, seconds) if seconds < float("inf") else None


def usage(answer: Mapping[str, Any], asked: int, text: str) -> tuple[int, int]:
    """Tokens in and out as the server counted them, or as we estimate them."""
    said = answer.get("usage")
    counts = said if isinstance(said, dict) else {}
    took, gave = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return (
        took if isinstance(took, int) and took > 0 else asked,
        gave if isinstance(gave, int) and gave >= 0 else tokens(len(text)),
    )
