"""``django-admin close_mended``: after a harvest that was run elsewhere than from the page."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from harvester.web.harvest_job import close_what_is_mended


class Command(BaseCommand):
    """Closes each case whose finding a published plan or budget mended; wakes those put off."""

    help = "Close the cases that the harvest in service shows to be mended. Safe to run again."

    def handle(self, **_: Any) -> None:
        """Close them and say how many."""
        self.stdout.write(f"Cases closed by data: {close_what_is_mended()}")
