"""Documents that were taken out of the study."""

from __future__ import annotations

from django.db import models

from caselore.store.models.base import Kept
from caselore.store.models.people import Coder
from caselore.store.models.texts import Document


class Withdrawal(Kept):
    """A document taken out of the study, and why; `retracted` once it was taken back."""

    KIND = "withdrawal"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.TextField()
    coder = models.ForeignKey(Coder, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retracted = models.BooleanField(default=False)
