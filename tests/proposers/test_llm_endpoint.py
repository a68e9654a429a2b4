"""Where text would go: addresses as users write them, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caselore.errors import ModelError
from caselore.proposers.llm.endpoint import coder_name, endpoint
from caselore.release.checks import MACHINE


@pytest.mark.parametrize(
    ("address", "url", "place"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions", "localhost:11434"),
        (" http://LOCALHOST/v1/ ", "http://localhost/v1/chat/completions", "localhost:80"),
        ("https://models.example.org/v1", "https://models.example.org/v1/chat/completions", "models.example.org:443"),
        ("https://e.example:8443/v1/chat/completions", "https://e.example:8443/v1/chat/completions", "e.example:8443"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions", "[::1]:8080"),
        ("https://x.example/a?api-version=2", "https://x.example/a/chat/completions?api-version=2", "x.example:443"),
    ],
)
def test_addresses_as_people_write_them(address: str, url: str, place: str) -> None:
    found = endpoint(address, "small")
    assert (found.url, found.place) == (url, place)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:11434/v1",
        "ftp://localhost/v1",
        "http://",
        "http://good.example\\@bad.example/v1",
        "http://good.example /v1",
        "http://good.example:99999/v1",
        "http://exämple.org/v1",
        "http://-bad.example/v1",
        "http://a..%2f/v1",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ModelError):
        endpoint(address, "small")


@pytest.mark.parametrize(
    "address", ["https://me:sk-1234567890@x.example/v1", "https://x.example/v1?api_key=sk-1234567890"]
)
def test_a_key_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ModelError, match="CASELORE_LLM_KEY") as refused:
        endpoint(address, "small")
    assert "sk-1234567890" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 300])
def test_a_model_needs_a_name(name: str) -> None:
    with pytest.raises(ModelError, match="--model"):
        endpoint("http://localhost/v1", name)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("192.168.0.5", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("gpu", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert endpoint(f"http://{host}:8000/v1", "small").loopback is loopback


def test_the_host_must_be_named_exactly() -> None:
    place = endpoint("https://models.example.org/v1", "small")
    assert place.is_at("models.example.org")
    assert place.is_at(" Models.Example.org:443\n")
    for other in ("example.org", "models.example.org:80", "https://models.example.org", "", "*"):
        assert not place.is_at(other)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("qwen2.5:7b", "qwen2.5:7b"),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        ("/home/somebody/models/small model.gguf", "small-model.gguf"),
        ("C:\\Users\\somebody\\small.gguf", "small.gguf"),
        ("~/small.gguf", "small.gguf"),
        ("modèle @ home", "mod-le-home"),
        ("//", "model"),
    ],
)
def test_a_coder_s_name_holds_no_folder_of_somebody(model: str, name: str) -> None:
    assert coder_name(model) == name


@given(st.text(min_size=1, max_size=200))
def test_the_gate_of_a_release_knows_such_coders(model: str) -> None:
    assert MACHINE.fullmatch(f"llm@1.0/{coder_name(model)}")
