"""``django-admin make_person``: an account with one role, for operators."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from harvester.intake import checked_options
from harvester.web.accounts import ensure_person
from harvester.web.permissions import Role

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Makes or renews an account; the password is asked for, never an argument."""

    help = "Make or renew an account with one role of the table of rights."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and as what."""
        parser.add_argument("username")
        parser.add_argument("email")
        parser.add_argument(
            "role", choices=[role.value for role in Role if role is not Role.PUBLIC]
        )
        parser.add_argument("--name", default="", help="first and last name")
        parser.add_argument("--institution", default="", help="code they speak for, such as ETH")

    def handle(self, **told: str) -> None:
        """Ask for the password and make the account."""
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        ensure_person(
            username=told["username"],
            email=told["email"],
            name=told["name"],
            role=Role(told["role"]),
            password=password,
            institution=checked_options(institution=told["institution"]).institution,
        )
        self.stdout.write(f"{told['username']} may sign in as {told['role']}.")
