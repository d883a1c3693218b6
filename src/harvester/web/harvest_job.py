"""A harvest started from a page: run in a process of its own, so that pages stay quick.

``python -m harvester.web.harvest_job <id>`` carries out the job of that id. The harvest becomes
visible by the granary's one pointer change; a job that dies leaves the last harvest in service.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from harvester.web.models import HarvestJob

log = logging.getLogger(__name__)
BROKE = "A fault of the program stopped this harvest; the server's log has the cause."
DIED = "The server was stopped while this harvest ran. The last good harvest is in service."


def start(person: User) -> HarvestJob:
    """Begin a harvest, or return the one that is under way."""
    from harvester.web.actions.acting import Actor
    from harvester.web.actions.files import start_harvest

    job, is_new = start_harvest(Actor.of(person), person)
    if is_new:
        launch(job.pk)
    return job


def launch(job_id: int) -> None:
    """Start the process that carries out a job."""
    from django.conf import settings

    surroundings = {**os.environ, "HARVESTER_HOME": str(settings.HARVESTER_HOME)}
    process = subprocess.Popen(  # noqa: S603  our own module, an integer id
        [sys.executable, "-m", "harvester.web.harvest_job", str(int(job_id))],
        env=surroundings,
        stdin=subprocess.DEVNULL,
    )
    threading.Thread(target=watch, args=(process, job_id), daemon=True).start()


def watch(process: subprocess.Popen[bytes], job_id: int) -> None:
    """Wait for the process of a job; one that was killed (no memory, say) has failed."""
    from django.db import connection

    from harvester.web.actions.files import end_harvest

    code = process.wait()
    message = (
        f"The harvest was stopped from outside (exit code {code}), perhaps for want of memory."
    )
    end_harvest(job_id, message=message)
    # A thread has a database connection of its own, which nobody else would close.
    connection.close()


def carry_out(job_id: int) -> None:
    """Run the harvest of a job and say how far it is."""
    from django.conf import settings

    from harvester.domain.errors import HarvesterError
    from harvester.harvest import run
    from harvester.web.actions.files import end_harvest
    from harvester.web.models import HarvestJob

    job = HarvestJob.objects.get(pk=job_id)
    try:
        harvest = run(settings.HARVESTER_HOME, progress=job.told)
    except HarvesterError as error:
        log.exception("harvest job %s failed", job_id)
        end_harvest(job_id, message=str(error))
    else:
        # Whoever reads that the harvest is in service finds what it closed and judged.
        try:
            close_what_is_mended()
        finally:
            end_harvest(job_id, run=harvest.run)


def close_what_is_mended() -> int:
    """Close the cases that the harvest in service shows to be mended, and judge the commitments of
    protocols in force; how many cases were closed. Safe to call again."""
    from harvester.web import harvest_store
    from harvester.web.actions.closing import after_harvest
    from harvester.web.actions.verdicts import judge_all

    tables = harvest_store.current()
    if tables is None:
        return 0
    closed = len(after_harvest(tables))
    judge_all(tables)
    return closed


def forget_dead() -> int:
    """At the start of a server: jobs that were under way when the last one stopped have failed."""
    from harvester.web.actions.files import end_harvest
    from harvester.web.models import HarvestJob

    dead = HarvestJob.objects.filter(state=HarvestJob.RUNNING).values_list("pk", flat=True)
    return sum(end_harvest(job_id, message=DIED) for job_id in list(dead))


def main() -> None:
    """Carry out the job named on the command line; a fault of ours is recorded before it is shown."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harvester.web.settings")
    django.setup()
    job_id = int(sys.argv[1])
    done = False
    try:
        carry_out(job_id)
        done = True
    finally:
        if not done:
            from harvester.web.actions.files import end_harvest

            end_harvest(job_id, message=BROKE)


if __name__ == "__main__":
    main()
