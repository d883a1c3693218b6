"""What is true of the sample country: which rows are one project, where it is, what was planted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harvester.sample.documents.books import Cell, Delimited

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.sample.undertakings import Undertaking

FRAGMENT, STRAY = "fragment", "stray"
"""Kinds of row besides those of the domain: a part of a project that lost its words, and a row
that no document explains."""

_HEADS: dict[str, tuple[str, ...]] = {
    "entries": ("file", "sheet", "row", "undertaking", "kind"),
    "undertakings": (
        "undertaking", "name", "metro", "municipality", "owner", "sphere", "kind", "fund",
        "first_year", "last_year", "total_rand", "planted",
    ),
    "places": ("undertaking", "longitude", "latitude", "place_class", "place", "region", "zone"),
    "misalignments": ("detector", "undertaking", "metro", "year", "institution", "planted"),
    "submissions": ("document", "institution", "metro", "year", "expected"),
    "files": ("file", "sheet", "format", "document", "institution", "year", "entries", "rand"),
}  # fmt: skip


@dataclass
class FileTruth:
    """What one sheet of one file holds: entries and the sum of every amount cell, in rand."""

    file: str
    sheet: str
    format: str
    document: str
    institution: str
    year: str
    entries: int = 0
    rand: int = 0


@dataclass
class Truth:
    """Writes the ``truth/`` folder as the files are written."""

    folder: Path
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._files = {name: Delimited(self.folder / f"{name}.csv") for name in _HEADS}
        for name, head in _HEADS.items():
            self._files[name].row(head)

    def entry(self, file: FileTruth, row: int, undertaking: str, kind: str) -> None:
        """One row of a published file."""
        file.entries += 1
        self._write("entries", (file.file, file.sheet, row, undertaking, kind))

    def undertaking(self, made: Undertaking, zone: str) -> None:
        """One real project and its true place."""
        self._project(made, made.metro.code, made.metro.name)
        self._write("places", (
            made.number, made.longitude, made.latitude, made.kind.place,
            made.place.name if made.place else "", made.region, zone,
        ))  # fmt: skip

    def outside(self, made: Undertaking, municipality: str) -> None:
        """A project of a provincial list that lies in no metro."""
        self._project(made, "", municipality)
        self._write("places", (
            made.number, made.longitude, made.latitude, made.kind.place, made.label, "", "",
        ))  # fmt: skip

    def _project(self, made: Undertaking, metro: str, municipality: str) -> None:
        self._write("undertakings", (
            made.number, made.name, metro, municipality, made.owner, made.sphere,
            made.kind.id, made.fund, made.start_year, made.last_year, made.total, made.plant,
        ))  # fmt: skip

    def misalignment(  # noqa: PLR0917 - a row of the truth
        self, detector: str, number: str, metro: str, year: str, planted: str, institution: str = ""
    ) -> None:
        """Something planted: in a project, or (without a number) with a metro or an institution."""
        self._write("misalignments", (detector, number, metro, year, institution, planted))

    def missing(self, document: str, institution: str, metro: str, year: str) -> None:
        """A submission that is left out on purpose, and the metro that misses it."""
        self._write("submissions", (document, institution, metro, year, "missing"))

    def file(self, told: FileTruth) -> None:
        """A file that is finished."""
        self._write("files", (
            told.file, told.sheet, told.format, told.document, told.institution, told.year,
            told.entries, told.rand,
        ))  # fmt: skip

    def close(self) -> None:
        """Finish the truth."""
        for file in self._files.values():
            file.close()

    def _write(self, name: str, cells: tuple[Cell, ...]) -> None:
        self.counts[name] += 1
        self._files[name].row(cells)
