"""Negotiated texts, their moves, editions to be signed and the signatures on them."""

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
        ("web", "0006_forums"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NegotiatedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="from 1 within the matter")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("norm", "Norm"),
                            ("policy", "Policy"),
                            ("guideline", "Guideline"),
                            ("protocol", "Clauses of a protocol"),
                            ("other", "Another text"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("parties", models.JSONField(help_text="codes of institutions, as it was opened")),
                ("reason", models.TextField(blank=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="texts",
                        to="web.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["matter_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="from 1 within the matter")),
                ("title", models.CharField(max_length=200)),
                ("parties", models.JSONField(help_text="codes of institutions that sign")),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(help_text="of the canonical text", max_length=64)),
                ("pdf", models.BinaryField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="web.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        help_text="nothing where it is the protocol's own contents",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="web.negotiatedtext",
                    ),
                ),
            ],
            options={
                "ordering": ["matter_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="TextMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="from 1 within the text")),
                ("kind", models.CharField(max_length=10)),
                ("rung", models.CharField(max_length=10)),
                ("institution", models.CharField(blank=True, max_length=60)),
                ("clause", models.CharField(blank=True, max_length=12)),
                ("heading", models.CharField(blank=True, max_length=200)),
                (
                    "version",
                    models.PositiveIntegerField(help_text="answered, chosen or judged; 0 for none"),
                ),
                ("words", models.TextField(blank=True, help_text="of the clause, or dissent")),
                ("reason", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="web.negotiatedtext",
                    ),
                ),
            ],
            options={
                "ordering": ["text_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="TextSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
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
                (
                    "name",
                    models.CharField(
                        help_text="as the log of events names who acted", max_length=200
                    ),
                ),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(help_text="from 1 within the edition")),
                ("institution", models.CharField(max_length=60)),
                (
                    "way",
                    models.CharField(
                        choices=[("seal", "platform seal"), ("file", "signed file")], max_length=10
                    ),
                ),
                (
                    "told",
                    models.JSONField(
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="each signature, as it was checked",
                    ),
                ),
                (
                    "marks",
                    models.JSONField(
                        help_text="SHA-256 of each signature of the file that is new with it"
                    ),
                ),
                ("content", models.BinaryField(help_text="the signed PDF")),
                ("sha256", models.CharField(help_text="of the signed PDF", max_length=64)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="web.edition",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["edition_id", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="negotiatedtext",
            constraint=models.UniqueConstraint(
                fields=("matter", "number"), name="text_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("matter", "number"), name="edition_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="textmove",
            constraint=models.UniqueConstraint(
                fields=("text", "number"), name="text_move_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="textsignature",
            constraint=models.UniqueConstraint(
                fields=("edition", "number"), name="signature_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="textsignature",
            constraint=models.UniqueConstraint(
                fields=("edition", "institution"), name="one_signature_of_a_party"
            ),
        ),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
    ]
