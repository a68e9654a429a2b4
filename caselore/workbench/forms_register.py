"""Forms of the recommendation register: filters, an entry, a file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from caselore.store.books import codebook
from caselore.store.models.register import RESPONSES, STATES
from caselore.workbench.attaching import ACCEPT

RESPONSE_NAMES = {
    "": "no response yet",
    "accepted": "accepted",
    "accepted_in_part": "accepted in part",
    "rejected": "rejected",
    "noted": "noted",
}
YEARS = (1970, 2199)
"""Years in which a recommendation can be due."""

STATE_NAMES = {"open": "open", "in_progress": "in progress", "done": "done", "not_pursued": "not pursued"}


def field_codes(field: str) -> list[tuple[str, str]]:
    """Every code of a field with its label."""
    known = codebook().fields.get(field)
    return [(code.id, code.label) for code in known.codes.values()] if known else []


class FilterForm(forms.Form):
    """What the register is narrowed down to."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    addressee = forms.ChoiceField(label="Addressee", required=False)
    type = forms.ChoiceField(label="Kind", required=False)
    progress = forms.ChoiceField(
        label="Status", required=False, choices=[("", "any"), *((name, STATE_NAMES[name]) for name in STATES)]
    )
    response = forms.ChoiceField(
        label="Response", required=False, choices=[("", "any"), *((n, RESPONSE_NAMES[n]) for n in RESPONSES if n)]
    )
    owner = forms.CharField(label="Owner", required=False, max_length=120)
    year = forms.IntegerField(label="Year", required=False, min_value=1900, max_value=2100)
    case = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="Read by a person", required=False,
        choices=[("", "any"), ("proposed", "not yet"), ("validated", "confirmed")],
    )  # fmt: skip
    overdue = forms.BooleanField(label="Overdue only", required=False)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["addressee"].choices = [("", "any"), *field_codes("addressee")]
        self.fields["type"].choices = [("", "any"), *field_codes("recommendation_type")]


class EntryForm(forms.Form):
    """What became of a recommendation; `seen` is the version that the page showed."""

    response = forms.ChoiceField(
        label="Response", required=False, choices=[(name, RESPONSE_NAMES[name]) for name in RESPONSES]
    )
    words = forms.CharField(
        label="The response in its own words", required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )
    owner = forms.CharField(
        label="Owner", required=False, max_length=200, help_text="Who answers for it: a role or a team."
    )
    due = forms.DateField(
        label="Due", required=False, input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "That is no date; write it as 2026-04-30 or 30/04/2026."},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    progress = forms.ChoiceField(label="Status", choices=[(name, STATE_NAMES[name]) for name in STATES])
    impact = forms.CharField(
        label="Evidence of impact", required=False, max_length=8000, widget=forms.Textarea({"rows": 3}),
        help_text="What changed, and how anybody knows.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def clean_due(self) -> date | None:
        """A year that was cut short, such as 0026, is a slip."""
        day: date | None = self.cleaned_data["due"]
        if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(f"Its year is {day.year}; write the year in full, such as 2026.")
        return day


class AttachForm(forms.Form):
    """A file to keep beside a recommendation."""

    file = forms.FileField(
        label="Action plan or response of the Board",
        help_text="PDF, Word, Excel, OpenDocument, CSV or text without macros, at most 10 MB.",
        widget=forms.ClearableFileInput({"accept": ACCEPT}), max_length=200,
    )  # fmt: skip
