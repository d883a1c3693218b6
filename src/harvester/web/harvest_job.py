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
DIED = "The server was stopped while this harvest ran. The last good harvest is in service."


def start(person: User) -> HarvestJob:
    """Begin a harvest, or return the one that is under way."""
    from harvester.web.models import HarvestJob

    under_way = HarvestJob.objects.filter(
        state__in=[HarvestJob.WAITING, HarvestJob.RUNNING]
    ).first()
    if under_way is not None:
        return under_way
    job = HarvestJob.objects.create(person=person)
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
    from django.utils import timezone

    from harvester.web.models import HarvestJob

    code = process.wait()
    HarvestJob.objects.filter(pk=job_id, state__in=[HarvestJob.WAITING, HarvestJob.RUNNING]).update(
        state=HarvestJob.FAILED,
        finished_at=timezone.now(),
        message=f"The harvest was stopped from outside (exit code {code}), perhaps for want of memory.",
    )
    # A thread has a database connection of its own, which nobody else would close.
    connection.close()


def carry_out(job_id: int) -> None:
    """Run the harvest of a job and keep its record up to date."""
    from django.conf import settings
    from django.utils import timezone

    from harvester.domain.errors import HarvesterError
    from harvester.harvest import run
    from harvester.web.models import HarvestJob

    jobs = HarvestJob.objects.filter(pk=job_id)

    def progress(what: str, done: int, total: int) -> None:
        jobs.update(state=HarvestJob.RUNNING, doing=what, done=done, total=total)

    try:
        harvest = run(settings.HARVESTER_HOME, progress=progress)
    except HarvesterError as error:
        log.exception("harvest job %s failed", job_id)
        jobs.update(state=HarvestJob.FAILED, message=str(error)[:2000], finished_at=timezone.now())
    else:
        jobs.update(state=HarvestJob.DONE, run=harvest.run, doing="", finished_at=timezone.now())


def forget_dead() -> int:
    """At the start of a server: jobs that were under way when the last one stopped have failed."""
    from django.utils import timezone

    from harvester.web.models import HarvestJob

    return HarvestJob.objects.filter(state__in=[HarvestJob.WAITING, HarvestJob.RUNNING]).update(
        state=HarvestJob.FAILED, message=DIED, finished_at=timezone.now()
    )


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
            from django.utils import timezone

            from harvester.web.models import HarvestJob

            HarvestJob.objects.filter(pk=job_id).update(
                state=HarvestJob.FAILED,
                finished_at=timezone.now(),
                message="A fault of the program stopped this harvest; the server's log has the cause.",
            )


if __name__ == "__main__":
    main()
