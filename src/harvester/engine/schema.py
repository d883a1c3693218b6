"""Every table of the Harvester: columns, types, units and meaning, declared once.

Written tables are cast to these schemas (:meth:`Table.conform`), so a stage that forgets or
misnames a column fails at once. ``docs/reference/tables.md`` is generated from here.

Conventions: ``*_cents`` whole cents (int64, nominal); ``longitude``/``latitude`` degrees EPSG:4326;
text is ``""`` when the publisher wrote nothing and ``unknown`` when *we* could not resolve it;
null means not known. Codes are those of ``rules/data``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from harvester.domain.errors import EngineError

UNKNOWN = "unknown"
"""A code that could not be resolved; never forced to a guess."""

TEXT, WHOLE, REAL, DAY, FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()
SMALL = pa.int32()


@dataclass(frozen=True)
class Column:
    """One column: name, Arrow type, meaning; ``null`` whether a value may be missing."""

    name: str
    type: pa.DataType
    meaning: str
    null: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its key (which makes a row unique) and its columns in order."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    arrow: pa.Schema = field(init=False, compare=False)

    def __post_init__(self) -> None:
        fields = [pa.field(c.name, c.type, nullable=c.null) for c in self.columns]
        object.__setattr__(self, "arrow", pa.schema(fields))

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]

    def empty(self) -> pa.Table:
        """The table with no rows."""
        return self.arrow.empty_table()

    def conform(self, rows: pa.Table) -> pa.Table:
        """``rows`` with exactly these columns, order and types.

        Raises :class:`EngineError` naming the column when one is missing, has another type that
        does not cast safely, or holds a null where none may be.
        """
        missing = [n for n in self.names if n not in rows.column_names]
        extra = [n for n in rows.column_names if n not in self.names]
        if missing or extra:
            message = f"table {self.name}: missing columns {missing}, unexpected {extra}"
            raise EngineError(message)
        arrays = []
        for column in self.columns:
            array = rows.column(column.name)
            try:
                array = array.cast(column.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                message = f"table {self.name}, column {column.name}: {error}"
                raise EngineError(message) from error
            if not column.null and array.null_count:
                message = f"table {self.name}, column {column.name}: {array.null_count} nulls"
                raise EngineError(message)
            arrays.append(array)
        return pa.Table.from_arrays(arrays, schema=self.arrow)

    def from_rows(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows as dictionaries; a column left out is null (or ``""`` for text that may not be)."""
        used: set[str] = set()
        for row in rows:
            used.update(row)
        try:
            table = pa.table({c.name: _column_of(c, rows, used) for c in self.columns})
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            message = f"table {self.name}: {error}"
            raise EngineError(message) from error
        return self.conform(table)


def _column_of(column: Column, rows: list[dict[str, object]], used: set[str]) -> pa.Array:
    """One column out of rows; one that no row names is made at once."""
    blank = "" if column.type == TEXT and not column.null else None
    if column.name not in used:
        return pa.repeat(pa.scalar(blank, type=column.type), len(rows))
    return pa.array([row.get(column.name, blank) for row in rows], type=column.type)


_SUBMISSION_ID = Column("submission_id", TEXT, "`<first 16 of sha256>:<part>`; a part is a sheet")
_ENTRY_ID = Column("entry_id", TEXT, "`<submission_id>:<row>`, row as the spreadsheet shows it")
_METRO = Column("metro", TEXT, "municipality code (`BUF`, `EC101`), or `unknown`")
_SPHERE = Column("sphere", TEXT, "national, provincial, local, entity, or `unknown`")
_YEAR = Column("year", TEXT, "financial year label `2018/19`; municipal (July to June)")
_UNDERTAKING_ID = Column("undertaking_id", TEXT, "persistent id of the real project")
_SHEET = Column("sheet", TEXT, "sheet name; empty for a CSV")
_CELL = Column("cell", TEXT, "cell such as `P14`; `row:column` letters also for a CSV")

