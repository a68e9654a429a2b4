"""The form of a release: its name and smallest count come in, checked, and go out."""

from __future__ import annotations

from typing import Any

from django import forms

from caselore.store.connect import current


class ReleaseForm(forms.Form):
    """A release to be made."""

    name = forms.RegexField(
        r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z", label="Name", strip=True,
        help_text="For example 2026-03; letters, digits, dots, dashes. It names the folder in the study.",
        error_messages={"invalid": "Use letters, digits, dots and dashes only, beginning with a letter or a digit."},
    )  # fmt: skip
    smallest = forms.IntegerField(
        label="Smallest count", min_value=1, max_value=100,
        help_text="Counts from 1 to below this are suppressed in every table made of the release.",
    )  # fmt: skip

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["smallest"].initial = current().smallest

    def clean_name(self) -> str:
        """A name that no release has: one that was handed out must not change."""
        name: str = self.cleaned_data["name"]
        if (current().releases / name).exists():
            raise forms.ValidationError(f"There is a release '{name}' already; choose another name.")
        return name
