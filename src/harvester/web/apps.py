"""The web as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Puts the guard on every connection, and listens for what happens to accounts."""

    name = "harvester.web"
    label = "web"
    verbose_name = "Combined Harvester"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Once the models are there."""
        from django.db.backends.signals import connection_created

        from harvester.web.actions import guard, signing

        connection_created.connect(guard.watch)
        signing.listen()
