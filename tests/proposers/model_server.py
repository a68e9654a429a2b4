"""A stand-in for a model's server, in a process of its own: it speaks chat completions and fails as it is told to.

    python model_server.py [PORT]

prints its port, answers questions from cue words, and never leaves the machine. How it behaves is written in the name
of the model (``stub:prose,invents``); faults of single requests are queued with POST /faults, e.g. ["429", "reset"].
GET /log gives every request as received, GET /log?MODEL those to one model.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CUES: dict[str, list[tuple[str, str]]] = {
    "outcome": [("died", "death"), ("death of", "death"), ("seriously injured", "serious_harm")],
    "child_gender": [("girl", "female"), ("boy", "male")],
    "child_age_band": [("month-old", "under_1")],
    "incident_year": [("2018", "2018")],
    "child_protection_plan": [("child protection plan", "current")],
    "agencies": [
        ("health visitor", "health_community"),
        ("police", "police"),
        ("hospital", "health_acute"),
        ("midwife", "voluntary_sector"),  # wrong on purpose: what no other proposer would say
    ],
    "risk_indicators": [("domestic abuse", "domestic_abuse"), ("heroin", "substance_use")],
    "integrity_flags": [("not shared", "information_not_shared")],
    "learning_themes": [("not shared", "information_sharing")],
    "recommendation_type": [("training", "training")],
    "decision_type": [
        ("referred", "referral_made"),
        ("assessed", "assessment"),
        ("convicted", "prosecution_conviction"),
    ],
}
STEP_AGENCIES = {"assessment": "childrens_social_care", "prosecution_conviction": "cps"}
FAULTS: list[str] = []
LOG: list[dict[str, Any]] = []


def passages(prompt: str) -> list[tuple[int, str]]:
    """The numbered passages between the lines of signs."""
    text = prompt.split("==========")[1]
    return [(int(number), words) for number, words in re.findall(r"^\[(\d+)\] (.*)$", text, re.M)]


def statements(field: str, prompt: str) -> list[dict[str, Any]]:
    """What the cue words of a field find, each with the words around it."""
    found = []
    for number, words in passages(prompt):
        for cue, code in CUES.get(field, []):
            if place := re.search(rf"(?:\S+ ){{0,2}}\S*{re.escape(cue)}\S*(?: \S+){{0,2}}", words, re.I):
                each = {"code": code, "quote": place.group(), "passage": number, "confidence": 0.9}
                found.append(each | ({"agency": STEP_AGENCIES.get(code)} if field == "decision_type" else {}))
    return found


def coded(prompt: str, how: set[str]) -> dict[str, Any]:
    """The codes of every field that the prompt asks about, with what the model's name adds to them."""
    said: dict[str, Any] = {}
    for field in re.findall(r"^`(\w+)`:", prompt, re.M):
        codes: list[Any] = statements(field, prompt)
        if "invents" in how and codes:
            codes.append({**codes[0], "quote": "the lighthouse keeper telephoned the harbour master twice"})
            codes[-1]["code"] = "housing" if field == "agencies" else codes[0]["code"]
        if "strange" in how:
            codes.append({"code": "clairvoyants", "quote": passages(prompt)[0][1][:60], "passage": 1, "confidence": 1})
        if "types" in how:
            codes = [each | {"confidence": "certain", "passage": "somewhere"} for each in codes]
            codes += [{"code": ["police"], "quote": 7}, {"code": True, "quote": {}}, True, None]
        said[field] = {"answer": "present" if codes else "not_mentioned", "quote": "", "codes": codes}
    if "strange" in how:
        said["credibility_of_the_mother"] = {"answer": "present", "codes": [{"code": "low", "quote": "the mother"}]}
    return said


def answer(prompt: str, how: set[str]) -> str:
    """The content of an answer, shaped as the model's name says."""
    said = coded(prompt, how)
    if "flat" in how:
        said = {"codes": [{"field": field, **each} for field, one in said.items() for each in one["codes"]]}
    words = json.dumps(said)
    if "prose" in how:
        words = f"Of course! Here is [the] coding {{as asked}}:\n\n```json\n{words}\n```\nTell me if you need more."
    if "thinks" in how:
        words = f'<think>Perhaps {{"outcome": {{"codes": [{{"code": "other"}}]}}}}? No.</think>{words}'
    if "half" in how:
        words = words[: int(len(words) * 0.6)]
    return words


def tokens(words: str) -> list[dict[str, Any]]:
    """The words as tokens with log probabilities: everything is sure, but what follows "health" is a toss-up."""
    parts = re.findall(r"\w+|\W", words)
    return [{"token": part, "logprob": -0.7 if part.startswith("health") else -0.01} for part in parts]


