"""In: a question. Out: the model's answer to it, by the strictest way of asking that its server takes.

The rungs are those of OpenAI-compatible servers: a JSON schema, any JSON object, plain text. What a server refuses, or
answers with nonsense, is remembered in the ledger and not tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from caselore.proposers.llm.client import Client, Cost, NoAnswer, Refused
from caselore.proposers.llm.ledger import Ledger
from caselore.proposers.llm.prompts import Prompt
from caselore.proposers.llm.settings import Asking, settings

RUNGS = ("json_schema", "json_object", "plain")

EXTRAS = ("logprobs", "seed", "temperature")
"""What not every server takes, and no answer depends on; the first that a complaint names is left out."""

LIMITS = ("max_tokens", "max_completion_tokens", "")
"""How servers call the longest answer; newer models take the second only, a few neither."""

_TOO_LONG = re.compile(r"context.{0,20}(length|window|size)|too long|too many tokens|exceed\w* .{0,30}context", re.I)
_NO_MODEL = re.compile(r"model.{0,80}(not found|not exist|unknown|not loaded)|(no such|unknown) model", re.I)

_UNWELCOME = re.compile(r"content.{0,3}(filter|management|policy)|moderation|safety (system|policy)", re.I)
"""Reviews tell of abuse, and some hosts refuse whatever does."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How one server wants to be asked, as far as it is known."""

    rung: int = 0
    without: tuple[str, ...] = ()
    limit: str = LIMITS[0]
    nonsense: int = 0

    def milder(self, complaint: str) -> Manners | None:
        """The way to ask after a refusal: without what it names, else without extras, else one rung down."""
        left = [name for name in EXTRAS if name not in self.without]
        if self.limit and self.limit in complaint:
            return replace(self, limit=LIMITS[LIMITS.index(self.limit) + 1])
        if re.search(r"response_format|json_schema|json_object", complaint):
            return self.lower()
        if named := next((name for name in left if name in complaint), None):
            return replace(self, without=(*self.without, named))
        if left:
            return replace(self, without=EXTRAS)
        return self.lower()

    def lower(self) -> Manners | None:
        """One rung down, or None below the last."""
        return replace(self, rung=self.rung + 1, nonsense=0) if self.rung + 1 < len(RUNGS) else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model wrote; `tokens` are its tokens with their log probabilities, where the server gives them."""

    content: str
    cut: bool = False
    rung: str = ""
    tokens: tuple[tuple[str, float], ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """For the cache."""
        return asdict(self)


def reply_of(kept: Mapping[str, Any]) -> Reply:
    """A reply out of the cache."""
    return Reply(kept["content"], kept["cut"], kept["rung"], tuple((str(t), float(p)) for t, p in kept["tokens"]))


class Ladder:
    """Asks one endpoint, and remembers how it wants to be asked."""

    def __init__(self, client: Client, ledger: Ledger, asking: Asking) -> None:
        self._client, self._ledger, self._asking = client, ledger, asking
        self._name = f"manners {client.endpoint.url} {client.endpoint.model}"

    @property
    def manners(self) -> Manners:
        """What is known of the server, by this process or another."""
        known = self._ledger.fact(self._name)
        first = Manners(without=() if self._asking.logprobs else ("logprobs",))
        return Manners(**{**known, "without": tuple(known["without"])}) if known else first

    def _know(self, manners: Manners) -> None:
        self._ledger.know(self._name, asdict(manners))

    def ask(self, prompt: Prompt, usable: Callable[[str], bool], cost: Cost) -> Reply:
        """The first usable reply, from the highest rung that the server takes downwards.

        Raises:
            NoAnswer: no rung gives one; `Stopped` if the run asks no more.
        """
        known = manners = self.manners
        taught = False
        while True:
            try:
                reply = read_reply(self._client.send(self._body(prompt, manners), cost), RUNGS[manners.rung])
            except Refused as refused:
                known = manners = self._after_refusal(manners, str(refused))
                taught = True
                continue
            if reply is not None and usable(reply.content):
                self._took(known if taught else None)
                return reply
            self._nonsense(known, manners)
            lower = manners.lower()
            if lower is None:
                raise NoAnswer("its answer could not be read in any form")
            manners = lower

    def _took(self, manners: Manners | None) -> None:
        """Keep what a refusal taught, now that the server has shown that it takes this."""
        if manners is not None:
            self._know(manners)
        if not self._ledger.fact(f"{self._name} took"):
            self._ledger.know(f"{self._name} took", True)

    def _after_refusal(self, manners: Manners, complaint: str) -> Manners:
        if _TOO_LONG.search(complaint):
            raise NoAnswer(f"the question is too long for the model; give a smaller --model-context ({complaint})")
        if _UNWELCOME.search(complaint):
            raise NoAnswer(f"the server will not have this text ({complaint})")
        milder = None if _NO_MODEL.search(complaint) else manners.milder(complaint)
        if milder is not None:
            return milder
        if self._ledger.fact(f"{self._name} took"):  # it took others: the cause lies in this question
            raise NoAnswer(f"the server refuses this question ({complaint})")
        raise self._client.stopped(f"{self._client.endpoint.place} takes no such questions ({complaint})")

    def _nonsense(self, known: Manners, manners: Manners) -> None:
        """Count an unreadable answer; once it happened often, that rung is given up for all questions."""
        lower, seen = known.lower(), self.manners
        if lower is None or manners.rung != known.rung or seen.rung != known.rung:
            return
        often = seen.nonsense + 1 >= int(settings()["nonsense_before_next_rung"])
        self._know(lower if often else replace(seen, nonsense=seen.nonsense + 1))

    def _body(self, prompt: Prompt, manners: Manners) -> dict[str, Any]:
        messages = [{"role": role, "content": text} for role, text in prompt.messages]
        body: dict[str, Any] = {"model": self._client.endpoint.model, "messages": messages, "stream": False}
        extras = {"logprobs": True, "seed": int(settings()["seed"]), "temperature": 0}
        body |= {name: value for name, value in extras.items() if name not in manners.without}
        if manners.limit:
            body[manners.limit] = self._asking.answer_tokens
        if RUNGS[manners.rung] == "json_schema":
            form = {"name": "codes", "strict": True, "schema": prompt.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": form}
        elif RUNGS[manners.rung] == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body


def read_reply(answer: Mapping[str, Any], rung: str) -> Reply | None:
    """The first choice of a chat answer, None where there is none; content may come as text or as parts.

    Raises:
        NoAnswer: the model declines.
    """
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    content = _text(message.get("content")) if isinstance(message, dict) else ""
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return None
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise NoAnswer("the model declines to answer")
    if not content.strip():
        return None
    return Reply(content, choice.get("finish_reason") == "length", rung, _tokens(choice.get("logprobs"), content))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_text(part.get("text") if isinstance(part, dict) else part) for part in content)
    return ""


def _tokens(logprobs: Any, content: str) -> tuple[tuple[str, float], ...]:
    """The tokens if they make up the content, else none: then they speak of something else."""
    listed = logprobs.get("content") if isinstance(logprobs, dict) else None
    try:
        found = tuple((str(each["token"]), float(each["logprob"])) for each in listed or ())
    except (TypeError, KeyError, ValueError):
        return ()
    return found if "".join(token for token, _ in found) == content else ()
