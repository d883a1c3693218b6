"""Papers of a matter, and who is party to it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.rights import Level

LEVELS = [(level.value, level.value) for level in Level]


def new_token() -> str:
    """A reference nobody can guess or count by."""
    return secrets.token_urlsafe(12)


class Party(models.Model):
    """An institution that is party to a matter."""

    matter = models.CharField(max_length=80, help_text="kind:reference, such as dispute:12")
    institution = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "institution"], name="party_once")]
        indexes = [models.Index(fields=["institution", "matter"], name="party_institution")]

    def __str__(self) -> str:
        return f"{self.institution} in {self.matter}"


class Seat(models.Model):
    """A person who sits at a matter themselves, such as its facilitator. Never delegated."""

    matter = models.CharField(max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats"
    )
    capacity = models.CharField(max_length=40, default="facilitator")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "person"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.capacity} in {self.matter}"


class Paper(Kept):
    """One paper of a matter: what it says and the file it came as. A newer one is added beside it."""

    token = models.CharField(max_length=24, unique=True, default=new_token)
    matter = models.CharField(max_length=80, db_index=True)
    level = models.CharField(max_length=12, choices=LEVELS)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    content = models.BinaryField(blank=True, default=b"")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="papers"
    )
    added_at = models.DateTimeField()
    salt = models.CharField(max_length=32)

    class Meta:
        ordering = ["-added_at", "-id"]

    def __str__(self) -> str:
        return f"paper {self.token} of {self.matter}"
