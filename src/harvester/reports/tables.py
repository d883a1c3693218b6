"""Any table of a harvest, filtered by metro, year and sphere, as CSV, JSON or text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import shapely

from harvester.domain.documents import Sphere
from harvester.domain.errors import UserError
from harvester.domain.periods import parse_year_label
from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.engine.harvest_reader import LINKS_IN_FULL, links_in_full, opened
from harvester.linkage.identity import asked, redirects
from harvester.rules import institutions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harvester.engine.granary import Harvest

BATCH = 20_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Shown:
    """How one table is shown: its schema, the few columns that fit a screen, and for each filter
    the SQL condition on ``t``.

    ``ids`` are columns that say whose project a row is about, by name with their SQL, where the
    table itself does not; ``project`` is the condition for one undertaking (``$project``, a list);
    ``of`` that for a province, institution or grant (``$of``).
    """

    table: schema.Table
    brief: str
    metro: str = "t.metro = $metro"
    year: str = "t.year = $year"
    sphere: str = "t.sphere = $sphere"
    ids: tuple[tuple[str, str], ...] = ()
    project: str = ""
    of: str = ""

    def conditions(self, **asked: str | None) -> list[str]:
        """SQL of the filters asked for.

        Raises ``UserError`` for a filter this table cannot answer.
        """
        found = []
        for name, value in asked.items():
            if not value:
                continue
            condition = getattr(self, name)
            if not condition:
                raise UserError(
                    f"{self.table.name} cannot be filtered by {name}.", where=f"--{name}"
                )
            found.append(condition)
        return found


_MEMBER = "coalesce((SELECT m.undertaking_id FROM memberships m WHERE m.entry_id = {}), '')"
_OF_ENTRY = (("undertaking_id", _MEMBER.format("t.entry_id")),)
_ENTRY_PROJECT = (
    "t.entry_id IN (SELECT entry_id FROM memberships WHERE list_contains($project, undertaking_id))"
)
_PROJECT = "list_contains($project, t.undertaking_id)"
_ENTRY = "EXISTS (SELECT 1 FROM entries e WHERE e.entry_id = t.entry_id AND {})"
_OF_SUBMISSION = "EXISTS (SELECT 1 FROM entries e WHERE e.submission_id = t.submission_id AND {})"
_EITHER = "EXISTS (SELECT 1 FROM entries e WHERE e.entry_id IN (t.entry_a, t.entry_b) AND {})"
_EITHER_END = (
    "EXISTS (SELECT 1 FROM undertakings u"
    " WHERE u.undertaking_id IN (t.from_undertaking, t.to_undertaking) AND {})"
)
_SUBMISSION_YEAR = (
    "EXISTS (SELECT 1 FROM submissions s WHERE s.submission_id = t.submission_id"
    " AND s.financial_year = $year)"
)

_PLACES = Shown(
    schema.PLACES,
    "undertaking_id entry_id layer area_id place_class weight rule precision_metres",
    ids=_OF_ENTRY,
    project=_ENTRY_PROJECT,
    metro=_ENTRY.format("e.metro = $metro"),
    year=_ENTRY.format("e.publication_year = $year"),
    sphere=_ENTRY.format("e.sphere = $sphere"),
)

SHOWN = {
    "submissions": Shown(
        schema.SUBMISSIONS,
        "submission_id file document institution financial_year stage entries rejected_rows",
        metro="(t.institution = $metro OR " + _OF_SUBMISSION.format("e.metro = $metro") + ")",
        year="t.financial_year = $year",
        sphere="list_contains($codes_of_sphere, t.institution)",
    ),
    "problems": Shown(
        schema.PROBLEMS,
        "severity code sheet row column value message",
        metro=_OF_SUBMISSION.format("e.metro = $metro"),
        year=_SUBMISSION_YEAR,
        sphere=_OF_SUBMISSION.format("e.sphere = $sphere"),
    ),
    "entries": Shown(
        schema.ENTRIES,
        "entry_id undertaking_id document institution publication_year metro function name amount_cents",
        year="t.publication_year = $year",
        of='$of IN (t.owner, t."grant", t.province)',
        ids=_OF_ENTRY,
        project=_ENTRY_PROJECT,
    ),
    "lines": Shown(
        schema.LINES,
        "line_id undertaking_id year calendar phase amount_cents cell raw",
        metro=_ENTRY.format("e.metro = $metro"),
        sphere=_ENTRY.format("e.sphere = $sphere"),
        ids=_OF_ENTRY,
        project=_ENTRY_PROJECT,
    ),
    "undertakings": Shown(
        schema.UNDERTAKINGS,
        "undertaking_id metro function documents first_year last_year amount_cents name",
        year="t.first_year <= $start AND t.last_year >= $start",
        project=_PROJECT,
    ),
    "relations": Shown(
        schema.RELATIONS,
        "from_undertaking kind to_undertaking probability decided",
        metro=_EITHER_END.format("u.metro = $metro"),
        year=_EITHER_END.format("u.first_year <= $start AND u.last_year >= $start"),
        sphere=_EITHER_END.format("u.sphere = $sphere"),
        project="list_has_any($project, [t.from_undertaking, t.to_undertaking])",
    ),
    "redirects": Shown(
        schema.REDIRECTS,
        "undertaking_id kind now_id name",
        metro="",
        year="",
        sphere="",
        project="list_has_any($project, [t.undertaking_id, t.now_id])",
    ),
    "links": Shown(
        schema.LINKS,
        "entry_a undertaking_a entry_b undertaking_b probability weight joined decided",
        metro=_EITHER.format("e.metro = $metro"),
        year=_EITHER.format("e.publication_year = $year"),
        sphere=_EITHER.format("e.sphere = $sphere"),
        ids=tuple((f"undertaking_{end}", _MEMBER.format(f"t.entry_{end}")) for end in "ab"),
        project=f"({_ENTRY_PROJECT.replace('t.entry_id', 't.entry_a')} OR {_ENTRY_PROJECT.replace('t.entry_id', 't.entry_b')})",
    ),
    "decisions": Shown(
        schema.DECISIONS,
        "at actor institution verdict state undertaking_a undertaking_b name_a name_b reason",
        year="",
        sphere="",
        project="list_has_any($project, [t.undertaking_a, t.undertaking_b])",
    ),
    "review": Shown(
        schema.REVIEW,
        "rank metro probability joined amount_cents findings undertaking_a undertaking_b name_a name_b",
        year=_EITHER.format("e.publication_year = $year"),
        sphere=_EITHER.format("e.sphere = $sphere"),
        project="list_has_any($project, [t.undertaking_a, t.undertaking_b])",
    ),
    "indicators": Shown(
        schema.INDICATORS, "indicator metro sphere year value low high bound_low bound_high items"
    ),
    "indicator-slices": Shown(
        schema.INDICATOR_SLICES,
        "indicator dimension code metro year value low high bound_low bound_high items",
        sphere="",
        of="t.code = $of",
    ),
    "findings": Shown(
        schema.FINDINGS,
        "finding_id undertaking_id severity metro year rand_cents confidence statement",
        sphere="list_contains(string_split(t.spheres, ','), $sphere)",
        project=_PROJECT,
    ),
    "mended": Shown(
        schema.MENDED,
        "finding_id undertaking_id severity metro year cause mended_on files statement",
        sphere="",
        project=_PROJECT,
    ),
    "areas": Shown(
        schema.AREAS, "area_id kind name metro priority illustrative", year="", sphere=""
    ),
    "spatial-budget": Shown(
        schema.SPATIAL_BUDGET,
        "layer area_id metro sphere document phase year place_class latest amount_cents",
    ),
    "places": _PLACES,
    "benefits": replace(_PLACES, table=schema.BENEFITS),
    "mends": Shown(
        schema.MENDS,
        "undertaking_id mend_id entry_id name published meaning state",
        ids=_OF_ENTRY,
        project=_ENTRY_PROJECT,
        year=_ENTRY.format("e.publication_year = $year"),
        sphere=_ENTRY.format("e.sphere = $sphere"),
    ),
    "memberships": Shown(
        schema.MEMBERSHIPS,
        "entry_id undertaking_id probability",
        project=_PROJECT,
        metro=_ENTRY.format("e.metro = $metro"),
        year=_ENTRY.format("e.publication_year = $year"),
        sphere=_ENTRY.format("e.sphere = $sphere"),
    ),
    "coverage": Shown(
        schema.COVERAGE,
        "institution document metro year due_on state",
        sphere="list_contains($codes_of_sphere, t.institution)",
    ),
}
"""The tables ``harvester show`` knows, by the name a person types."""


def select(
    harvest: Harvest,
    name: str,
    *,
    metro: str | None = None,
    year: str | None = None,
    sphere: str | None = None,
    projects: Sequence[str] = (),
    of: str | None = None,
) -> pa.Table:
    """Rows of a table of ``harvest``, in the order of its key; geometry comes as WKT text.

    ``metro`` a municipality's code or name, ``year`` a label such as ``2018/19``, ``sphere`` one of
    the four, ``projects`` ids of undertakings (of this harvest: see :func:`follow`), ``of`` the code
    of a province, institution or grant.
    Rows about a project say which, also where the table itself does not.
    Raises ``UserError`` for an unknown table, year or filter.
    """
    shown = _shown(name)
    metro = municipality(metro)
    if sphere and sphere not in set(Sphere):
        known = ", ".join(Sphere)
        raise UserError(f"{sphere!r} is not a sphere.", where="--sphere", mend=f"One of {known}.")
    start = parse_year_label(year) if year else None
    if year and start is None:
        raise UserError(f"{year!r} is not a financial year.", where="--year", mend="Write 2018/19.")
    values: dict[str, object] = {"metro": metro, "year": year, "start": start, "sphere": sphere,
                                 "project": list(projects), "of": of}  # fmt: skip
    values["codes_of_sphere"] = _codes_of(sphere)
    one = "given" if projects else None
    conditions = shown.conditions(metro=metro, year=year, sphere=sphere, project=one, of=of)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = ", ".join(f't."{column}"' for column in shown.table.key)
    engine = Engine()
    try:
        for table in {shown.table.name, *_ASKED}:
            opened(engine, harvest, _by_name(table))
        source = shown.table.name
        if shown.table is schema.LINKS:
            links_in_full(engine, harvest)
            source = LINKS_IN_FULL
        more = "".join(f", {sql} AS {column}" for column, sql in shown.ids)
        rows = engine.query(
            f'SELECT t.*{more} FROM "{source}" t {where} ORDER BY {order}',
            {key: value for key, value in values.items() if f"${key}" in where},
        )
    finally:
        engine.close()
    return _geometry_as_text(rows)


_ASKED = ("entries", "submissions", "memberships", "undertakings")
"""Tables that filters and ids ask."""


def follow(harvest: Harvest, undertaking_id: str) -> redirects.Resolved:
    """Where an id that a person typed leads in ``harvest``, with a sentence when it leads elsewhere.

    Raises ``UserError`` for an id that is mistyped or that nobody gave out.
    """
    engine = Engine()
    try:
        for table in (schema.UNDERTAKINGS, schema.REDIRECTS):
            opened(engine, harvest, table)
        names = engine.query("SELECT undertaking_id, name FROM undertakings", {}).to_pylist()
        moved = redirects.of_table(engine.query("SELECT * FROM redirects", {}))
    finally:
        engine.close()
    living = {row["undertaking_id"]: row["name"] for row in names}
    found = asked.follow(undertaking_id, moved, living, where="--id")
    if found is None:
        raise UserError(
            f"no harvest here has given out the id {undertaking_id}.",
            where="--id",
            mend="Ids come from `harvester show undertakings`.",
        )
    return found


def brief_columns(name: str) -> list[str]:
    """The columns of a table that fit a screen; CSV and JSON have them all."""
    return _shown(name).brief.split()


def _shown(name: str) -> Shown:
    known = SHOWN.get(name.replace("_", "-"))
    if known is None:
        raise UserError(f"there is no table {name!r}.", mend=f"Tables: {', '.join(SHOWN)}.")
    return known


def _by_name(name: str) -> schema.Table:
    return next(t for t in schema.HARVEST_TABLES if t.name == name)


def municipality(metro: str | None) -> str | None:
    """A municipality's code from its code or name, however written.

    Raises ``UserError`` for one we do not know.
    """
    if not metro or metro == schema.UNKNOWN:
        return metro
    book = institutions.load()
    known = book.get(metro.upper())
    code = known.code if known else book.municipality(metro)
    if code is None:
        raise UserError(
            f"{metro!r} is not a municipality we know.",
            where="--metro",
            mend="Give its code (ETH, EC101) or its name.",
        )
    return code


def _codes_of(sphere: str | None) -> list[str]:
    """Codes of the institutions of a sphere."""
    return [i.code for i in institutions.load().all if str(i.sphere) == sphere]


def _geometry_as_text(rows: pa.Table) -> pa.Table:
    if "geometry" not in rows.column_names:
        return rows
    shapes = shapely.from_wkb(rows.column("geometry").to_pylist())
    text = pa.array([shapely.to_wkt(shape, rounding_precision=6) for shape in shapes], pa.string())
    return rows.set_column(rows.column_names.index("geometry"), "geometry_wkt", text)


def safe_cell(value: object) -> object:
    """A value for a CSV cell: text a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def to_csv(rows: pa.Table) -> Iterator[str]:
    """The rows as CSV text, a batch at a time, header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(rows.column_names)
    for batch in rows.to_batches(BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            writer.writerow([safe_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if not rows.num_rows:
        yield buffer.getvalue()


def to_json(rows: pa.Table) -> Iterator[str]:
    """The rows as one JSON list of objects, a batch at a time; days as ``2018-10-12``."""
    first = True
    yield "["
    for batch in rows.to_batches(BATCH):
        text = ",\n".join(
            json.dumps(row, ensure_ascii=False, default=_plain) for row in batch.to_pylist()
        )
        yield ("\n" if first else ",\n") + text
        first = False
    yield "\n]\n"


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