SUBMISSIONS = Table(
    "submissions",
    "One published file, or one sheet of it when sheets belong to institutions.",
    ("submission_id",),
    (
        _SUBMISSION_ID,
        Column("sha256", TEXT, "of the file's bytes"),
        Column("file", TEXT, "the file's own name"),
        _SHEET,
        Column("format", TEXT, "reader that read it"),
        Column("document", TEXT, "domain.documents.Document"),
        Column("institution", TEXT, "code of the publisher, or `unknown`"),
        Column("institution_text", TEXT, "the publisher as the file names it"),
        Column("financial_year", TEXT, "year the document is about, label, or `unknown`"),
        Column("calendar", TEXT, "municipal or national"),
        Column("stage", TEXT, "domain.documents.Stage"),
        Column("published_on", DAY, "as the file states it", null=True),
        Column("title", TEXT, "the file's own title line"),
        Column("reader_version", TEXT, "format reader and its version"),
        Column("entries", WHOLE, "rows read"),
        Column("lines", WHOLE, "amounts read"),
        Column("rejected_rows", WHOLE, "rows that could not be read, each with a problem"),
    ),
)

COLUMNS = Table(
    "columns",
    "Which column of which sheet gave which field: the way back to a cell.",
    ("submission_id", "field", "column"),
    (
        _SUBMISSION_ID,
        _SHEET,
        Column("field", TEXT, "field of `entries`, or `amount`"),
        Column("column", TEXT, "column letter"),
        Column("header", TEXT, "header as published, white space folded"),
    ),
)

_ENTRY_TEXTS = (
    Column("name", TEXT, "project name as published"),
    Column("description", TEXT, "description as published"),
    Column("source_code", TEXT, "publisher's project id (mSCOA project number, IRM id ...)"),
    Column("other_code", TEXT, "a second id (IRM Project No, IDP reference)"),
    Column("parent_text", TEXT, "programme or catalytic programme it belongs to, as published"),
    Column("owner_text", TEXT, "department or entity that owns it, as published"),
    Column("sphere_text", TEXT, "sphere of the owner, as published"),
    Column("province_text", TEXT, "as published"),
    Column("municipality_text", TEXT, "as published"),
    Column("function_text", TEXT, "function, sector or programme, as published"),
    Column("asset_class_text", TEXT, "as published"),
    Column("asset_subclass_text", TEXT, "as published"),
    Column("nature_text", TEXT, "new, renewal, upgrading, maintenance ... as published"),
    Column("outcome_text", TEXT, "MTSF outcome, as published"),
    Column("iudf_text", TEXT, "IUDF goal, as published"),
    Column("objective_text", TEXT, "own objective, as published"),
    Column("fund_text", TEXT, "primary funding source or grant, as published"),
    Column("status_text", TEXT, "stage of the project, as published"),
    Column("location_text", TEXT, "wards, regions, suburb, address: the place in words"),
    Column("zone_text", TEXT, "integration zone, hub or precinct it is said to be in"),
    Column("benefit_text", TEXT, "wards, regions or places it serves, where the row says so"),
    Column("references_text", TEXT, "codes of other documents the row itself names, ';' between"),
)

_ENTRY_MEASURES = (
    Column("longitude", REAL, "first point, as published when it lies in the country", null=True),
    Column("latitude", REAL, "of the same point", null=True),
    Column(
        "points",
        TEXT,
        "all points `lon lat;lon lat` where the cell holds several; WKT of a line or area",
    ),
    Column("start_date", DAY, "start as published", null=True),
    Column("end_date", DAY, "completion as published (latest estimate)", null=True),
    Column("total_cost_cents", WHOLE, "total project cost as published", null=True),
    Column("units", REAL, "beneficiaries, dwelling units or target, as published", null=True),
    Column("extras", TEXT, "JSON of columns we have no field for"),
)

SOURCE_ENTRIES = Table(
    "source_entries",
    "One row of a submission as its publisher wrote it.",
    ("entry_id",),
    (
        _ENTRY_ID,
        _SUBMISSION_ID,
        _SHEET,
        Column("row", SMALL, "row the spreadsheet shows (first row of a long-form project)"),
        Column("kind", TEXT, "domain.documents.EntryKind"),
        *_ENTRY_TEXTS,
        *_ENTRY_MEASURES,
    ),
)

