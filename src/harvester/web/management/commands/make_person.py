"""``django-admin make_person``: an account with one role, for operators."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from harvester.domain.errors import UserError
from harvester.web.actions.acting import Actor
from harvester.web.actions.people import appoint
from harvester.web.rights import Role

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
        parser.add_argument("--reason", default="", help="who asked for the account, and why")
        parser.add_argument(
            "--no-password",
            action="store_true",
            help="for people who sign in through their institution's provider",
        )

    def handle(self, **told: Any) -> None:
        """Ask for the password and make the account."""
        password = "" if told["no_password"] else self._password()
        try:
            self._appoint(told, password)
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{told['username']} may sign in as {told['role']}.")

    def _password(self) -> str:
        password = getpass.getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password

    def _appoint(self, told: dict[str, Any], password: str) -> None:
        appoint(
            Actor.operator(),
            username=told["username"],
            email=told["email"],
            name=told["name"],
            role=Role(told["role"]),
            password=password,
            institution=told["institution"],
            reason=told["reason"],
        )
