"""Every table of a study, as Django draws them from the models."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import caselore.store.models.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
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
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("title", models.TextField()),
                ("source_type", models.CharField(default="other", max_length=40)),
                ("year", models.IntegerField(null=True)),
                ("n_cases", models.IntegerField(null=True)),
                ("source", models.JSONField(default=dict)),
                ("blind_first", models.BooleanField(default=False)),
                ("layer", models.CharField(default="front_sheet", max_length=20)),
                ("target_layer", models.CharField(default="full_coding", max_length=20)),
                ("layer_reason", models.TextField(blank=True)),
                ("proposing", models.CharField(default="queued", max_length=10)),
                ("problem", models.TextField(blank=True)),
                ("doubt", models.FloatField(default=0.5)),
                ("released", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Document",
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
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("text_sha256", models.CharField(max_length=64)),
                ("reader", models.CharField(max_length=60)),
                ("name", models.TextField()),
                ("media_type", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("characters", models.PositiveIntegerField()),
                ("pages", models.JSONField(default=list)),
                ("sections", models.JSONField(default=list)),
                ("shape_sha256", models.CharField(max_length=64)),
                ("problems", models.JSONField(default=list)),
                ("title", models.TextField(blank=True)),
                ("publisher", models.TextField(blank=True)),
                ("year", models.IntegerField(null=True)),
                ("licence", models.TextField(blank=True)),
                ("url", models.TextField(blank=True)),
                ("file", models.TextField(blank=True)),
                ("added", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DoubleCodingPlan",
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
                ("share", models.FloatField()),
                ("strata", models.JSONField(default=list)),
                ("seed", models.IntegerField()),
                ("wanted", models.FloatField(null=True)),
                ("cases", models.JSONField(default=list)),
                ("coders", models.JSONField(default=list)),
                ("made", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SubSample",
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
                ("name", models.CharField(max_length=120)),
                ("targets", models.JSONField(default=dict)),
                ("picks", models.JSONField(default=list)),
                ("made", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Coder",
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
                ("name", models.CharField(max_length=150, unique=True)),
                ("machine", models.BooleanField(default=False)),
                ("roles", models.JSONField(default=list)),
                ("active", models.BooleanField(default=True)),
                ("about", models.TextField(blank=True)),
                (
                    "user",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coder",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Coding",
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
                ("field", models.CharField(max_length=80)),
                ("code", models.TextField(blank=True)),
                ("answer", models.CharField(default="present", max_length=16)),
                ("origin", models.CharField(max_length=10)),
                ("confidence", models.FloatField(default=1.0)),
                ("reason", models.TextField(blank=True)),
                ("retracted", models.BooleanField(default=False)),
                ("order", models.IntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                (
                    "answers_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="store.coding",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="codings", to="store.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CodingEvidence",
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
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("quote", models.TextField()),
                ("order", models.PositiveIntegerField(default=0)),
                (
                    "coding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="store.coding"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.document"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
            },
        ),
        migrations.AddField(
            model_name="case",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="store.document"
            ),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=32)),
                ("actor", models.CharField(max_length=24)),
                ("verb", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=24)),
                ("case", models.CharField(blank=True, max_length=24)),
                ("token", models.CharField(max_length=80, null=True, unique=True)),
                ("undoes", models.BigIntegerField(null=True)),
                ("payload", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("sequence",),
                "indexes": [models.Index(fields=["actor", "case", "sequence"], name="event_of_actor")],
            },
        ),
        migrations.CreateModel(
            name="Exposure",
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
                ("day", models.DateField()),
                ("passages", models.PositiveIntegerField(default=0)),
                ("graphic", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("coder", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.coder")),
            ],
        ),
        migrations.CreateModel(
            name="Pass",
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
                ("number", models.PositiveIntegerField(default=1)),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(default="open", max_length=10)),
                ("machine", models.BooleanField(default=False)),
                ("started", models.DateTimeField()),
                ("submitted", models.DateTimeField(null=True)),
                ("books", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passes", to="store.case"
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passes", to="store.coder"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
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
                ("field", models.CharField(blank=True, max_length=80)),
                ("words", models.TextField()),
                ("written", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="store.case"
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        db_column="pass_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="store.pass",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="coding",
            name="reading",
            field=models.ForeignKey(
                db_column="pass_id",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codings",
                to="store.pass",
            ),
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("page", models.PositiveIntegerField(null=True)),
                ("section", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=10)),
                ("text", models.TextField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="store.document"
                    ),
                ),
            ],
            options={
                "ordering": ("document", "number"),
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                ("passage", models.PositiveIntegerField(null=True)),
                ("scroll", models.FloatField(default=0)),
                ("field", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.case")),
                ("coder", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.coder")),
            ],
        ),
        migrations.CreateModel(
            name="Recommendation",
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
                ("order", models.PositiveIntegerField(default=0)),
                ("label", models.TextField(blank=True)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("quote", models.TextField()),
                ("types", models.JSONField(default=list)),
                ("addressees", models.JSONField(default=list)),
                ("level", models.CharField(blank=True, max_length=60)),
                ("smart", models.JSONField(default=list)),
                ("time_frame", models.TextField(blank=True)),
                ("confidence", models.FloatField(default=1.0)),
                ("status", models.CharField(default="proposed", max_length=12)),
                ("retracted", models.BooleanField(default=False)),
                ("response", models.CharField(blank=True, max_length=20)),
                ("response_words", models.TextField(blank=True)),
                ("owner", models.TextField(blank=True)),
                ("due", models.DateField(null=True)),
                ("progress", models.CharField(default="open", max_length=12)),
                ("impact", models.TextField(blank=True)),
                ("changed", models.BigIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recommendations", to="store.case"
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.coder"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.coder"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "order"),
            },
        ),
        migrations.CreateModel(
            name="RecommendationAttachment",
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
                ("name", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("added", models.DateTimeField()),
                ("retracted", models.BooleanField(default=False)),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="store.recommendation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
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
                ("name", models.CharField(max_length=120)),
                ("words", models.TextField(blank=True)),
                ("filters", models.JSONField(default=dict)),
                ("retracted", models.BooleanField(default=False)),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="store.coder"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
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
                ("confidence", models.FloatField(default=1.0)),
                ("evidence", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("changed", models.BigIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="store.case"
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        db_column="pass_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="store.pass",
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                ("due", models.DateField(null=True)),
                ("order", models.IntegerField(default=0)),
                ("blind_first", models.BooleanField(default=False)),
                ("plan", models.CharField(blank=True, max_length=24)),
                ("withdrawn", models.BooleanField(default=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="store.case"
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="store.coder"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "coder"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="Adjudication",
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
                ("field", models.CharField(max_length=80)),
                ("code", models.TextField(blank=True)),
                ("answer", models.CharField(default="present", max_length=16)),
                ("holds", models.BooleanField(default=True)),
                ("reason", models.TextField()),
                ("evidence", models.JSONField(default=list)),
                ("passes", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("retracted", models.BooleanField(default=False)),
                ("changed", models.BigIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjudications", to="store.case"
                    ),
                ),
                (
                    "adjudicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjudications", to="store.coder"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "field"], name="adjudication_of")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["year"], name="case_year"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["proposing"], name="case_queue"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("document", "start", "end"), name="case_once"),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.UniqueConstraint(fields=("coder", "day"), name="exposure_once"),
        ),
        migrations.AddConstraint(
            model_name="pass",
            constraint=models.UniqueConstraint(fields=("case", "coder", "number"), name="pass_once"),
        ),
        migrations.AddIndex(
            model_name="coding",
            index=models.Index(fields=["reading", "field"], name="coding_of_pass"),
        ),
        migrations.AddIndex(
            model_name="coding",
            index=models.Index(fields=["field", "code"], name="coding_of_code"),
        ),
        migrations.AddConstraint(
            model_name="passage",
            constraint=models.UniqueConstraint(fields=("document", "number"), name="passage_once"),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(fields=("case", "coder"), name="place_once"),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["due"], name="recommendation_due"),
        ),
    ]