LINES = Table(
    "lines",
    "One amount of an entry, from one cell.",
    ("line_id",),
    (
        Column("line_id", TEXT, "`<entry_id>:<cell>`"),
        _ENTRY_ID,
        _SUBMISSION_ID,
        Column("amount_cents", WHOLE, "negative amounts (journals) are kept"),
        Column("year", TEXT, "financial year label, in `calendar`; `unknown` when not stated"),
        Column("calendar", TEXT, "municipal or national"),
        Column("period_start", DAY, "first day the amount is for", null=True),
        Column("period_end", DAY, "last day the amount is for", null=True),
        Column("phase", TEXT, "domain.documents.Phase"),
        Column("fund_text", TEXT, "fund of this amount as published; empty: the entry's"),
        _SHEET,
        _CELL,
        Column("header", TEXT, "the column's header, white space folded"),
        Column("raw", TEXT, "the cell's own text"),
    ),
)

PROBLEMS = Table(
    "problems",
    "Everything wrong in a submission, in one list.",
    ("problem_id",),
    (
        Column("problem_id", TEXT, "`<submission_id>:<n>`"),
        _SUBMISSION_ID,
        Column("stage", TEXT, "sources, or the later stage that saw it (register, space)"),
        Column("code", TEXT, "kind of problem"),
        Column("severity", TEXT, "error, warning, note"),
        _SHEET,
        Column("row", SMALL, "null: the whole sheet", null=True),
        Column("column", TEXT, "letter; empty: the whole row"),
        Column("header", TEXT, "of that column"),
        Column("value", TEXT, "the cell's own text"),
        Column("message", TEXT, "what is wrong"),
        Column("mend", TEXT, "how to mend it"),
    ),
)

AREAS = Table(
    "areas",
    "Areas money can be in: municipalities, wards, integration zones ...",
    ("area_id",),
    (
        Column("area_id", TEXT, "`<layer>:<code or hash>`"),
        _SUBMISSION_ID,
        Column("layer", TEXT, "which layer (`municipality`, `ward-2016`, `integration_zone` ...)"),
        Column("kind", TEXT, "domain.places.AreaKind"),
        Column("code", TEXT, "official code, or empty"),
        Column("name", TEXT, "name"),
        Column("metro", TEXT, "municipality code it lies in, or `unknown`"),
        Column("priority", FLAG, "whether the plan targets investment here"),
        Column("population", WHOLE, "people, when the file says", null=True),
        Column("households", WHOLE, "households, when the file says", null=True),
        Column(
            "poor_share",
            REAL,
            "share of households that are poor as the file counts them, 0 to 1, 6 decimals",
            null=True,
        ),
        Column("illustrative", FLAG, "true for invented boundaries (sample country)"),
        Column("square_metres", REAL, "area on the South African Albers plane"),
        Column("geometry", pa.binary(), "WKB, EPSG:4326, valid polygons"),
    ),
)

ENTRIES = Table(
    "entries",
    "Source entries with everything resolved to codes; what cannot be is `unknown`.",
    ("entry_id",),
    (
        *SOURCE_ENTRIES.columns,
        Column("document", TEXT, "domain.documents.Document, from its submission"),
        Column("institution", TEXT, "publisher's code, from its submission"),
        Column("publication_year", TEXT, "financial year of its submission"),
        Column("stage", TEXT, "stage of its submission"),
        Column("published_on", DAY, "of its submission", null=True),
        Column("owner", TEXT, "code of the institution whose project it is, or `unknown`"),
        _SPHERE,
        _METRO,
        Column("province", TEXT, "province code, or `unknown`"),
        Column("function", TEXT, "function code, or `unknown`"),
        Column("asset_class", TEXT, "asset class code, or `unknown`"),
        Column("nature", TEXT, "new, renewal, upgrade, maintenance, or `unknown`"),
        Column("outcome_mtsf", TEXT, "MTSF outcome code, or `unknown`"),
        Column("outcome_iudf", TEXT, "IUDF goal code, or `unknown`"),
        Column("grant", TEXT, "grant code, `own`, or `unknown`"),
        Column("status", TEXT, "status code, or `unknown`"),
        Column("place_class", TEXT, "domain.places.PlaceClass"),
        Column(
            "amount_cents",
            WHOLE,
            "plan money: sum of its planned, budget (or adjusted where "
            "there is no budget) and gazetted lines; null when it has none",
            null=True,
        ),
        Column("first_year", SMALL, "start of its first plan year, own calendar", null=True),
        Column("last_year", SMALL, "start of its last plan year, own calendar", null=True),
    ),
)

