"""What the pages remember besides the study: refused sign-ins, for all processes alike, and briefings in the making."""

from __future__ import annotations

from django.db import models

from caselore.store.models.base import new_id


class Refusal(models.Model):
    """One refused sign-in; `name` is as typed, in lower case."""

    name = models.CharField(max_length=150, db_index=True)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)


class Briefing(models.Model):
    """Passages that a person gathers to take to training: his own, no event of the study, like his place in a case.

    `items` are in order: {"case", "passage" (its number; null: the case as a whole), "more" (how many
    passages the quotation goes on for), "remark"}.
    """

    id = models.CharField(primary_key=True, max_length=24, default=new_id, editable=False)
    coder = models.ForeignKey("store.Coder", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160, blank=True)
    remarks = models.TextField(blank=True)
    items = models.JSONField(default=list)
    changed = models.DateTimeField(db_index=True)

    @property
    def taken(self) -> set[tuple[str, int | None]]:
        """The cases and passages that are in it."""
        return {(item["case"], item["passage"]) for item in self.items}

    def __str__(self) -> str:
        return self.title or "Briefing without a title"


class Organisation(models.Model):
    """The account of an organisation by which a person signs in: the provider's own id of it, which never changes."""

    user = models.ForeignKey("auth.User", on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "subject"], name="organisation_subject_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="organisation_user_once"),
        )

    def __str__(self) -> str:
        return f"{self.subject} of {self.issuer}"
