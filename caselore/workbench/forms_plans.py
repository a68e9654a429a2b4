"""Forms of the plan: double coding, assignment, layers, sub-samples. What is typed comes in, checked values go out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from caselore.agreement.plan import MEASURES
from caselore.store.actions.planning import STRATA, Wanted
from caselore.store.models import Coder
from caselore.store.models.texts import LAYERS
from caselore.store.permissions import may
from caselore.workbench.wording import LAYER_NAMES, STRATA_NAMES

BLIND = (
    ("", "as the study's share draws each case"),
    ("yes", "yes, all of them"),
    ("no", "only where the study's own share has drawn the case"),
)
MEASURE_NAMES = {
    "alpha": "Krippendorff's alpha", "percent": "percent agreement", "ac1": "Gwet's AC1", "cohen": "Cohen's kappa",
    "fleiss": "Fleiss' kappa", "conger": "Conger's kappa", "scott": "Scott's pi",
    "brennan-prediger": "Brennan and Prediger's",
}  # fmt: skip
LAYER_CHOICES = tuple((name, LAYER_NAMES[name]) for name in LAYERS)
AS_IT_IS = (("", "leave as it is"), *LAYER_CHOICES)


def who_code() -> list[tuple[str, str]]:
    """People to whom a case can be given."""
    people = Coder.objects.filter(machine=False, active=True).order_by("name")
    return [(each.pk, each.name) for each in people if may(each, "code")]


def blind(value: str) -> bool | None:
    """What the choice of blind-first means to an assignment."""
    return {"yes": True, "no": False}.get(value)


class DoubleForm(forms.Form):
    """How many cases two or more people read, and which."""

    coders = forms.MultipleChoiceField(
        label="Who reads them", widget=forms.CheckboxSelectMultiple,
        help_text="Each of them reads every drawn case, without sight of the others' passes.",
        error_messages={"required": "Name at least two coders."},
    )  # fmt: skip
    share = forms.FloatField(
        label="Share of all cases, in percent", min_value=1, max_value=100, initial=20,
        help_text="A fifth is a common choice; the wanted interval below may ask for more.",
    )  # fmt: skip
    strata = forms.MultipleChoiceField(
        label="Drawn in proportion within each", required=False, widget=forms.CheckboxSelectMultiple,
        choices=tuple((name, STRATA_NAMES[name]) for name in STRATA), initial=["year", "source_type"],
    )  # fmt: skip
    coefficient = forms.ChoiceField(
        label="Coefficient", choices=tuple((name, MEASURE_NAMES.get(name, name)) for name in MEASURES), initial="alpha"
    )
    half_width = forms.FloatField(
        label="Wanted interval, plus and minus", required=False, min_value=0.01, max_value=0.9,
        help_text="For example 0.10 for alpha from 0.60 to 0.80. Leave it empty to go by the share alone.",
    )  # fmt: skip
    alike = forms.FloatField(
        label="Expected alpha", min_value=0.05, max_value=0.95, initial=0.7,
        help_text="How far coders are expected to correlate; take it from an earlier round.",
    )  # fmt: skip
    prevalence = forms.FloatField(
        label="How often a code is given, in percent", min_value=1, max_value=99, initial=30,
        help_text="Of the code that matters most; rare codes need more cases.",
    )  # fmt: skip
    blind_first = forms.ChoiceField(label="Without sight of proposals", required=False, choices=BLIND)
    due = forms.DateField(label="Due", required=False, widget=forms.DateInput({"type": "date"}))
    seed = forms.IntegerField(
        label="Seed of the draw", initial=1, min_value=0, max_value=2**31, help_text="The same seed draws the same."
    )

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["coders"].choices = who_code()

    def clean_coders(self) -> list[str]:
        """At least two people."""
        chosen: list[str] = self.cleaned_data["coders"]
        if len(chosen) < 2:
            raise forms.ValidationError("Double coding needs at least two coders.")
        return chosen

    def draw(self) -> dict[str, Any]:
        """What the store's draw takes."""
        told, wanted = self.cleaned_data, None
        if told["half_width"]:
            often = told["prevalence"] / 100
            wanted = Wanted(told["half_width"], told["coefficient"], told["alike"], (1 - often, often))
        return {"share": told["share"] / 100, "strata": told["strata"], "seed": told["seed"], "wanted": wanted}


class AssignForm(forms.Form):
    """Give ticked cases, or the next ones that nobody has, to a person."""

    coder = forms.ChoiceField(label="Give to")
    next = forms.IntegerField(
        label="The next cases that nobody has", required=False, min_value=1, max_value=5000,
        help_text="So many, those most in doubt first; leave it empty to give the ticked cases.",
    )  # fmt: skip
    due = forms.DateField(label="Due", required=False, widget=forms.DateInput({"type": "date"}))
    blind_first = forms.ChoiceField(label="Without sight of proposals", required=False, choices=BLIND)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["coder"].choices = [("", "choose…"), *who_code()]


class LayerForm(forms.Form):
    """How far ticked cases are read, and how far they shall be."""

    target = forms.ChoiceField(
        label="Shall be read to", choices=(("", "leave as it is"), *LAYER_CHOICES), required=False
    )
    layer = forms.ChoiceField(
        label="Has been read to", choices=(("", "leave as it is"), *LAYER_CHOICES), required=False
    )
    reason = forms.CharField(label="Reason", max_length=500, help_text="Why these cases; it is kept with each of them.")

    def clean(self) -> dict[str, Any]:
        """One of the two has to be chosen."""
        told: dict[str, Any] = super().clean() or {}
        if not (told.get("target") or told.get("layer")):
            raise forms.ValidationError("Choose the layer that the cases shall be read to, or have been read to.")
        return told


class SampleForm(forms.Form):
    """A sub-sample for deeper reading, against target margins."""

    name = forms.CharField(label="Name", max_length=120)
    layer = forms.ChoiceField(label="The picked cases shall be read to", choices=LAYER_CHOICES, initial="full_coding")
    seed = forms.IntegerField(label="Seed of the draw", initial=1, min_value=0, max_value=2**31)


_TARGET = re.compile(r"target-([a-z_]+)-(.+)")


def targets(posted: Any, columns: Iterable[str]) -> tuple[dict[str, dict[str, int]], str]:
    """{column: {value: count}} of the filled cells of the margins, and what is wrong with them, if anything."""
    found: dict[str, dict[str, int]] = {}
    for name in posted:
        match = _TARGET.fullmatch(name)
        count = posted[name].strip()
        if match is None or match[1] not in columns or not count:
            continue
        if not (count.isdecimal() and len(count) < 6):
            return {}, f"'{count[:20]}' is no number of cases; type a whole number, or leave the cell empty."
        found.setdefault(match[1], {})[match[2]] = int(count)
    return found, "" if found else "Type how many cases are wanted in at least one row."