LINKS = Table(
    "links",
    "Pairs of entries that may be one project, with reasons.",
    ("entry_a", "entry_b"),
    (
        Column("entry_a", TEXT, "the lesser entry id"),
        Column("entry_b", TEXT, "the greater entry id"),
        Column("probability", REAL, "that both are one project, 0 to 1, 6 decimals"),
        Column("weight", REAL, "match weight in bits, 4 decimals"),
        Column("joined", FLAG, "whether both stand in one undertaking"),
        Column("decided", TEXT, "`accepted`, `rejected` by a person, or empty"),
        Column("reasons", TEXT, "JSON list of {`reason`, `weight`} a planner can read"),
    ),
)

MEMBERSHIPS = Table(
    "memberships",
    "Which undertaking each project entry belongs to.",
    ("entry_id",),
    (
        _ENTRY_ID,
        _UNDERTAKING_ID,
        Column("probability", REAL, "that the entry belongs there; 1 for an entry on its own"),
    ),
)

UNDERTAKINGS = Table(
    "undertakings",
    "The real-world projects.",
    ("undertaking_id",),
    (
        _UNDERTAKING_ID,
        Column("name", TEXT, "the most telling of its entries' names"),
        _METRO,
        Column("province", TEXT, "province code, or `unknown`"),
        Column("function", TEXT, "function code, or `unknown`"),
        Column("owner", TEXT, "institution that owns it, or `unknown`"),
        _SPHERE,
        Column("entries", WHOLE, "how many entries"),
        Column("documents", TEXT, "documents it is in, comma between, ladder order"),
        Column("institutions", TEXT, "publishers that name it, comma between"),
        Column("first_year", SMALL, "first plan year of any entry", null=True),
        Column("last_year", SMALL, "last plan year of any entry", null=True),
        Column("amount_cents", WHOLE, "plan money of its owner's latest document", null=True),
        Column("place_class", TEXT, "best class of its entries"),
        Column("longitude", REAL, "of its best located entry", null=True),
        Column("latitude", REAL, "of the same", null=True),
        Column("confidence", REAL, "weakest link that holds it together; 1 for one entry"),
    ),
)

LEDGER = Table(
    "ledger",
    "Ids minted so far: the memory that keeps them stable from run to run.",
    ("entry_key",),
    (
        Column("entry_key", TEXT, "publisher, document and code or name of a row, and its edition"),
        _UNDERTAKING_ID,
        Column("former_id", TEXT, "the row's id before that one, or empty"),
        Column("here", FLAG, "whether the harvest held the row; null: not told", null=True),
    ),
)

REDIRECTS = Table(
    "redirects",
    "Where ids lead that earlier harvests gave out: one row for each successor.",
    ("undertaking_id", "now_id"),
    (
        Column("undertaking_id", TEXT, "id as an earlier harvest gave it out"),
        Column("now_id", TEXT, "id it leads to; empty: its files were withdrawn"),
        Column("kind", TEXT, "`merge`, `split` (it may live on beside), `withdrawn`"),
        Column("name", TEXT, "the name it was last known by"),
    ),
)

RELATIONS = Table(
    "relations",
    "Undertakings that are not one but belong together.",
    ("from_undertaking", "to_undertaking", "kind"),
    (
        Column(
            "from_undertaking", TEXT, "the part, the phase, the earlier phase, or what was split"
        ),
        Column("to_undertaking", TEXT, "what it is a part or phase of, or what came of it"),
        Column(
            "kind",
            TEXT,
            "`part_of`, `phase_of`, `next_phase`, `split_into`, `merged_into`, `same_programme`",
        ),
        Column("probability", REAL, "that they are so related, 0 to 1, 6 decimals"),
        Column("reasons", TEXT, "JSON list of {`reason`, `weight`} a planner can read"),
        Column("decided", TEXT, "`accepted` by a person, or empty"),
    ),
)

