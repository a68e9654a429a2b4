"""A de-identified case goes in on its way out; every check finds what must not leave, and drops or refuses it.

The checks trust nobody upstream, the masking included: what they let pass is in a closed vocabulary, a number, a
hash, or a citation that masking leaves unchanged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from caselore.codebook.codebook import load
from caselore.errors import ReleaseRefused
from caselore.records import ANSWER_STATES, STATUSES, Code, Document, Evidence, Proposal
from caselore.release.answers import RELAYS, weakest
from caselore.release.deidentify import holds_name, mask_names
from caselore.release.ids import CASE_ID
from caselore.release.layer import KEYS_11, LISTS_10, LayerJSON
from caselore.release.repeats import GROUP

if TYPE_CHECKING:
    from caselore.codebook.codebook import Codebook

_PROPOSER = r"[a-z][a-z0-9_]*@\d[\w.]*(?:/[A-Za-z0-9][A-Za-z0-9._:-]*){0,4}"
MACHINE = re.compile(rf"{_PROPOSER}(?:\+{_PROPOSER}){{0,3}}")
"""A proposer, as in `rules@1.0`, `llm@1.0/name-of-a-model`, or several that made a code together, as in
`rules@1.0+classifier@1.0`: whatever it says is a proposal."""

CODER = re.compile(r"coder-\d{1,4}|pass_[A-Z]")
"""A person who coded, under a name that says nothing."""

_READER = re.compile(r"[a-z_]{1,20}@\d[\d.]{0,8}")
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,3})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{4}",
    re.IGNORECASE,
)

Lookup = Callable[[str], Document | None]
"""From a document's sha256 to the document as read, or None where it is not at hand."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the gate: what it says, and what to do where it fails. `find` drops what breaks it."""

    name: str
    says: str
    mend: str
    find: Callable[[LayerJSON, Gate], Iterator[str]]


@dataclass
class Gate:
    """What the checks know besides the case, and what they have found so far."""

    codebook: Codebook
    persons: frozenset[str] = frozenset()
    names: Sequence[str] = ()
    """Of the case at hand: the words masked in its citation."""
    found: dict[str, Counter[str]] = field(default_factory=dict)

    def accepts(self, name: str, code: object) -> bool:
        """Whether a code is in the closed vocabulary of a field; what no field knows is in none."""
        known = self.codebook.fields.get(name) or _shipped().fields.get(name)
        if known is None or known.kind == "text" or not isinstance(code, str):
            return False
        return known.accepts(code) and (known.kind != "number" or bool(_NUMBER.fullmatch(code)))

    def results(self) -> list[dict[str, Any]]:
        """Every check by name, with what it dropped: places and counts, never values."""
        return [
            {
                "check": check.name,
                "says": check.says,
                "result": "dropped" if self.found.get(check.name) else "passed",
                "dropped": dict(sorted(self.found.get(check.name, Counter()).items())),
                "mend": check.mend,
            }
            for check in CHECKS
        ]


@cache
def _shipped() -> Codebook:
    return load()


def check_case(case: LayerJSON, gate: Gate, *, place: str, drop: bool) -> None:
    """Put a case through every check: drop and count what breaks one, or raise ReleaseRefused."""
    for check in CHECKS:
        broken = list(check.find(case, gate))
        if broken and not drop:
            raise ReleaseRefused(f"{place}: the check '{check.name}' fails at {broken[0]}. {check.mend}")
        gate.found.setdefault(check.name, Counter()).update(broken)


def supported(proposal: Proposal, gate: Gate, lookup: Lookup | None) -> tuple[Proposal, Counter[str]]:
    """The proposal without statements that nothing supports, and how many were left out, by field.

    With a `lookup`, evidence counts only if its words stand where it says. A code needs evidence, a coder's reason,
    or to be the codebook's default for silence.
    """
    out: Counter[str] = Counter()

    def stands(evidence: Evidence) -> bool:
        return lookup is None or _stands(evidence, lookup)

    def keeps(name: str, evidence: tuple[Evidence, ...], *, excused: bool) -> bool:
        kept = any(stands(each) for each in evidence) or (excused and not evidence)
        out.update([] if kept else [name])
        return kept

    codes = [code for code in proposal.codes if keeps(code.field, code.evidence, excused=_is_excused(code, gate))]
    steps = [step for step in proposal.sequence if keeps("decisions", step.evidence, excused=False)]
    items = [item for item in proposal.recommendations if keeps("recommendations", (item.evidence,), excused=False)]
    kept = replace(
        proposal,
        codes=tuple(replace(code, evidence=tuple(filter(stands, code.evidence))) for code in codes),
        sequence=tuple(replace(step, evidence=tuple(filter(stands, step.evidence))) for step in steps),
        recommendations=tuple(items),
    )
    return kept, out


