"""Coded layers as whole files: a published layer written again, a release's layer streamed, either validated."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TextIO

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from caselore.documents.layer import Layer, LayerCase
from caselore.errors import LayerError
from caselore.release.layer import LISTS_10, LayerJSON

VERSIONS = ("1.0", "1.1")
"""The versions of the coded layer that have a JSON Schema here."""

TITLE = "Case reviews: coded layer (derived, anonymised)"

ANONYMISATION_NOTE = (
    "Coded structural layer only: no narrative, no names of people, no dates of birth. Institutions appear only in "
    "the public citation, in which every word that may be a person's name is masked as [name]. Case ids are cut from "
    "a hash. Integrity flags are failures that the source reviews themselves identified: record integrity, never "
    "anybody's credibility."
)


def layer_json(layer: Layer) -> LayerJSON:
    """A layer as read, as JSON of its own form again: equal in content to the file that was read."""
    head = ("schema_version", "dataset_version", "generated", "title", "coder", "anonymisation_note")
    flat = layer.form == "flat"
    return {
        **{key: getattr(layer, key) for key in head if getattr(layer, key)},
        **layer.extra,
        "cases": [_case_json(case, flat=flat) for case in layer.cases],
    }


def _case_json(case: LayerCase, *, flat: bool) -> LayerJSON:
    cited = dict(case.source_ref) if flat else {"source_ref": dict(case.source_ref)}
    steps = [
        {"step": step.step, "decision_type": step.decision_type, "agency": step.agency, **step.extra}
        for step in case.decisions
    ]
    optional = {"n_cases": case.n_cases, "note": case.note, "fields": dict(case.fields), "status": case.status}
    return {
        "case_id": case.case_id,
        "source_type": case.source_type,
        "jurisdiction": case.jurisdiction,
        "year": case.year,
        "scale_band": case.scale_band,
        **cited,
        **{key: list(getattr(case, key)) for key in LISTS_10[:2]},
        "decisions": steps,
        "integrity_flags": list(case.integrity_flags),
        **{key: value for key, value in optional.items() if value not in (None, "", {})},
        **case.extra,
    }


@cache
def schema(version: str) -> Mapping[str, Any]:
    """The JSON Schema of a version of the coded layer. Raises LayerError for a version that has none."""
    if version not in VERSIONS:
        raise LayerError(f"There is no coded layer {version!r}; 'schema_version' is one of {', '.join(VERSIONS)}.")
    found: Mapping[str, Any] = json.loads(
        files("caselore.release").joinpath("schema", f"coded-layer-{version}.json").read_text("utf-8")
    )
    return found


def validate(value: object, *, name: str) -> None:
    """Raise LayerError unless the parsed JSON is a coded layer of its `schema_version`; `name` is the file's."""
    version = value.get("schema_version") if isinstance(value, Mapping) else None
    if not isinstance(version, str):
        raise LayerError(f"{name}: a coded layer is an object with a 'schema_version' (1.0 or 1.1); add it.")
    error = best_match(Draft202012Validator(schema(version)).iter_errors(value))
    if error is not None:
        raise LayerError(f"{name}, {_place(error)}: {_mend(error)}")


def _place(error: ValidationError) -> str:
    """Where in the file, for a person: cases by their number, keys by name."""
    path = list(error.absolute_path)
    if path[:1] == ["cases"] and len(path) > 1:
        inside = " > ".join(str(part + 1) if isinstance(part, int) else f"'{part}'" for part in path[2:])
        return f"case {int(path[1]) + 1}" + (f", {inside}" if inside else "")
    return "'" + "' > '".join(map(str, path)) + "'" if path else "the top of the file"


def _mend(error: ValidationError) -> str:
    """What to do about it; the value itself is not repeated, since it may be a name."""
    told = {
        "required": "add {}",
        "additionalProperties": "take out the keys that this version of the layer does not have",
        "enum": "write one of {}",
        "const": "write {}",
        "type": "make it {}",
        "pattern": "write it in the form {}",
        "uniqueItems": "name each code once",
        "minimum": "write a number from {}",
        "maximum": "write a number up to {}",
    }.get(str(error.validator), "see the JSON Schema ({})")
    wanted: Any = error.validator_value
    if error.validator == "required" and isinstance(error.instance, Mapping):
        wanted = [key for key in wanted if key not in error.instance]
    listed = ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    return told.format(listed) + "."


class LayerWriter:
    """Writes a layer case by case, one line each, so that it need not fit into memory."""

    def __init__(self, file: TextIO, head: Mapping[str, Any]) -> None:
        self._file, self._first = file, True
        start = json.dumps(head, ensure_ascii=False, indent=2)
        file.write(start.removesuffix("\n}") + ',\n  "cases": [')

    def write(self, case: Mapping[str, Any]) -> None:
        """Append one case."""
        self._file.write(("" if self._first else ",") + "\n    " + json.dumps(case, ensure_ascii=False))
        self._first = False

    def close(self) -> None:
        """End the list and the file's object; the file itself stays open."""
        self._file.write("\n  ]\n}\n")


def layer_head(
    version: str, *, generated: str, coder: str, codebooks: Mapping[str, str], passes: Sequence[Mapping[str, str]]
) -> LayerJSON:
    """The keys of a layer above its cases; 1.1 also names codebooks and passes."""
    head: LayerJSON = {
        "schema_version": version,
        "dataset_version": "1.0",
        "generated": generated,
        "title": TITLE,
        "coder": coder,
        "anonymisation_note": ANONYMISATION_NOTE,
    }
    if version == "1.1":
        head |= {"codebook": dict(codebooks), "passes": [dict(each) for each in passes]}
    return head


def coder_statement(coders: Iterable[str], *, draft: bool) -> str:
    """Who coded, for a layer's `coder`; worded so that a draft cannot be read as validated."""
    named = ", ".join(sorted(coders)) or "nobody"
    return f"{named}; not all validated by a person" if draft else f"{named}; every code validated by a person"
