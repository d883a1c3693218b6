"""Files given and harvests started: one record and one event each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from harvester.web.actions.acting import LONGEST_REASON, Actor, act
from harvester.web.models import ChainHead, HarvestJob
from harvester.web.rights import Action, Happening

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import User

    from harvester.engine.granary import Harvest
    from harvester.intake import Ingested
    from harvester.web.models import Upload


def record_upload(actor: Actor, record: Upload, *, at: dt.datetime | None = None) -> Upload:
    """Keep the record of a file somebody gave."""
    with act(actor, Action.UPLOAD, f"file:{record.sha256}", at=at) as note:
        record.save()
        note.payload.update(
            {
                "file_name": record.file_name,
                "size": record.size,
                "outcome": record.outcome,
                "reading": record.reading,
                "entries": record.entries,
                "rejected_rows": record.rejected_rows,
                "upload": record.pk,
            }
        )
    return record


def tell_file(actor: Actor, ingested: Ingested, *, at: dt.datetime | None = None) -> None:
    """Say in the log what became of a file given at the command line."""
    submissions = ingested.submissions()
    with act(actor, Happening.FILE_TAKEN_IN, f"file:{ingested.sha256}", at=at) as note:
        note.payload.update({
            "file_name": ingested.path.name, "refused": ingested.refused,
            "submissions": len(submissions),
            "entries": sum(one["entries"] for one in submissions),
            "rejected_rows": sum(one["rejected_rows"] for one in submissions),
        })  # fmt: skip


def tell_harvest(actor: Actor, harvest: Harvest, *, at: dt.datetime | None = None) -> None:
    """Say in the log which harvest was put in service at the command line."""
    with act(actor, Happening.HARVEST_ENDED, f"harvest:{harvest.run}", at=at) as note:
        note.payload.update({"run": harvest.run, "digest": harvest.manifest["digest"]})


def start_harvest(
    actor: Actor, person: User, *, at: dt.datetime | None = None
) -> tuple[HarvestJob, bool]:
    """The harvest under way, or a new one; and whether it is new."""
    with act(actor, Action.RUN_HARVEST, "harvest:", at=at) as note:
        # Whoever starts one waits here for whoever is starting one.
        ChainHead.objects.select_for_update().get(pk=1)
        under_way = HarvestJob.objects.filter(state=HarvestJob.RUNNING).first()
        note.nothing = under_way is not None
        job = under_way or HarvestJob.objects.create(person=person)
        note.subject = f"harvest:{job.pk}"
    return job, under_way is None


def end_harvest(
    job_id: int, *, run: str = "", message: str = "", at: dt.datetime | None = None
) -> bool:
    """A job ended well (``run``) or badly (``message``); ``False`` when it was over already."""
    when = at or timezone.now()
    told = {
        "state": HarvestJob.DONE if run else HarvestJob.FAILED,
        "run": run,
        "message": message[:LONGEST_REASON],
    }
    with act(Actor.system(), Happening.HARVEST_ENDED, f"harvest:{job_id}", at=when) as note:
        under_way = HarvestJob.objects.filter(pk=job_id, state=HarvestJob.RUNNING)
        changed = under_way.update(finished_at=when, **told)
        note.nothing = not changed
        note.payload.update(told)
    return bool(changed)
