"""The columns of a release's Parquet files: what tables and reports may rely on, and nothing else leaves."""

from __future__ import annotations

import pyarrow as pa

CASE_NUMBER = ("case_number", pa.int32())
"""The place of a row's case among the cases of this release, from 0: joins by it are quick. Not an id: it changes."""

CASES = pa.schema(
    [
        ("case_id", pa.string()),
        ("source_type", pa.string()),
        ("jurisdiction", pa.string()),
        ("year", pa.int32()),  # of publication
        ("scale_band", pa.string()),
        ("title", pa.string()),  # the citation, masked
        ("publisher", pa.string()),
        ("licence", pa.string()),
        ("url", pa.string()),
        ("n_cases", pa.int32()),  # how many cases the source says it covers
        ("children", pa.int32()),
        ("incident_year", pa.int32()),
        ("status", pa.string()),  # the weakest status among the case's codes
        ("document", pa.string()),  # sha256
        CASE_NUMBER,
    ]
)

CODES = pa.schema(
    [
        ("case_id", pa.string()),
        ("field", pa.string()),
        ("answer", pa.string()),
        ("code", pa.string()),  # empty unless the answer is `present`
        ("value", pa.float64()),  # of number fields
        ("status", pa.string()),
        ("confidence", pa.float64()),
        ("coder", pa.string()),
        ("evidence", pa.int32()),  # how many quotations stand behind it; their places are in layer.json
        CASE_NUMBER,
    ]
)

DECISIONS = pa.schema(
    [
        ("case_id", pa.string()),
        ("step", pa.int32()),  # from 1
        ("decision_type", pa.string()),
        ("agency", pa.string()),  # null: not stated
        ("status", pa.string()),
        ("confidence", pa.float64()),
        CASE_NUMBER,
    ]
)

RECOMMENDATIONS = pa.schema(
    [
        ("case_id", pa.string()),
        ("number", pa.int32()),
        ("types", pa.list_(pa.string())),
        ("addressees", pa.list_(pa.string())),
        ("level", pa.string()),
        ("smart", pa.list_(pa.string())),
        ("time_frame", pa.bool_()),  # whether one is stated
        ("repeat_group", pa.string()),  # the same where several reviews ask for the same; else null
        ("status", pa.string()),
        ("confidence", pa.float64()),
        CASE_NUMBER,
    ]
)

TABLES: dict[str, pa.Schema] = {
    "cases": CASES,
    "codes": CODES,
    "decisions": DECISIONS,
    "recommendations": RECOMMENDATIONS,
}
