"""A store of the time when roles were groups is brought up to date without losing who may do what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
OLD_AND_NEW = """
import json
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
call_command("migrate", verbosity=0)
executor = MigrationExecutor(connection)
executor.migrate([("web", "0001_initial")])
old = MigrationExecutor(connection).loader.project_state([("web", "0001_initial")]).apps
people, groups = old.get_model("auth", "User").objects, old.get_model("auth", "Group").objects
for name, roles in (("nomsa", ["planner", "institution:ETH"]), ("lindiwe", ["secretariat"]), ("other", [])):
    person = people.create(username=name, password="x")
    person.groups.set([groups.get_or_create(name=role)[0] for role in roles])
jobs = old.get_model("web", "HarvestJob").objects
from harvester.web.actions.guard import writing
with writing():
    for state in ("waiting", "running", "done"):
        jobs.create(person=person, state=state)
call_command("migrate", verbosity=0)
from django.contrib.auth.models import Group
from harvester.web import triggers
from harvester.web.models import Appointment, ChainHead, HarvestJob
print(json.dumps({
    "appointments": sorted(Appointment.objects.values_list("person__username", "role", "institution")),
    "groups": Group.objects.count(),
    "jobs": sorted(HarvestJob.objects.values_list("state", flat=True)),
    "head": ChainHead.objects.get().number,
    "missing": triggers.missing(connection),
}))
"""


def test_roles_held_as_groups_become_appointments(tmp_path: Path) -> None:
    surroundings = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-c", OLD_AND_NEW],
        env={
            **surroundings,
            "HARVESTER_HOME": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "harvester.web.settings",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "appointments": [["lindiwe", "secretariat", ""], ["nomsa", "planner", "ETH"]],
        "groups": 0,
        "jobs": ["done", "failed", "failed"],
        "head": 0,
        "missing": [],
    }
