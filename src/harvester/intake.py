"""Files into the granary: read as they are published, refused with a reason, kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from harvester.domain.documents import Stage
from harvester.domain.errors import UnreadableFileError, UserError
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.domain.problems import Severity
from harvester.engine.granary import Granary
from harvester.rules import institutions
from harvester.sources import registry
from harvester.sources.reading import ReadOptions, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harvester.engine.granary import StoredReading

NEVER_READ = {".gpkg-wal", ".gpkg-shm", ".dbf", ".shx", ".prj", ".cpg", ".md"}
"""Endings of files that go with another file, or that nobody publishes figures in."""


class Progress(Protocol):
    """Told as work goes on: what is being done, how much of how much is done."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """A :class:`Progress` that says nothing."""


@dataclass(frozen=True)
class Ingested:
    """What became of one file: what was read, or why nothing was.

    ``fault`` is set when a reader of ours broke; the file is refused and the cause is kept.
    """

    path: Path
    sha256: str = ""
    stored: StoredReading | None = None
    refused: str = ""
    fault: BaseException | None = None

    def submissions(self) -> list[dict[str, Any]]:
        """One dictionary for each submission in the file, in the form ``ingest --json`` prints."""
        if self.stored is None:
            return []
        counted = {
            (row["submission_id"], row["severity"]): row["problem_id_count"]
            for row in self.stored.table("problems", ["submission_id", "severity", "problem_id"])
            .group_by(["submission_id", "severity"])
            .aggregate([("problem_id", "count")])
            .to_pylist()
        }
        rows = []
        for row in self.stored.table("submissions").to_pylist():
            mine = {str(s): counted.get((row["submission_id"], s), 0) for s in Severity}
            rows.append(
                {
                    "file": self.path.name,
                    "sheet": row["sheet"],
                    "format": row["format"],
                    "sha256": self.sha256,
                    "institution": row["institution"],
                    "financial_year": row["financial_year"],
                    "stage": row["stage"],
                    "entries": row["entries"],
                    "lines": row["lines"],
                    "rejected_rows": row["rejected_rows"],
                    "problems": mine,
                }
            )
        return rows


def checked_options(
    *,
    format: str = "",  # noqa: A002 - the word people type
    institution: str = "",
    year: str = "",
    stage: str = "",
    mapping: Path | None = None,
) -> ReadOptions:
    """What a person said about a file, checked before any file is opened.

    Raises ``UserError`` naming the option, and what it may be.
    """
    if format and format not in registry.formats():
        known = ", ".join(registry.formats())
        raise UserError(f"{format!r} is not a format.", where="--as", mend=f"Formats: {known}.")
    code = institution
    if institution:
        book = institutions.load()
        known_by_code = book.get(institution) or book.get(institution.upper())
        code = known_by_code.code if known_by_code else (book.resolve(institution) or "")
        if not code:
            raise UserError(
                f"{institution!r} is not an institution we know.",
                where="--institution",
                mend="Give its code (ETH, KZN-EDU, PRASA) or its full name.",
            )
    label = year
    if year:
        start = parse_year_label(year)
        if start is None:
            raise UserError(
                f"{year!r} is not a financial year.", where="--year", mend="Write 2018/19."
            )
        label = FinancialYear(start, Calendar.NATIONAL).label
    if stage and stage not in set(Stage):
        known = ", ".join(Stage)
        raise UserError(f"{stage!r} is not a stage.", where="--stage", mend=f"Stages: {known}.")
    if mapping is not None and not mapping.is_file():
        raise UserError("there is no such file.", where=f"--mapping {mapping}")
    return ReadOptions(format=format, institution=code, year=label, stage=stage, mapping=mapping)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read under ``paths``: files as given, folders searched through, sorted.

    Hidden files, READMEs, the side files of a Shapefile and a sample country's ``truth/`` are left
    out.
    Raises ``UserError`` for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UserError("there is no such file or folder.", where=str(path))
        if path.is_file():
            found.append(path)
            continue
        found += [p for p in sorted(path.rglob("*")) if p.is_file() and _wanted(p, path)]
    return list(dict.fromkeys(found))


def _wanted(path: Path, top: Path) -> bool:
    inside = path.relative_to(top).parts
    hidden = any(part.startswith((".", "~$")) for part in inside) or path.stem.upper() == "README"
    return not hidden and "truth" not in inside[:-1] and path.suffix.lower() not in NEVER_READ


def ingest_file(granary: Granary, path: Path, options: ReadOptions) -> Ingested:
    """Read one file into the granary; a file that fails wholly comes back with the reason."""
    source = SourceFile.at(path)
    try:
        reading = registry.read(source, options)
    except UnreadableFileError as error:
        return Ingested(path, source.sha256, refused=str(error))
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - one file that breaks a reader never costs the others
        why = f"{path.name}: a fault of ours while reading it ({type(error).__name__}: {error})."
        return Ingested(path, source.sha256, refused=why, fault=error)
    return Ingested(path, source.sha256, stored=granary.add(source, reading, options))


def ingest(
    home: Path | str,
    paths: Iterable[Path | str],
    options: ReadOptions | None = None,
    progress: Progress = silent,
) -> list[Ingested]:
    """Read every file under ``paths`` into the granary of ``home``."""
    granary = Granary(home)
    files = files_in(Path(path) for path in paths)
    results = []
    for n, path in enumerate(files):
        progress(path.name, n, len(files))
        results.append(ingest_file(granary, path, options or ReadOptions()))
    progress("", len(files), len(files))
    return results
