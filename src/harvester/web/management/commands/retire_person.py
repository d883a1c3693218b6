"""``django-admin retire_person``: an account switched off, or its lost second factors taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from harvester.web.actions.acting import Actor
from harvester.web.actions.people import reset_factors, retire

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Switches an account off; with ``--factors-only`` it stays on, without its second factors."""

    help = "Switch an account off, or take its lost second factors off; every session of it ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="who asked for it, and why")
        parser.add_argument(
            "--factors-only",
            action="store_true",
            help="keep the account; take off app, passkeys and recovery codes",
        )

    def handle(self, **told: Any) -> None:
        """Find the account and do it."""
        person = get_user_model().objects.filter(username=told["username"]).first()
        if person is None:
            raise CommandError(f"nobody signs in as {told['username']!r}.")
        if told["factors_only"]:
            reset_factors(Actor.operator(), person, reason=told["reason"])
            self.stdout.write(f"{told['username']} has no second factor now.")
        else:
            retire(Actor.operator(), person, reason=told["reason"])
            self.stdout.write(f"{told['username']} is switched off.")
