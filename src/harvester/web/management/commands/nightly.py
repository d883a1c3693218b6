"""``django-admin nightly``: everything the clock does, for one timer each night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from harvester.web.actions import escalating, reminding
from harvester.web.audit import checking
from harvester.web.harvest_job import close_what_is_mended

if TYPE_CHECKING:
    from collections.abc import Callable


def _close() -> str:
    return f"Cases closed by data: {close_what_is_mended()}"


def _escalate() -> str:
    return f"Matters sent on because time ran out: {len(escalating.escalate())}"


def _remind() -> str:
    told = reminding.remind()
    if told.failed:
        raise CommandError(f"Letters not taken by the mail server: {told.failed} (of {told.failed + told.sent})")  # fmt: skip
    return f"Reminders sent: {told.sent}"


def _verify() -> str:
    home = Path(settings.HARVESTER_HOME)
    checked = checking.check(home)
    if checked.faults:
        raise CommandError("\n".join(checked.faults))
    checking.note(home, checked, timezone.now())
    return f"{checked.events} events checked; head {checked.head}"


PARTS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("close", _close),
    ("escalate", _escalate),
    ("remind", _remind),
    ("verify", _verify),
)


class Command(BaseCommand):
    """Closes what is mended, sends late matters on, writes reminders, checks the audit log."""

    help = "Close what data mended, send late matters on, remind people, check the audit log. Safe to run again."

    def handle(self, **_: Any) -> None:
        """Do each part; one that fails does not stop the others, and ends the command with an error."""
        failed = []
        for name, part in PARTS:
            try:
                self.stdout.write(part())
            except CommandError as error:
                failed.append(f"{name}: {error}")
        if failed:
            raise CommandError("\n".join(failed), returncode=2)
