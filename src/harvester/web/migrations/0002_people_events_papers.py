"""People's appointments and delegations, the audit log, papers; progress of a harvest is no record."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import harvester.web.models.papers


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("secretariat", "Working-group secretariat"),
                            ("planner", "Metro planner or budget officer"),
                            ("official", "Provincial, national or entity official"),
                            ("facilitator", "Facilitator or adjudicator"),
                            ("analyst", "Treasury analyst"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "institution",
                    models.CharField(blank=True, help_text="code, such as ETH", max_length=60),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "ended",
                    models.DateField(blank=True, help_text="day it was ended early", null=True),
                ),
            ],
            options={
                "ordering": ["-first_day", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "number",
                    models.BigIntegerField(
                        help_text="from 1, without a gap", primary_key=True, serialize=False
                    ),
                ),
                (
                    "at",
                    models.CharField(
                        db_index=True, help_text="UTC, ISO 8601, microseconds", max_length=27
                    ),
                ),
                ("actor", models.CharField(db_index=True, max_length=200)),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("action", models.CharField(db_index=True, max_length=40)),
                (
                    "subject",
                    models.CharField(db_index=True, help_text="kind:reference", max_length=200),
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
                ("payload", models.TextField(help_text="canonical JSON")),
                ("salt", models.CharField(max_length=32)),
                ("seal", models.CharField(help_text="of salt, reason and payload", max_length=64)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Paper",
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
                ("matter", models.CharField(db_index=True, max_length=80)),
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
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("file_name", models.CharField(blank=True, max_length=150)),
                ("content", models.BinaryField(blank=True, default=b"")),
                ("added_at", models.DateTimeField()),
                ("salt", models.CharField(max_length=32)),
            ],
            options={
                "ordering": ["-added_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "matter",
                    models.CharField(help_text="kind:reference, such as dispute:12", max_length=80),
                ),
                ("institution", models.CharField(max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("matter", models.CharField(max_length=80)),
                ("capacity", models.CharField(default="facilitator", max_length=40)),
            ],
        ),
        migrations.RemoveField(
            model_name="harvestjob",
            name="doing",
        ),
        migrations.RemoveField(
            model_name="harvestjob",
            name="done",
        ),
        migrations.RemoveField(
            model_name="harvestjob",
            name="total",
        ),
        migrations.AlterField(
            model_name="harvestjob",
            name="state",
            field=models.CharField(
                choices=[("running", "running"), ("done", "done"), ("failed", "failed")],
                default="running",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointment",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="delegate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts_for",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="principal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(fields=["institution", "matter"], name="party_institution"),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("matter", "institution"), name="party_once"),
        ),
        migrations.AddField(
            model_name="seat",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="delegation_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal", models.F("delegate")), _negated=True),
                name="nobody_is_their_own_delegate",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("matter", "person"), name="seat_once"),
        ),
    ]
