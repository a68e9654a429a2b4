"""In: the address and the model that a user names. Out: where texts would go, and whether that is this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from caselore.errors import ModelError

CHAT = "/chat/completions"
MOST_LETTERS = 200

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
_SECRET = re.compile(r"key|token|secret|password|sig|auth", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\\\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One chat endpoint and one model there; `url` is the whole address that texts are posted to."""

    url: str
    host: str
    port: int
    encrypted: bool
    model: str

    @property
    def loopback(self) -> bool:
        """Whether the address is that of this machine."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def place(self) -> str:
        """Host and port, as a person reads them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def is_at(self, named: str) -> bool:
        """Whether `named` (a host, or host:port) is where this endpoint is."""
        said = named.strip().lower()
        return said in {self.host, f"[{self.host}]", self.place}


def endpoint(address: str, model: str) -> Endpoint:
    """The endpoint at an address such as ``https://models.example.org/v1``.

    Raises:
        ModelError: the address is no http address, or holds a password or a key, which would be written down with it.
    """
    address = address.strip()
    parts = urlsplit(address if not _UNSAFE.search(address) else "")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ModelError(f"'{address}' is no address of a model; write it like https://models.example.org/v1.")
    if "@" in parts.netloc or any(_SECRET.search(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)):
        raise ModelError("The model's address holds a key or a password; take it out and set CASELORE_LLM_KEY instead.")
    host, port = _host(parts.hostname, address), _port(address) or _PORTS[parts.scheme]
    path = parts.path.rstrip("/")
    path = path if path.endswith(CHAT) else path + CHAT
    shown = f"[{host}]" if ":" in host else host
    end = "" if port == _PORTS[parts.scheme] else f":{port}"
    query = f"?{parts.query}" if parts.query else ""
    url = f"{parts.scheme}://{shown}{end}{path}{query}"
    return Endpoint(url, host, port, parts.scheme == "https", _model(model))


def _host(host: str, address: str) -> str:
    """The host in small letters; names that could be read in two ways are refused."""
    try:
        return str(ip_address(host))
    except ValueError:
        if _HOST.fullmatch(host):
            return host
    raise ModelError(f"'{address}': write the host in plain letters, digits, dots and hyphens.")


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:
        raise ModelError(f"'{address}': the port is a number from 1 to 65535.") from None


def _model(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise ModelError("Name the model as its server calls it, with --model NAME.")
    return name


def coder_name(model: str) -> str:
    """The model's name as a part of a coder's id: plain letters; of a path of files only the last part.

    A path would carry the name of somebody's home folder into a release.
    """
    name = re.split(r"[/\\]", model)[-1] if re.match(r"[/~.\\]|[A-Za-z]:\\", model) else model
    plain = re.sub(r"[^A-Za-z0-9._:/-]+", "-", name)[:80]
    parts = [part.strip("._:-") for part in plain.split("/")]
    return "/".join([part for part in parts if part][-3:]) or "model"
