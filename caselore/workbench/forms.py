"""Forms of the door: what is typed comes in, checked words go out."""

from __future__ import annotations

from typing import Any

from django import forms


class SignInForm(forms.Form):
    """Name and password."""

    name = forms.CharField(label="Name", max_length=150, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


def dressed(form: Any) -> Any:
    """The form with its errors tied to their fields, for readers aloud."""
    for name, field in form.fields.items():
        told = [f"{name}-help"] if field.help_text else []
        if form.errors.get(name):
            field.widget.attrs["aria-invalid"] = "true"
            told.append(f"{name}-error")
        if told:
            field.widget.attrs["aria-describedby"] = " ".join(told)
    return form
