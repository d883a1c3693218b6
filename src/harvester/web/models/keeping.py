"""Records that are added and read, never changed or removed."""

from __future__ import annotations

from typing import NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """A record that may only be added to was about to be changed or removed."""


class AppendOnly(models.QuerySet):
    """Rows are added and read; nothing else."""

    def update(self, **_: object) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("these records are never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("these records are never removed")


class Kept(models.Model):
    """A record for good. The database refuses too: triggers, made by the migrations."""

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Add the record; refused when it is there already."""
        if not self._state.adding:
            raise AppendOnlyError("these records are never changed")
        super().save(*args, **kwargs)

    def delete(self, *_: object, **__: object) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("these records are never removed")
