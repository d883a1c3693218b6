"""``django-admin note_bounce``: a reminder that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from harvester.web.actions.reminding import note_bounce

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """For whatever reads the mailbox that bounces come to."""

    help = "Record that a reminder to an address came back, and what the mail server said."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and what was said."""
        parser.add_argument("address")
        parser.add_argument("--said", default="came back")

    def handle(self, **told: Any) -> None:
        """Record it."""
        if note_bounce(told["address"], told["said"]) is None:
            raise CommandError(f"nobody was written to at {told['address']!r}.")
        self.stdout.write("Recorded.")
