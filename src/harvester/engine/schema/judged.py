"""Indicators, targets, findings and their evidence, and who has submitted."""

from __future__ import annotations

from harvester.engine.schema.common import CELL, ENTRY_ID, METRO, SHEET, SPHERE, SUBMISSION_ID, YEAR
from harvester.engine.schema.table import DAY, FLAG, REAL, SMALL, TEXT, WHOLE, Column, Table

INDICATOR_PARTS = Table(
    "indicator_parts",
    "What each indicator is made of: one row per rand-carrying item.",
    ("indicator", "metro", "year", "item"),
    (
        Column("indicator", TEXT, "`V1` ..."),
        METRO,
        SPHERE,
        YEAR,
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
        ENTRY_ID,
        Column("level", TEXT, "`strategic` (of five years) or `annual`"),
        Column("owner", TEXT, "department or entity that promises, or `unknown`"),
        SPHERE,
        Column("province", TEXT, "of the owner, or `unknown`"),
        METRO,
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
        METRO,
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
        METRO,
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
        SUBMISSION_ID,
        Column("file", TEXT, "file name"),
        SHEET,
        CELL,
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
        METRO,
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
        METRO,
        Column("year", TEXT, "publication year label"),
        Column("due_on", DAY, "by the rule", null=True),
        Column("rule", TEXT, "rule id of rules/data/expectations.yaml"),
        Column("received", TEXT, "submission ids, comma between; empty: nothing came"),
        Column("state", TEXT, "received, late, not_due"),
    ),
)
