"""Entries, what they were linked into, and what people decided of links."""

from __future__ import annotations

from harvester.engine.schema.common import ENTRY_ID, METRO, SPHERE, UNDERTAKING_ID
from harvester.engine.schema.reading import SOURCE_ENTRIES
from harvester.engine.schema.table import DAY, FLAG, REAL, SMALL, TEXT, WHOLE, Column, Table

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
        SPHERE,
        METRO,
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

MEMBERSHIPS = Table(
    "memberships",
    "Which undertaking each project entry belongs to.",
    ("entry_id",),
    (
        ENTRY_ID,
        UNDERTAKING_ID,
        Column("probability", REAL, "that the entry belongs there; 1 for an entry on its own"),
    ),
)

UNDERTAKINGS = Table(
    "undertakings",
    "The real-world projects.",
    ("undertaking_id",),
    (
        UNDERTAKING_ID,
        Column("name", TEXT, "the most telling of its entries' names"),
        METRO,
        Column("province", TEXT, "province code, or `unknown`"),
        Column("function", TEXT, "function code, or `unknown`"),
        Column("owner", TEXT, "institution that owns it, or `unknown`"),
        SPHERE,
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
        UNDERTAKING_ID,
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
        METRO,
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
        METRO,
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
