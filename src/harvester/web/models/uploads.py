"""Who gave which file, and harvests that somebody started."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.db import models

from harvester.web.models.keeping import Kept

PROGRESS_SECONDS = 24 * 60 * 60


class Upload(Kept):
    """One file somebody gave: who, when, which bytes, told what, and what became of it."""

    READ, REFUSED = "read", "refused"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads"
    )
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(help_text="bytes")
    told_format = models.CharField(max_length=60, blank=True)
    told_institution = models.CharField(max_length=60, blank=True)
    told_year = models.CharField(max_length=10, blank=True)
    told_stage = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=10, choices=[(READ, "read"), (REFUSED, "refused")])
    message = models.TextField(blank=True, help_text="why it was refused")
    reading = models.CharField(max_length=32, blank=True, help_text="which reading of the file")
    entries = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    rejected_rows = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.sha256[:8]}), {self.outcome}"


class HarvestJob(models.Model):
    """A harvest somebody started from a page, and how far it is."""

    RUNNING, DONE, FAILED = "running", "done", "failed"
    STATES = [(s, s) for s in (RUNNING, DONE, FAILED)]

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=STATES, default=RUNNING)
    run = models.CharField(max_length=20, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="running"), name="one_harvest_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"harvest job {self.pk}, {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {self.DONE, self.FAILED}

    def told(self, what: str, done: int, total: int) -> None:
        """Say how far it is. No record: what is told goes with the job."""
        cache.set(self._key, (what, done, total), PROGRESS_SECONDS)

    @property
    def progress(self) -> dict[str, str | int]:
        """What it is doing, the step it is at, and of how many."""
        what, done, total = cache.get(self._key, ("", 0, 0))
        return {"doing": what, "done": done, "total": total}

    @property
    def _key(self) -> str:
        return f"harvest-job:{self.pk}"
