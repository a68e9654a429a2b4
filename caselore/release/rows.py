"""A case of the coded layer 1.1 goes in; its rows for the four Parquet files come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def case_rows(case: Mapping[str, Any], number: int) -> Rows:
    """The rows of one case, by file name, in the columns of `columns.TABLES`; `number` is its place, from 0."""
    rows: Rows = {
        "cases": [_case(case)],
        "codes": list(_codes(case)),
        "decisions": [_decision(case["case_id"], step) for step in case["decisions"]],
        "recommendations": [_recommendation(case["case_id"], item) for item in case["recommendations"]],
    }
    return {name: [row | {"case_number": number} for row in held] for name, held in rows.items()}


def _case(case: Mapping[str, Any]) -> Row:
    cited = case["source_ref"]
    return {
        "case_id": case["case_id"],
        "source_type": case["source_type"],
        "jurisdiction": case["jurisdiction"],
        "year": case["year"],
        "scale_band": case["scale_band"],
        "title": cited["title"],
        "publisher": cited["repository"],
        "licence": cited["licence"],
        "url": cited["url"],
        "n_cases": case["n_cases"],
        "children": _number(case, "children"),
        "incident_year": _number(case, "incident_year"),
        "status": case["status"],
        "document": case["documents"][0]["sha256"] if case["documents"] else "",
    }


def _number(case: Mapping[str, Any], field: str) -> int | None:
    codes = case["fields"].get(field, {}).get("codes", ())
    value = as_number(codes[0]["code"]) if codes else None
    return None if value is None else round(value)


def as_number(digits: str) -> float | None:
    """The value of a number field's code, or None where the code is no number."""
    try:
        return float(digits)
    except ValueError:
        return None


def _codes(case: Mapping[str, Any]) -> Iterator[Row]:
    for field, said in case["fields"].items():
        row = {"case_id": case["case_id"], "field": field, "answer": said["answer"]}
        if not said["codes"]:
            yield row | {
                "code": "",
                "value": None,
                "status": said["status"],
                "confidence": None,
                "coder": said["coder"],
                "evidence": 0,
            }
        for code in said["codes"]:
            yield row | {
                "code": code["code"],
                "value": as_number(code["code"]) if said["kind"] == "number" else None,
                "status": code["status"],
                "confidence": code["confidence"],
                "coder": code["coder"],
                "evidence": len(code["evidence"]),
            }


def _decision(case_id: str, step: Mapping[str, Any]) -> Row:
    return {
        "case_id": case_id,
        "step": step["step"],
        "decision_type": step["decision_type"],
        "agency": step["agency"],
        "status": step["status"],
        "confidence": step["confidence"],
    }


def _recommendation(case_id: str, item: Mapping[str, Any]) -> Row:
    names: Sequence[str] = ("number", "types", "addressees", "level", "smart", "time_frame", "status")
    told = {"case_id": case_id, "confidence": item["confidence"], "repeat_group": item.get("repeat_group") or None}
    return told | {name: item[name] for name in names}
