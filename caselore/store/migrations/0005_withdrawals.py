"""Documents taken out of the study, and the mark on their cases."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import caselore.store.models.base


class Migration(migrations.Migration):
    """The mark is no column of the log: rows that earlier events tell stay as they are told."""

    dependencies = (("store", "0004_exposure_once"),)
    operations = (
        migrations.AddField("case", "withdrawn", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=caselore.store.models.base.new_id,
                        editable=False,
                        max_length=24,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("retracted", models.BooleanField(default=False)),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.coder"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="store.document"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    )
