"""Matters, their steps and papers, links by which somebody without an account answers."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harvester.web.models.papers
from harvester.web import triggers


def refuse_changes(apps, schema_editor):
    """Triggers on what is kept for good."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0003_trust"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="from 1, in order of opening", unique=True
                    ),
                ),
                ("key", models.CharField(help_text="procedure:number", max_length=80, unique=True)),
                ("procedure", models.CharField(db_index=True, max_length=40)),
                ("version", models.DateField(help_text="day the version of the procedure begins")),
                ("title", models.CharField(max_length=200)),
                ("opened", models.DateField()),
                ("opened_at", models.DateTimeField()),
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
                ("finding", models.CharField(blank=True, db_index=True, max_length=300)),
                (
                    "run",
                    models.CharField(blank=True, help_text="harvest it came from", max_length=60),
                ),
                ("metro", models.CharField(blank=True, max_length=20)),
                ("parties", models.JSONField(help_text="codes of institutions, as it was opened")),
                (
                    "known",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="facts at the opening",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        help_text="nobody where somebody without an account reported it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="web.matter",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=harvester.web.models.papers.new_token, max_length=24, unique=True
                    ),
                ),
                ("institution", models.CharField(max_length=60)),
                ("name", models.CharField(help_text="who is asked", max_length=120)),
                ("question", models.CharField(max_length=1000)),
                ("made_at", models.DateTimeField()),
                ("last_day", models.DateField(help_text="it can be used up to this day")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="web.matter",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MatterStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="from 1 within the matter")),
                ("step", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("institution", models.CharField(blank=True, max_length=60)),
                (
                    "kind",
                    models.CharField(help_text="kind of actor, of the procedure", max_length=40),
                ),
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
                ("reason", models.TextField(blank=True)),
                ("told", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "link",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spent_by",
                        to="web.answerlink",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="web.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["matter_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="StepPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="put_in",
                        to="web.paper",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="web.matterstep",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="matterstep",
            constraint=models.UniqueConstraint(
                fields=("matter", "number"), name="step_number_once"
            ),
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