def _is_excused(code: Code, gate: Gate) -> bool:
    known = gate.codebook.fields.get(code.field)
    return code.answer != "present" or bool(code.reason) or (known is not None and known.default == code.code)


def _stands(evidence: Evidence, lookup: Lookup) -> bool:
    document = lookup(evidence.sha256)
    if document is None or document.text_sha256 != evidence.text_sha256:
        return False
    return document.text[evidence.start : evidence.end] == evidence.quote


def _shape(case: LayerJSON, _: Gate) -> Iterator[str]:
    for key in [key for key in case if key not in KEYS_11]:
        del case[key]
        yield "a key that layer 1.1 does not have"


def _identifier(case: LayerJSON, _: Gate) -> Iterator[str]:
    if not CASE_ID.fullmatch(case["case_id"]):
        raise ReleaseRefused("A case id of the release is not cut from a hash; make ids with `release.ids`.")
    yield from ()


def _citation(case: LayerJSON, gate: Gate) -> Iterator[str]:
    cited = case["source_ref"]
    for part in ("title", "repository", "licence"):
        if mask_names(cited[part]).text != cited[part] or holds_name(cited[part], gate.names):
            cited[part] = ""
            yield part
    if holds_name(cited["url"], gate.names):
        cited["url"] = ""
        yield "url"


def _dates(case: LayerJSON, _: Gate) -> Iterator[str]:
    for part, text in case["source_ref"].items():
        if part != "url" and _DAY.search(text):
            case["source_ref"][part] = ""
            yield part


def _vocabulary(case: LayerJSON, gate: Gate) -> Iterator[str]:
    for key in ("source_type", "scale_band"):
        if case[key] and not gate.accepts(key, case[key]):
            case[key] = "other" if key == "source_type" else ""
            yield key
    if case["jurisdiction"] and case["jurisdiction"] not in _jurisdictions():
        case["jurisdiction"] = ""
        yield "jurisdiction"
    for name, said in list(case["fields"].items()):
        yield from _field_vocabulary(case, name, said, gate)
    for key in LISTS_10:
        case[key] = [code["code"] for code in case["fields"].get(key, {}).get("codes", ())]
    yield from _sequence_vocabulary(case, gate)
    yield from _recommendation_vocabulary(case, gate)


