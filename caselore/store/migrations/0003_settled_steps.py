"""The steps of a settled sequence of decisions."""

import django.db.models.deletion
from django.db import migrations, models

import caselore.store.models.base


class Migration(migrations.Migration):
    """A table beside that of adjudications, which stays as it is: the log tells every column of a row."""

    dependencies = (("store", "0002_guards"),)
    operations = (
        migrations.CreateModel(
            name="SettledStep",
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
                ("order", models.PositiveIntegerField()),
                ("decision_type", models.CharField(max_length=80)),
                ("agency", models.CharField(blank=True, max_length=80)),
                ("evidence", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("taken", models.JSONField(default=list)),
                (
                    "adjudication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="store.adjudication"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settled_steps", to="store.case"
                    ),
                ),
            ],
            options={"ordering": ("order",)},
        ),
    )
