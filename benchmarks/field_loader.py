"""The peer of ``read_sa36``: how the field's own site loads SA36, written by us from its behaviour.

openpyxl reads the sheet; each project and each amount is one ORM ``update_or_create``, year and
phase are rows looked up for each amount as there, all inside one transaction a sheet. SQLite in a
file, which spares it a network.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import django
import openpyxl
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(tempfile.mkdtemp()) / "peer.sqlite3"),
        }
    },
    INSTALLED_APPS=[],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402 - needs settings first


class Project(models.Model):
    """A project is its municipality, number, function and description."""

    geography = models.CharField(max_length=10)
    number = models.CharField(max_length=30)
    function = models.CharField(max_length=255)
    description = models.CharField(max_length=255)
    kind = models.CharField(max_length=255)
    asset_class = models.CharField(max_length=255)
    ward = models.CharField(max_length=255)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        """Identity as the field has it."""

        app_label = "peer"
        unique_together = ("geography", "number", "function", "description")

    def __str__(self) -> str:
        return self.number


class Phase(models.Model):
    """A budget phase."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        """A table of its own."""

        app_label = "peer"

    def __str__(self) -> str:
        return self.name


class Year(models.Model):
    """A financial year."""

    name = models.CharField(max_length=10, unique=True)

    class Meta:
        """A table of its own."""

        app_label = "peer"

    def __str__(self) -> str:
        return self.name


class Expenditure(models.Model):
    """One amount of a project in a year and phase."""

    project = models.ForeignKey(Project, models.CASCADE)
    phase = models.ForeignKey(Phase, models.CASCADE)
    year = models.ForeignKey(Year, models.CASCADE)
    amount = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        """One amount for each year and phase."""

        app_label = "peer"
        unique_together = ("project", "phase", "year")

    def __str__(self) -> str:
        return f"{self.phase} {self.year}"


def load(folder: str) -> dict[str, int]:
    """Load every workbook of a folder; counts what it stored."""
    with connection.schema_editor() as editor:
        for model in (Project, Phase, Year, Expenditure):
            editor.create_model(model)
    for path in sorted(Path(folder).glob("*.xlsx")):
        workbook = openpyxl.load_workbook(path, data_only=True)
        for sheet in workbook.worksheets:
            with transaction.atomic():
                load_sheet(sheet)
    return {"projects": Project.objects.count(), "amounts": Expenditure.objects.count()}


def load_sheet(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    """Load one municipality's sheet row by row."""
    rows = sheet.iter_rows(values_only=True)
    header: list[str] = []
    for row in rows:
        if row[0] and str(row[0]).strip() == "Function":
            header = [" ".join(str(cell or "").split()) for cell in row]
            break
    for row in rows:
        if not row[0]:
            break
        project, _ = Project.objects.update_or_create(
            geography=sheet.title,
            function=row[0],
            description=row[1] or "",
            number=row[2],
            defaults={
                "kind": row[3] or "",
                "asset_class": row[7] or "",
                "ward": row[9] or "",
                "longitude": number(row[10]),
                "latitude": number(row[11]),
            },
        )
        for heading, cell in zip(header[12:], row[12:], strict=True):
            amount = number(cell)
            if amount is not None:
                words, _, label = heading.rpartition(" ")
                year, _ = Year.objects.get_or_create(name=label)
                phase, _ = Phase.objects.get_or_create(name=words)
                Expenditure.objects.update_or_create(
                    project=project, phase=phase, year=year, defaults={"amount": amount}
                )


def number(cell: object) -> float | None:
    """A cell as a number, or nothing."""
    try:
        return float(str(cell))
    except ValueError:
        return None


if __name__ == "__main__":
    sys.stdout.write(f"{load(sys.argv[1])}\n")
