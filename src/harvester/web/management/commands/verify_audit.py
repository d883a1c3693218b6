"""``django-admin verify_audit``: the nightly check of the audit log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from harvester.web.audit import checking


class Command(BaseCommand):
    """Walks the log; notes a sound head outside the database; ends with an error for any fault."""

    help = "Check the audit log from its first event and note its head; for a nightly timer."

    def handle(self, **_: Any) -> None:
        """Check, then note the head or tell every fault."""
        home = Path(settings.HARVESTER_HOME)
        checked = checking.check(home)
        if checked.faults:
            raise CommandError("\n".join(checked.faults), returncode=2)
        checking.note(home, checked, timezone.now())
        self.stdout.write(f"{checked.events} events checked; head {checked.head}")
