"""Compacts: versions of contents, verdicts on commitments, and what parties say to them."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from harvester.web import triggers


def refuse_changes(apps, schema_editor):
    """Triggers on what is kept for good."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0004_matters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompactVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("institution", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("parties", "parties"),
                            ("privileged", "privileged"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="from 1 within the matter")),
                ("contents", models.TextField()),
                ("sha256", models.CharField(help_text="of the contents", max_length=64)),
                (
                    "steps",
                    models.PositiveIntegerField(
                        help_text="steps of the matter taken when it was written"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="web.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["matter_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="CommitmentVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="from 1 within the matter")),
                ("commitment", models.CharField(max_length=40)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("not_due", "not_due"),
                            ("kept", "kept"),
                            ("part_kept", "part_kept"),
                            ("overdue", "overdue"),
                            ("broken", "broken"),
                            ("overtaken", "overtaken"),
                            ("unknown", "unknown"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField()),
                ("share", models.FloatField(help_text="of the amount; null: not known", null=True)),
                ("due", models.DateField(help_text="last day its document must carry it")),
                (
                    "cells",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="cells that show it, with file",
                    ),
                ),
                ("run", models.CharField(max_length=60)),
                ("as_at", models.DateField(help_text="day the harvest is judged at")),
                ("at", models.DateTimeField()),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("parties", "parties"),
                            ("privileged", "privileged"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="web.matter",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="web.compactversion",
                    ),
                ),
            ],
            options={
                "ordering": ["matter_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("institution", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("parties", "parties"),
                            ("privileged", "privileged"),
                        ],
                        max_length=12,
                    ),
                ),
                ("commitment", models.CharField(max_length=40)),
                (
                    "by",
                    models.CharField(
                        help_text="what replaced it, with its reference", max_length=500
                    ),
                ),
                (
                    "confirms",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed_by",
                        to="web.replacement",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="web.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="VerdictContest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("institution", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("public", "public"),
                            ("parties", "parties"),
                            ("privileged", "privileged"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contest",
                        to="web.paper",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contests",
                        to="web.commitmentverdict",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="compactversion",
            constraint=models.UniqueConstraint(
                fields=("matter", "number"), name="compact_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitmentverdict",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="verdict_once"),
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
