"""Rights move from groups to appointments; the head of the audit log; triggers; counts of attempts."""

from django.core.management import call_command
from django.db import migrations, models

from harvester.web import triggers
from harvester.web.actions.guard import writing
from harvester.web.audit.chain import GENESIS

ROLES = ("secretariat", "planner", "official", "facilitator", "analyst", "auditor")
INSTITUTION = "institution:"
STOPPED = "The server was stopped while this harvest ran. The last good harvest is in service."


def end_jobs(apps, schema_editor):
    """No harvest is under way while the database is changed."""
    jobs = apps.get_model("web", "HarvestJob").objects.filter(state__in=["waiting", "running"])
    with writing():
        jobs.update(state="failed", message=STOPPED)


def appoint(apps, schema_editor):
    """The first role of each person, and their institution; then the groups have done their work."""
    groups = apps.get_model("auth", "Group").objects
    appointment = apps.get_model("web", "Appointment")
    head = apps.get_model("web", "ChainHead")
    with writing():
        for person in apps.get_model("auth", "User").objects.all():
            names = set(person.groups.values_list("name", flat=True))
            role = next((one for one in ROLES if one in names), None)
            speaks_for = sorted(name for name in names if name.startswith(INSTITUTION))
            if role is not None:
                appointment.objects.create(
                    person=person,
                    role=role,
                    institution=speaks_for[0].removeprefix(INSTITUTION) if speaks_for else "",
                )
        groups.filter(name__in=ROLES).delete()
        groups.filter(name__startswith=INSTITUTION).delete()
        head.objects.create(id=1, number=0, hash=GENESIS)


def refuse_changes(apps, schema_editor):
    """Triggers on what is kept for good."""
    triggers.install(schema_editor.connection)


def count_attempts(apps, schema_editor):
    """The table where attempts at signing in are counted for every process."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("web", "0002_people_events_papers")]

    operations = [
        migrations.RunPython(end_jobs, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="harvestjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("state",),
                name="one_harvest_at_a_time",
            ),
        ),
        migrations.RunPython(appoint, migrations.RunPython.noop),
        migrations.RunPython(refuse_changes, migrations.RunPython.noop),
        migrations.RunPython(count_attempts, migrations.RunPython.noop),
    ]
