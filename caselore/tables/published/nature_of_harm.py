"""Nature of the serious harm."""

from __future__ import annotations

from caselore.tables.table import Answers, Table, Where

TABLE = Table(
    id="nature-of-harm",
    title="Nature of the serious harm",
    chapter="Nature of the harm",
    place=2,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 21",
    rows=Answers("nature_of_harm"),
    where=(Where(Answers("outcome"), ("serious_harm",), label="the index child was seriously harmed and survived"),),
)
