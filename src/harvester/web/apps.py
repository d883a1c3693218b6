"""The web as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    """Keeps the groups of the table of rights in step with the code after each migration."""

    name = "harvester.web"
    label = "web"
    verbose_name = "Combined Harvester"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the groups once the tables are there."""
        from harvester.web.accounts import ensure_roles

        post_migrate.connect(ensure_roles, sender=self)