@dataclass(frozen=True)
class Stub:
    """The server as tests see it: its address, what it received, and what it is to do wrong next."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def log(self, model: str = "") -> list[dict[str, Any]]:
        with closing(HTTPConnection("127.0.0.1", self.port)) as line:
            line.request("GET", f"/log?{model}")
            return list(json.load(line.getresponse()))

    def faults(self, *names: str) -> None:
        with closing(HTTPConnection("127.0.0.1", self.port)) as line:
            line.request("POST", "/faults", json.dumps(names))
            line.getresponse().read()

    def bodies(self, model: str) -> list[dict[str, Any]]:
        return [each["body"] for each in self.log(model)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        path, _, model = self.path.partition("?")
        asked = [each for each in LOG if not model or each["body"]["model"] == model]
        self.send(200, asked if path == "/log" else {"data": [{"id": "stub"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/faults":
            FAULTS[:] = body
            self.send(200, {})
            return
        LOG.append({"path": self.path, "headers": dict(self.headers), "body": body})
        how = set(body["model"].partition(":")[2].split(","))
        if FAULTS and self.fault(FAULTS.pop(0)):
            return
        if (refused := self.refusal(body, how)) is not None:
            self.send(*refused)
            return
        self.send(200, self.completion(body, how))

    def refusal(self, body: dict[str, Any], how: set[str]) -> tuple[int, Any] | None:
        form = body.get("response_format", {}).get("type", "")
        if "schemaless" in how and form == "json_schema":
            return 400, {"error": {"message": "response_format.json_schema is not supported"}}
        if "formless" in how and form:
            return 422, {"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]}
        if "mute404" in how and form:
            return 404, "not found"
        if "plainest" in how and {"seed", "logprobs", "temperature", "max_tokens"} & set(body):
            named = next(name for name in ("logprobs", "max_tokens", "temperature", "seed") if name in body)
            return 400, {"error": {"message": f"Unsupported parameter: '{named}'"}}
        if "locked" in how:
            return 401, {"error": {"message": f"Incorrect key: {self.headers.get('Authorization')}"}}
        if "filters" in how:
            return 400, {"error": {"message": "The prompt was filtered by the content management policy"}}
        if "wanders" in how:
            return 307, {"to": "elsewhere"}
        if "refuses" in how:
            return 400, {"error": {"message": "no"}}
        if "unknown" in how:
            return 404, {"error": {"message": f"model '{body['model']}' not found"}}
        return None

    def completion(self, body: dict[str, Any], how: set[str]) -> Any:
        form = body.get("response_format", {}).get("type", "plain")
        words = answer(body["messages"][-1]["content"], how)
        if "babbles" in how or ("schemababble" in how and form == "json_schema"):
            words = "I am sorry, I would rather speak of the weather."
        if "empty" in how:
            return {"choices": []}
        if "declines" in how:
            return {"choices": [{"message": {"content": None, "refusal": "I cannot help."}}]}
        choice: dict[str, Any] = {"finish_reason": "length" if "half" in how else "stop", "index": 0}
        parts = [{"type": "text", "text": words[:9]}, {"type": "text", "text": words[9:]}, {"type": "image"}]
        choice["message"] = {"role": "assistant", "content": parts if "parts" in how else words}
        if body.get("logprobs") and "sure" in how:
            choice["logprobs"] = {"content": tokens(words)}
        return {"choices": [choice], "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}

    def fault(self, name: str) -> bool:
        """Do one fault; False for `ok`, which answers as ever."""
        kind, _, value = name.partition(" ")
        if kind == "ok":
            return False
        if kind == "slow":
            time.sleep(float(value))
            return False
        if kind == "hang":
            time.sleep(float(value))
            self.close_connection = True
        elif kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"choices": [{"mess')
            self.wfile.flush()
            time.sleep(0.05)
            self.connection.close()
            self.close_connection = True
        elif kind == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
            for _ in range(int(value)):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
            self.close_connection = True
        elif kind == "huge":
            self.send(200, {"choices": [{"message": {"content": "x" * 9_000_000}}]})
        elif kind == "broken":
            self.send(200, '{"choices": [{"message": {"content": "half of')
        elif kind == "behind":
            self.send(200, {"error": {"code": 503, "message": "the server behind is overloaded"}})
        elif kind == "html":
            self.send(200, "<html>Please sign in</html>")
        else:
            self.send(int(kind), {"error": {"message": "later"}}, retry_after=value)
        return True

    def send(self, status: int, body: Any, retry_after: str = "") -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:1/v1/chat/completions")
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Quiet: callers break off on purpose."""


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