_SHARE_COLUMNS = (
    _ENTRY_ID,
    Column("layer", TEXT, "layer of areas"),
    Column("area_id", TEXT, "area, or empty for the part that is in none"),
    Column("place_class", TEXT, "class under which this share is shown"),
    Column("weight", WHOLE, "whole-number weight of this share; split by largest remainder"),
    Column("rule", TEXT, "how it was placed: point, named region, municipality ..."),
    Column(
        "precision_metres",
        WHOLE,
        "how far off it may be: 0 as published on the map, else the radius of a circle as large as "
        "the area named; null where it is in none",
        null=True,
    ),
)

PLACES = Table(
    "places",
    "Place of the asset: shares of an entry in areas of a layer, which sum to one.",
    ("entry_id", "layer", "area_id"),
    _SHARE_COLUMNS,
)

BENEFITS = Table(
    "benefits",
    "Place of benefit of network and bulk projects, and of rows that say whom they serve: the same "
    "money seen from the other side, never to be added to that of `places`.",
    ("entry_id", "layer", "area_id"),
    _SHARE_COLUMNS,
)

MENDS = Table(
    "mends",
    "Coordinates and drawings that cannot be where their row says they are: what each may have been "
    "meant to be, and what a person decided.",
    ("mend_id",),
    (
        Column("mend_id", TEXT, "hash of the entry and what it published"),
        _ENTRY_ID,
        _SUBMISSION_ID,
        Column("name", TEXT, "project name as published"),
        _METRO,
        Column("published", TEXT, "the coordinate or drawing, as published"),
        Column("doubt", TEXT, "`elsewhere` in the country, `nowhere` on land, `abroad`"),
        Column("found", TEXT, "municipality code it lies in, or empty"),
        Column("proposal", TEXT, "`swapped`, `sign`, `swapped_sign`, `point`, or empty"),
        Column("longitude", REAL, "of the proposed point", null=True),
        Column("latitude", REAL, "of the same", null=True),
        Column("meaning", TEXT, "the proposal in words"),
        Column("state", TEXT, "`open`, or the verdict that stands"),
        Column("actor", TEXT, "who decided, or empty"),
        Column("at", TEXT, "when, UTC, ISO 8601, or empty"),
        Column("reason", TEXT, "why, in that person's words"),
    ),
)

SPATIAL_BUDGET = Table(
    "spatial_budget",
    "Every rand in a place and a municipal year; sums to the lines, to the cent.",
    (
        "layer",
        "area_id",
        "metro",
        "sphere",
        "owner",
        "document",
        "function",
        "grant",
        "phase",
        "year",
        "place_class",
        "submission_id",
        "latest",
    ),
    (
        Column("layer", TEXT, "layer of areas"),
        Column("area_id", TEXT, "area, or empty"),
        _METRO,
        _SPHERE,
        Column("owner", TEXT, "institution code"),
        Column("document", TEXT, "domain.documents.Document"),
        Column("function", TEXT, "function code"),
        Column("grant", TEXT, "grant code"),
        Column("phase", TEXT, "domain.documents.Phase"),
        _YEAR,
        Column("place_class", TEXT, "domain.places.PlaceClass"),
        Column("submission_id", TEXT, "submission it comes from"),
        Column(
            "latest",
            FLAG,
            "whether no later paper of the publisher speaks of that year: only these may be added up",
        ),
        Column("amount_cents", WHOLE, "nominal"),
        Column("entries", WHOLE, "entries it comes from"),
    ),
)

