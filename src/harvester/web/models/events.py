"""The audit log: every write leaves one event, and each event holds the hash of the one before."""

from __future__ import annotations

from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.rights import Level


class Event(Kept):
    """One thing somebody did. What is hashed, and how, is :mod:`harvester.web.audit.chain`."""

    number = models.BigIntegerField(primary_key=True, help_text="from 1, without a gap")
    at = models.CharField(max_length=27, db_index=True, help_text="UTC, ISO 8601, microseconds")
    actor = models.CharField(max_length=200, db_index=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=200, db_index=True, help_text="kind:reference")
    level = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Level])
    reason = models.TextField(blank=True)
    payload = models.TextField(help_text="canonical JSON")
    salt = models.CharField(max_length=32)
    seal = models.CharField(max_length=64, help_text="of salt, reason and payload")
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"event {self.number}: {self.actor} {self.action} {self.subject}"


class ChainHead(models.Model):
    """Number and hash of the last event: the one row that writers wait for each other at."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
