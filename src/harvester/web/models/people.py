"""Who a person is for the mechanism: role, institution, and who may act for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from harvester.web.rights import Role


class Appointment(models.Model):
    """The one role a person holds, for one institution or none. Made by the operator."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointment"
    )
    role = models.CharField(
        max_length=20, choices=[(r.value, r.label) for r in Role if r is not Role.PUBLIC]
    )
    institution = models.CharField(max_length=60, blank=True, help_text="code, such as ETH")

    def __str__(self) -> str:
        return f"{self.person}: {self.role} {self.institution}".strip()


class Delegation(models.Model):
    """``delegate`` may act for ``principal`` from the first day to the last, both included."""

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acts_for"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300)
    ended = models.DateField(null=True, blank=True, help_text="day it was ended early")

    class Meta:
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")), name="nobody_is_their_own_delegate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.principal}, {self.first_day} to {self.last_day}"