INDICATOR_PARTS = Table(
    "indicator_parts",
    "What each indicator is made of: one row per rand-carrying item.",
    ("indicator", "metro", "year", "item"),
    (
        Column("indicator", TEXT, "`V1` ..."),
        _METRO,
        _SPHERE,
        _YEAR,
        Column("item", TEXT, "entry, undertaking or submission it is about"),
        Column("entry_id", TEXT, "entry whose cells show it; empty where it is about an absence"),
        Column("province", TEXT, "of the municipality; `all`: it stands for several"),
        Column("owner", TEXT, "institution whose it is, or `unknown`; `all`: of several"),
        Column("fund", TEXT, "grant code, `own`, or `unknown`; `all`: of several"),
        Column("amount_cents", WHOLE, "weight in the denominator (cents, or 1 for a count)"),
        Column(
            "share",
            REAL,
            "how much of it counts in the numerator, 0 to 1 (or months); null unknown",
            null=True,
        ),
        Column("share_low", REAL, "least it could be, were it not as stated"),
        Column("share_high", REAL, "most it could be"),
        Column(
            "doubt",
            REAL,
            "chance, 0 to 1, that it is not as stated; null where the share is unknown",
            null=True,
        ),
        Column(
            "by_chance",
            FLAG,
            "true: least and most are what a wrong link or place would make of it, whole",
            null=True,
        ),
        Column(
            "people",
            REAL,
            "for a value per person: share of the people that live where its money should go; "
            "negative: not known",
            null=True,
        ),
    ),
)

_MEASURES = (
    Column(
        "value",
        REAL,
        "0 to 1 (a ratio or months may be more), 6 decimals; null when nothing is known",
        null=True,
    ),
    Column("low", REAL, "band that holds the truth about nine times in ten", null=True),
    Column("high", REAL, "band; null: no end", null=True),
    Column(
        "bound_low", REAL, "least that is possible, nothing assumed of what is unknown", null=True
    ),
    Column("bound_high", REAL, "most that is possible; null: no end", null=True),
    Column("numerator", REAL, "cents (or count) that counts"),
    Column("denominator", REAL, "cents (or count) it is measured against, known only"),
    Column("unknown", REAL, "cents (or count) of which nothing is known"),
    Column("items", WHOLE, "how many items"),
)

INDICATORS = Table(
    "indicators",
    "Values with their bands; metro and sphere may be `all`.",
    ("indicator", "metro", "sphere", "year"),
    (
        Column("indicator", TEXT, "`V1` ..."),
        Column("metro", TEXT, "municipality code or `all`"),
        Column("sphere", TEXT, "sphere or `all`"),
        Column("year", TEXT, "municipal year label"),
        *_MEASURES,
    ),
)

INDICATOR_SLICES = Table(
    "indicator_slices",
    "Values with their bands by province, by owner and by fund.",
    ("indicator", "dimension", "code", "metro", "year"),
    (
        Column("indicator", TEXT, "`V1` ..."),
        Column("dimension", TEXT, "`province`, `owner` or `fund`"),
        Column("code", TEXT, "province, institution or grant code, or `unknown`"),
        Column("metro", TEXT, "municipality code or `all` (always, by province)"),
        Column("year", TEXT, "municipal year label"),
        *_MEASURES,
    ),
)

TARGETS = Table(
    "targets",
    "What departments promise in strategic and annual performance plans, and what stands behind it.",
    ("entry_id",),
    (
        _ENTRY_ID,
        Column("level", TEXT, "`strategic` (of five years) or `annual`"),
        Column("owner", TEXT, "department or entity that promises, or `unknown`"),
        _SPHERE,
        Column("province", TEXT, "of the owner, or `unknown`"),
        _METRO,
        Column("year", TEXT, "financial year label of its plan, national calendar"),
        Column("code", TEXT, "the publisher's number"),
        Column("name", TEXT, "what is measured, as published"),
        Column("target", REAL, "value to be reached; null where it is words", null=True),
        Column("outcome_mtsf", TEXT, "MTSF outcome code, or `unknown`"),
        Column("outcome_iudf", TEXT, "IUDF goal code, or `unknown`"),
        Column("function", TEXT, "function code, or `unknown`"),
        Column("objective_text", TEXT, "own objective, as published"),
        Column("programme_text", TEXT, "programme of the department, as published"),
        Column("theme", TEXT, "works it asks for (rules/data/crosswalk.yaml); empty: none"),
        Column("works", WHOLE, "entries behind it"),
        Column("undertakings", WHOLE, "undertakings behind it"),
        Column("amount_cents", WHOLE, "their plan money"),
        Column("readable", FLAG, "whether the owner's own list of the season was read"),
        Column("funded", FLAG, "null: not readable, or it asks for no works", null=True),
    ),
)

