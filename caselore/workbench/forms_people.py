"""Forms for people: who is made, with which roles and password. What is typed comes in, checked values go out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password

from caselore.store.permissions import ROLES

ROLE_SAYS = {
    "coder": "coder: reads and codes",
    "adjudicator": "adjudicator: settles differences, gives cases",
    "custodian": "custodian: reads all, makes releases, reads the log",
    "trainer": "trainer: reads what was released, nothing else",
    "administrator": "administrator: people, documents, plans, the log",
}
WAYS = (("link", "by a link that opens once"), ("typed", "typed here"))


class RolesForm(forms.Form):
    """The roles of a person."""

    roles = forms.MultipleChoiceField(
        label="Roles", widget=forms.CheckboxSelectMultiple, required=False,
        choices=tuple((role, ROLE_SAYS.get(role, role)) for role in ROLES),
    )  # fmt: skip


class PasswordForm(forms.Form):
    """How a person gets the first, or a new, password."""

    way = forms.ChoiceField(label="Password", choices=WAYS, initial="link")
    password = forms.CharField(
        label="Password, if typed here", required=False, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}), help_text=password_validators_help_text_html,
    )  # fmt: skip

    def __init__(self, *args: Any, user: User | None = None, **words: Any) -> None:
        super().__init__(*args, **words)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """A typed password has to keep the rules."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("way") == "typed":
            try:
                validate_password(told.get("password", ""), self.user or User(username=self.data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return told


class PersonForm(PasswordForm, RolesForm):
    """A new person."""

    name = forms.CharField(label="Name", max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    field_order = ("name", "roles", "way", "password")

    def clean_name(self) -> str:
        """A name that nobody has yet, as a person or as an account."""
        name: str = self.cleaned_data["name"].strip()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(f"There is an account '{name}' already; choose another name.")
        return name
