"""Matters: what is being settled under a procedure, and every step taken. Nothing else is stored.

Where a matter stands is worked out from its steps (:mod:`harvester.web.matters.courses`), so there
is no stored state that could disagree with the record.
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.models.papers import LEVELS, Paper, new_token


class Matter(Kept):
    """One matter: a case, a dispute, a protocol. ``key`` is how parties, papers and events name it."""

    number = models.PositiveIntegerField(unique=True, help_text="from 1, in order of opening")
    key = models.CharField(max_length=80, unique=True, help_text="procedure:number")
    procedure = models.CharField(max_length=40, db_index=True)
    version = models.DateField(help_text="day the version of the procedure begins")
    title = models.CharField(max_length=200)
    opened = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="matters",
        help_text="nobody where somebody without an account reported it",
    )
    level = models.CharField(max_length=12, choices=LEVELS)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    finding = models.CharField(max_length=300, blank=True, db_index=True)
    run = models.CharField(max_length=60, blank=True, help_text="harvest it came from")
    metro = models.CharField(max_length=20, blank=True)
    parties = models.JSONField(help_text="codes of institutions, as it was opened")
    known = models.JSONField(encoder=DjangoJSONEncoder, help_text="facts at the opening")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class AnswerLink(Kept):
    """An address by which somebody without an account answers once. The step it led to spends it."""

    token = models.CharField(max_length=24, unique=True, default=new_token)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links")
    institution = models.CharField(max_length=60)
    name = models.CharField(max_length=120, help_text="who is asked")
    question = models.CharField(max_length=1000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answer_links"
    )
    made_at = models.DateTimeField()
    last_day = models.DateField(help_text="it can be used up to this day")

    def __str__(self) -> str:
        return f"link for {self.name} of {self.institution} in {self.matter.key}"


class MatterStep(Kept):
    """One step taken. ``on`` is the day it has effect, ``at`` when it was recorded."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField(help_text="from 1 within the matter")
    step = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="steps"
    )
    name = models.CharField(max_length=200, help_text="as the log of events names who acted")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    institution = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40, help_text="kind of actor, of the procedure")
    level = models.CharField(max_length=12, choices=LEVELS)
    reason = models.TextField(blank=True)
    told = models.JSONField(encoder=DjangoJSONEncoder)
    link = models.OneToOneField(
        AnswerLink, on_delete=models.PROTECT, null=True, related_name="spent_by"
    )

    class Meta:
        ordering = ["matter_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="step_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.number} {self.step}"


class StepPaper(Kept):
    """A paper put in with a step, as which kind of paper of the procedure."""

    step = models.ForeignKey(MatterStep, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=40)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="put_in")

    def __str__(self) -> str:
        return f"{self.kind} with step {self.step_id}"