TARGET_WORKS = Table(
    "target_works",
    "Which entry stands behind which target, and how.",
    ("target_entry", "work_entry"),
    (
        Column("target_entry", TEXT, "entry id of the target"),
        Column("work_entry", TEXT, "entry id of the work"),
        Column("undertaking_id", TEXT, "its undertaking, or empty"),
        _METRO,
        Column("how", TEXT, "`own`, `grant` (its department transfers it), `province`"),
        Column("amount_cents", WHOLE, "plan money of the entry", null=True),
    ),
)

FINDINGS = Table(
    "findings",
    "Misalignments, each with a key that stays the same from harvest to harvest.",
    ("finding_id",),
    (
        Column("finding_id", TEXT, "stable key: detector and what it is about"),
        Column("detector", TEXT, "`W01` ..."),
        Column("title", TEXT, "what is misaligned, in a few words"),
        Column("statement", TEXT, "one sentence with the figures in it"),
        Column("severity", TEXT, "high, medium, low"),
        _METRO,
        Column("year", TEXT, "municipal year label it is about, or empty"),
        Column("parties", TEXT, "institution codes, comma between"),
        Column("spheres", TEXT, "their spheres, comma between"),
        Column("function", TEXT, "function code, or `unknown`"),
        Column("undertaking_id", TEXT, "or empty"),
        Column("rand_cents", WHOLE, "rand at stake", null=True),
        Column("rand_low_cents", WHOLE, "band", null=True),
        Column("rand_high_cents", WHOLE, "band", null=True),
        Column("people", WHOLE, "people in reach, when known", null=True),
        Column("confidence", REAL, "that the finding is true, given the links, 0 to 1"),
        Column("offering", TEXT, "agreements, compacts, finance, learning"),
        Column("forum", TEXT, "forum code of rules/data/forums.yaml"),
    ),
)

EVIDENCE = Table(
    "evidence",
    "The cells a finding rests on.",
    ("finding_id", "n"),
    (
        Column("finding_id", TEXT, "finding"),
        Column("n", SMALL, "order"),
        Column("note", TEXT, "what this cell shows"),
        Column("entry_id", TEXT, "or empty"),
        _SUBMISSION_ID,
        Column("file", TEXT, "file name"),
        _SHEET,
        _CELL,
        Column("value", TEXT, "the cell's own text"),
    ),
)

MENDED = Table(
    "mended",
    "Findings of earlier harvests that are no longer there, and what mended each.",
    ("finding_id",),
    (
        Column("finding_id", TEXT, "stable key it had"),
        Column("detector", TEXT, "`W01` ..."),
        Column("title", TEXT, "as it last stood"),
        Column("statement", TEXT, "as it last stood"),
        Column("severity", TEXT, "high, medium, low"),
        _METRO,
        Column("year", TEXT, "municipal year label it was about, or empty"),
        Column("parties", TEXT, "institution codes, comma between"),
        Column("undertaking_id", TEXT, "as the harvest that last showed it named it, or empty"),
        Column("rand_cents", WHOLE, "rand that was at stake", null=True),
        Column("seen_on", DAY, "day of the harvest that showed it last", null=True),
        Column("mended_on", DAY, "day of the harvest that first did not", null=True),
        Column(
            "cause",
            TEXT,
            "`submission` that came; `withdrawn` file; `decision` on a link; `other`: rules, program, day",
        ),
        Column("submissions", TEXT, "ids of the submissions that mended it, comma between"),
        Column("files", TEXT, "their file names, `; ` between"),
    ),
)

COVERAGE = Table(
    "coverage",
    "Who was expected to give what for which metro, and what came.",
    ("institution", "document", "metro", "year"),
    (
        Column("institution", TEXT, "who"),
        Column("document", TEXT, "what"),
        _METRO,
        Column("year", TEXT, "publication year label"),
        Column("due_on", DAY, "by the rule", null=True),
        Column("rule", TEXT, "rule id of rules/data/expectations.yaml"),
        Column("received", TEXT, "submission ids, comma between; empty: nothing came"),
        Column("state", TEXT, "received, late, not_due"),
    ),
)

