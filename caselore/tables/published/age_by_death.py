"""Age of the child by the category of death."""

from __future__ import annotations

from caselore.tables.table import Answers, Table, Where

TABLE = Table(
    id="age-by-nature-of-death",
    title="Age of the child in months, by category of death",
    chapter="Nature of the harm",
    place=20,
    source="Triennial analysis of serious case reviews 2011 to 2014, section 3.1",
    rows=Answers("nature_of_death"),
    number=Answers("child_age"),
    unit="child",
    where=(Where(Answers("child_age"), below=216, label="the child was under 18"),),
    measures=("n", "median", "lower_quartile", "upper_quartile", "lowest", "highest"),
    chart="box",
)
