"""The passages that a coder's exposure has counted today, so that each counts once."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column of rows that the log does not tell."""

    dependencies = (("store", "0003_settled_steps"),)
    operations = (migrations.AddField("exposure", "seen", models.JSONField(default=dict)),)