DECISIONS = Table(
    "decisions",
    "What people said of links: every line of the log, and how it stands in this harvest.",
    ("decision_id",),
    (
        Column("decision_id", TEXT, "hash of the line"),
        Column("at", TEXT, "when, UTC, ISO 8601"),
        Column("actor", TEXT, "who"),
        Column("institution", TEXT, "for which institution; empty: the secretariat"),
        Column("verdict", TEXT, "`accepted`, `rejected`, `same_programme`, `not_sure`"),
        Column("reason", TEXT, "why, in that person's words"),
        Column(
            "state",
            TEXT,
            "`standing`; `superseded` by a later one of the same institution; `contradicted` by "
            "another's; `waiting` until both rows are here",
        ),
        Column("now_a", TEXT, "entries the first row is now, comma between; empty: not here"),
        Column("now_b", TEXT, "entries the second row is now, comma between; empty: not here"),
        _METRO,
        Column("entry_key_a", TEXT, "key of the first row, which outlives its file"),
        Column("entry_key_b", TEXT, "key of the second row"),
        Column("entry_a", TEXT, "entry id of the first row when it was decided"),
        Column("entry_b", TEXT, "entry id of the second row when it was decided"),
        Column("name_a", TEXT, "its name then"),
        Column("name_b", TEXT, "its name then"),
        Column("code_a", TEXT, "its code then"),
        Column("code_b", TEXT, "its code then"),
        Column("undertaking_a", TEXT, "its undertaking then"),
        Column("undertaking_b", TEXT, "its undertaking then"),
        Column("run", TEXT, "harvest that was looked at"),
    ),
)

REVIEW = Table(
    "review",
    "Links for a person to settle, most valuable first.",
    ("rank",),
    (
        Column("rank", WHOLE, "1 is most worth settling"),
        Column("entry_a", TEXT, "the lesser entry id"),
        Column("entry_b", TEXT, "the greater entry id"),
        Column("undertaking_a", TEXT, "undertaking of the first"),
        Column("undertaking_b", TEXT, "undertaking of the second; the same where joined"),
        _METRO,
        Column("document_a", TEXT, "domain.documents.Document of the first"),
        Column("document_b", TEXT, "of the second"),
        Column("institution_a", TEXT, "publisher of the first"),
        Column("institution_b", TEXT, "publisher of the second"),
        Column("name_a", TEXT, "name of the first"),
        Column("name_b", TEXT, "name of the second"),
        Column("probability", REAL, "that both are one project, by the model"),
        Column("joined", FLAG, "whether both stand in one undertaking now"),
        Column("contradicted", FLAG, "whether people's decisions on it disagree"),
        Column("amount_cents", WHOLE, "plan money at stake: the lesser known of both", null=True),
        Column("findings", WHOLE, "findings about either undertaking"),
        Column("detectors", TEXT, "detectors of those that rest on links, comma between"),
        Column("value", REAL, "rand x 4p(1-p) x (1 + findings); null: amount unknown", null=True),
        Column("pairs", WHOLE, "pairs of rows that ask this question, this one among them"),
    ),
)

READING_TABLES = (SUBMISSIONS, COLUMNS, SOURCE_ENTRIES, LINES, PROBLEMS, AREAS)
"""What a reader makes of a file; stored with the file and never changed."""

HARVEST_TABLES = (
    SUBMISSIONS,
    COLUMNS,
    PROBLEMS,
    ENTRIES,
    LINES,
    AREAS,
    LINKS,
    MEMBERSHIPS,
    UNDERTAKINGS,
    RELATIONS,
    LEDGER,
    REDIRECTS,
    DECISIONS,
    PLACES,
    BENEFITS,
    MENDS,
    SPATIAL_BUDGET,
    INDICATOR_PARTS,
    INDICATORS,
    INDICATOR_SLICES,
    TARGETS,
    TARGET_WORKS,
    FINDINGS,
    EVIDENCE,
    MENDED,
    COVERAGE,
    REVIEW,
)
"""What a run writes, one Parquet file each."""
