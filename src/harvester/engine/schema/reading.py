"""What a reader makes of a file."""

from __future__ import annotations

import pyarrow as pa

from harvester.engine.schema.common import CELL, ENTRY_ID, SHEET, SUBMISSION_ID
from harvester.engine.schema.table import DAY, FLAG, REAL, SMALL, TEXT, WHOLE, Column, Table

SUBMISSIONS = Table(
    "submissions",
    "One published file, or one sheet of it when sheets belong to institutions.",
    ("submission_id",),
    (
        SUBMISSION_ID,
        Column("sha256", TEXT, "of the file's bytes"),
        Column("file", TEXT, "the file's own name"),
        SHEET,
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
        SUBMISSION_ID,
        SHEET,
        Column("field", TEXT, "field of `entries`, or `amount`"),
        Column("column", TEXT, "column letter"),
        Column("header", TEXT, "header as published, white space folded"),
    ),
)

ENTRY_TEXTS = (
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

ENTRY_MEASURES = (
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
        ENTRY_ID,
        SUBMISSION_ID,
        SHEET,
        Column("row", SMALL, "row the spreadsheet shows (first row of a long-form project)"),
        Column("kind", TEXT, "domain.documents.EntryKind"),
        *ENTRY_TEXTS,
        *ENTRY_MEASURES,
    ),
)

LINES = Table(
    "lines",
    "One amount of an entry, from one cell.",
    ("line_id",),
    (
        Column("line_id", TEXT, "`<entry_id>:<cell>`"),
        ENTRY_ID,
        SUBMISSION_ID,
        Column("amount_cents", WHOLE, "negative amounts (journals) are kept"),
        Column("year", TEXT, "financial year label, in `calendar`; `unknown` when not stated"),
        Column("calendar", TEXT, "municipal or national"),
        Column("period_start", DAY, "first day the amount is for", null=True),
        Column("period_end", DAY, "last day the amount is for", null=True),
        Column("phase", TEXT, "domain.documents.Phase"),
        Column("fund_text", TEXT, "fund of this amount as published; empty: the entry's"),
        SHEET,
        CELL,
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
        SUBMISSION_ID,
        Column("stage", TEXT, "sources, or the later stage that saw it (register, space)"),
        Column("code", TEXT, "kind of problem"),
        Column("severity", TEXT, "error, warning, note"),
        SHEET,
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
        SUBMISSION_ID,
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
