"""Nature of the death, in the groups of the report."""

from __future__ import annotations

from caselore.tables.table import Answers, Group, Groups, Table, Where

KINDS = ("overt_homicide_familial", "overt_homicide_extra_familial")
HOMICIDE = tuple(("nature_of_death", one) for one in KINDS)
DEATHS = ("sudden_unexpected_death_in_infancy", "suicide", "other_maltreatment_related")
RELATED = tuple(("nature_of_death", one) for one in DEATHS)

TABLE = Table(
    id="nature-of-death-in-groups",
    title="Nature of the death, in groups",
    chapter="Nature of the harm",
    place=1,
    source="Triennial analysis of serious case reviews 2011 to 2014, table 20",
    rows=Groups(
        (
            Group("fatal_physical_abuse", "Fatal physical abuse", (("nature_of_death", "fatal_physical_abuse"),)),
            Group("overt_homicide", "Overt homicide", HOMICIDE),
            Group("covert_homicide", "Covert homicide", (("nature_of_death", "covert_homicide"),)),
            Group("extreme_neglect", "Extreme neglect", (("nature_of_death", "extreme_neglect"),)),
            Group("maltreatment_related", "Related to maltreatment", RELATED),
            Group("not_clear", "Other, or not clear", (("nature_of_death", "not_clear"),)),
        ),
        label="Nature of the death",
    ),
    where=(Where(Answers("outcome"), ("death",), label="the index child died"),),
)
