"""Compacts: versions of a protocol's contents, verdicts on its commitments, and what was said to them.

Nothing is changed in place: an amendment is a further version, a new harvest may add a verdict, a
party that disagrees adds its word beside it.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from harvester.processor.compacts.verdict import Verdict
from harvester.web.models.keeping import Kept
from harvester.web.models.matters import Matter
from harvester.web.models.papers import LEVELS, Paper


class Said(Kept):
    """Something a person put on record in a matter, for an institution, at a time, at a level."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    name = models.CharField(max_length=200, help_text="as the log of events names who acted")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    institution = models.CharField(max_length=60)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    level = models.CharField(max_length=12, choices=LEVELS)

    class Meta:
        abstract = True


class CompactVersion(Said):
    """One version of the contents of a protocol, whole. The latest is what is drafted or amended.

    ``contents`` is the canonical text of :mod:`harvester.processor.compacts.written`.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="from 1 within the matter")
    contents = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="of the contents")
    steps = models.PositiveIntegerField(help_text="steps of the matter taken when it was written")

    class Meta:
        ordering = ["matter_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="compact_version_once")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.matter_id}"


class CommitmentVerdict(Kept):
    """What a harvest shows of a commitment; a row only where it differs from the row before."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveIntegerField(help_text="from 1 within the matter")
    version = models.ForeignKey(CompactVersion, on_delete=models.PROTECT, related_name="verdicts")
    commitment = models.CharField(max_length=40)
    verdict = models.CharField(max_length=12, choices=[(str(one), str(one)) for one in Verdict])
    reason = models.TextField()
    share = models.FloatField(null=True, help_text="of the amount; null: not known")
    due = models.DateField(help_text="last day its document must carry it")
    cells = models.JSONField(encoder=DjangoJSONEncoder, help_text="cells that show it, with file")
    run = models.CharField(max_length=60)
    as_at = models.DateField(help_text="day the harvest is judged at")
    at = models.DateTimeField()
    level = models.CharField(max_length=12, choices=LEVELS)

    class Meta:
        ordering = ["matter_id", "number"]
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="verdict_once")]

    def __str__(self) -> str:
        return f"{self.commitment} of {self.matter_id}: {self.verdict}"


class VerdictContest(Said):
    """A party's word against a verdict. Both stand."""

    verdict = models.ForeignKey(
        CommitmentVerdict, on_delete=models.PROTECT, related_name="contests"
    )
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, null=True, related_name="contest")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.institution} contests verdict {self.verdict_id}"


class Replacement(Said):
    """What replaced a commitment, as one party says it; in effect when every party has said it.

    ``confirms`` is the first saying where this one joins it.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="replacements")
    commitment = models.CharField(max_length=40)
    by = models.CharField(max_length=500, help_text="what replaced it, with its reference")
    confirms = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="confirmed_by"
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.commitment} of {self.matter_id} replaced"
