"""Harm: as the primary nature, and mentioned at all."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table, Where

NEGLECT = (("nature_of_harm", "neglect"), ("risk_indicators", "neglect"))
EXPLOITATION = (("nature_of_harm", "child_sexual_exploitation"), ("risk_indicators", "child_sexual_exploitation"))

TABLE = Table(
    id="harm-primary-and-any",
    title="Neglect and sexual exploitation: as the primary harm, and mentioned at all",
    chapter="Nature of the harm",
    place=7,
    source="Triennial analysis of serious case reviews 2011 to 2014, sections 3.2.2 and 3.2.3",
    rows=Groups(
        (
            Group("neglect", "Neglect: primary", NEGLECT[:1]),
            Group("neglect_any", "Neglect: any mention", NEGLECT),
            Group("exploitation", "Sexual exploitation: primary", EXPLOITATION[:1]),
            Group("exploitation_any", "Sexual exploitation: any mention", EXPLOITATION),
        ),
        label="Harm",
    ),
    where=(Where(Answers("outcome"), ("serious_harm",), label="the index child was seriously harmed and survived"),),
    multi_response=True,
)
