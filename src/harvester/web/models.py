"""What the web keeps itself: who gave which file, and harvests that somebody started."""

from __future__ import annotations

from typing import NoReturn

from django.conf import settings
from django.db import models


class AppendOnlyError(TypeError):
    """A record that may only be added to was about to be changed or removed."""


class AppendOnly(models.QuerySet):
    """Rows are added and read; nothing else."""

    def update(self, **_: object) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("upload records are never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("upload records are never removed")


class Upload(models.Model):
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

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.sha256[:8]}), {self.outcome}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Add the record; refused when it is there already."""
        if self.pk is not None and not self._state.adding:
            raise AppendOnlyError("upload records are never changed")
        super().save(*args, **kwargs)

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("upload records are never removed")


class HarvestJob(models.Model):
    """A harvest somebody started from a page, and how far it is."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
    STATES = [(s, s) for s in (WAITING, RUNNING, DONE, FAILED)]

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    doing = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    run = models.CharField(max_length=20, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"harvest job {self.pk}, {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {self.DONE, self.FAILED}