@cache
def _jurisdictions() -> frozenset[str]:
    text = files("caselore.release").joinpath("data", "jurisdictions.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(entry.strip() for line in lines for entry in line.split(","))


def _field_vocabulary(case: LayerJSON, name: str, said: LayerJSON, gate: Gate) -> Iterator[str]:
    if name not in gate.codebook.fields or said["answer"] not in ANSWER_STATES:
        del case["fields"][name]
        yield "a field that the codebook does not have"
        return
    unknown = [code for code in said["codes"] if not gate.accepts(name, code["code"])]
    if unknown:
        said["codes"] = [code for code in said["codes"] if code not in unknown]
        said["answer"] = "present" if said["codes"] else "withheld"
        yield from (name for _ in unknown)


def _sequence_vocabulary(case: LayerJSON, gate: Gate) -> Iterator[str]:
    for step in case["decisions"]:
        if step["agency"] is not None and not gate.accepts("agencies", step["agency"]):
            step["agency"] = None
            yield "agency of a decision"
    kept = [step for step in case["decisions"] if gate.accepts("decision_type", step["decision_type"])]
    yield from ("decision_type of a decision" for _ in range(len(case["decisions"]) - len(kept)))
    case["decisions"] = [{**step, "step": number} for number, step in enumerate(kept, 1)]


_PARTS = {"types": "recommendation_type", "addressees": "addressee", "smart": "smart"}


def _recommendation_vocabulary(case: LayerJSON, gate: Gate) -> Iterator[str]:
    for item in case["recommendations"]:
        for part, name in _PARTS.items():
            kept = [code for code in item[part] if gate.accepts(name, code)]
            yield from (f"{part} of a recommendation" for _ in range(len(item[part]) - len(kept)))
            item[part] = kept
        if item.get("repeat_group") and not GROUP.fullmatch(item["repeat_group"]):
            item["repeat_group"] = ""
            yield "group of a recommendation"
        if item["level"] and not gate.accepts("recommendation_level", item["level"]):
            item["level"] = ""
            yield "level of a recommendation"


def _standings(case: LayerJSON) -> Iterator[tuple[str, LayerJSON]]:
    """Everything that has a status and a coder, with the place where it stands."""
    for name, said in case["fields"].items():
        yield name, said
        yield from ((name, code) for code in said["codes"])
    yield from (("decisions", step) for step in case["decisions"])
    yield from (("recommendations", item) for item in case["recommendations"])


def _coders(case: LayerJSON, _: Gate) -> Iterator[str]:
    for place, item in _standings(case):
        if item["coder"] and not (MACHINE.fullmatch(item["coder"]) or CODER.fullmatch(item["coder"])):
            item["coder"] = "coder-0"
            yield place


def _statuses(case: LayerJSON, gate: Gate) -> Iterator[str]:
    for place, item in _standings(case):
        known = item["status"] in STATUSES
        earned = item["coder"] in gate.persons or item["coder"].startswith(RELAYS)
        derived = "codes" in item and bool(item["codes"])  # a field's own status is that of its codes
        if not known or (item["status"] != "proposed" and not earned and not derived):
            item["status"] = "proposed"
            yield place
    for said in case["fields"].values():
        if said["codes"]:
            said["status"] = weakest(code["status"] for code in said["codes"])
    case["status"] = weakest(item["status"] for _, item in _standings(case))


def _evidence(case: LayerJSON, _: Gate) -> Iterator[str]:
    for read in case["documents"]:
        for part, form in (("sha256", _SHA256), ("text_sha256", _SHA256), ("reader", _READER)):
            if read[part] and not form.fullmatch(read[part]):
                read[part] = ""
                yield f"{part} of a document"
    for place, item in _standings(case):
        if "evidence" not in item:
            continue
        kept = [each for each in item["evidence"] if _is_place(each)]
        yield from (place for _ in range(len(item["evidence"]) - len(kept)))
        item["evidence"] = kept


def _is_place(each: Mapping[str, Any]) -> bool:
    return (
        set(each) == {"sha256", "start", "end"}
        and bool(_SHA256.fullmatch(str(each["sha256"])))
        and isinstance(each["start"], int)
        and isinstance(each["end"], int)
        and 0 <= each["start"] < each["end"]
    )


def _numbers(case: LayerJSON, _: Gate) -> Iterator[str]:
    for key, least, most in (("year", 1850, 2200), ("n_cases", 0, 1_000_000)):
        value = case[key]
        if value is not None and not (isinstance(value, int) and least <= value <= most):
            case[key] = None
            yield key
    for place, item in _standings(case):
        if "confidence" in item and not 0 <= item["confidence"] <= 1:
            item["confidence"] = 0.0
            yield f"confidence of {place}"


CHECKS: tuple[Check, ...] = (
    Check(
        "shape", "A case has the keys of layer 1.1 and no others.", "Leave out what the layer has no place for.", _shape
    ),
    Check("anonymous ids", "Case ids are cut from a hash.", "Make ids with `release.ids`.", _identifier),
    Check(
        "closed vocabulary",
        "Every code is one that the codebook has: there is no free text.",
        "Add the code to the codebook, or take it out of the proposals.",
        _vocabulary,
    ),
    Check("no dates of birth", "No citation holds a day.", "Give the month or the year only.", _dates),
    Check(
        "no names",
        "A citation holds no word that may be a person's name.",
        "Correct the title or the publisher in the source of the case.",
        _citation,
    ),
    Check(
        "numbers",
        "Years, numbers of cases and confidences are plausible.",
        "Correct the year in the source of the case.",
        _numbers,
    ),
    Check(
        "coders",
        "Coders are proposers, or persons under a number.",
        "Name persons coder-1, coder-2 and so on before the release.",
        _coders,
    ),
    Check(
        "statuses",
        "What no person has validated is proposed.",
        "Name the coders who are persons, or leave the status `proposed`.",
        _statuses,
    ),
    Check(
        "evidence",
        "Evidence is a hash and two offsets, and no words.",
        "Propose the case again with the reader that read the document.",
        _evidence,
    ),
)
"""The gate, in its order: each check may rely on those before it."""
