"""Nature of the death."""

from __future__ import annotations

from caselore.tables.table import Answers, Table, Where

TABLE = Table(
    id="nature-of-death",
    title="Nature of the death",
    chapter="Nature of the harm",
    place=1,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 20",
    rows=Answers("nature_of_death"),
    where=(Where(Answers("outcome"), ("death",), label="the index child died"),),
)
