"""What linkage needs to know of an entry, from any source; names decoded, codes made normal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from harvester.engine.schema import REAL, SMALL, TEXT, WHOLE, Column, Table
from harvester.linkage.names import workers
from harvester.linkage.names.texts import decode_texts
from harvester.rules import lexicon

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.names.spellings import Spellings
    from harvester.rules.lexicon import Learned

RECORDS = Table(
    "link_records", "What linkage needs to know of an entry, from any source.", ("uid",),
    (
        Column("uid", SMALL, "rank of the entry id among all: small, and free of row order"),
        Column("entry_id", TEXT, "entry"),
        Column("source", TEXT, "submission; entries of one are usually different projects"),
        Column("kind", TEXT, "project or programme; never linked with one another"),
        Column("namespace", TEXT, "who gives the codes; a code means something only within it"),
        Column("municipality", TEXT, "municipality, or empty"),
        Column("function", TEXT, "function, or empty"),
        Column("owner", TEXT, "owner, or empty"),
        Column("name", TEXT, "name"),
        Column("description", TEXT, "description"),
        Column("place_text", TEXT, "place in words"),
        Column("parent_text", TEXT, "programme it belongs to"),
        Column("code", TEXT, "publisher's own code"),
        Column("other_code", TEXT, "a second code"),
        Column("references", TEXT, "codes of other documents that it names"),
        Column("longitude", REAL, "degrees", null=True),
        Column("latitude", REAL, "degrees", null=True),
        Column("amount_cents", WHOLE, "plan money", null=True),
        Column("total_cents", WHOLE, "total project cost", null=True),
        Column("first_year", SMALL, "first plan year", null=True),
        Column("last_year", SMALL, "last plan year", null=True),
    ),
)  # fmt: skip

ACCOUNTING = "^(p c|p o|capital |operational )"
"""How names begin that are classes of a chart of accounts, in folded words."""

PROGRAMME = "(^| )(programme|program|all phases|alle fases|various|verskeie)( |$)"
"""Words that say a row is for several projects, in folded words."""

BY_WORKERS = 25_000
"""The names of more records are decoded by worker processes: of fewer, starting them takes longer."""

_STRIP = re.compile(r"[^A-Z0-9]")
_THREE_FIGURES = re.compile(r"(?:[0-9][^0-9]*){3}")


def load(
    engine: Engine, records: pa.Table, spellings: Spellings, learned: Learned | None = None
) -> None:
    """Load ``RECORDS`` rows with their texts decoded and their codes made normal.

    Makes ``link_records``, ``link_texts`` (a row per distinct text), ``link_spellings`` (those given
    and those these texts add), ``link_kinds`` and ``link_code_map``. Raises :class:`EngineError`
    when ``records`` do not conform.
    """
    with workers.crew(wanted=records.num_rows > BY_WORKERS) as crew:
        engine.load("link_records", RECORDS.conform(records))
        texts, spelt = decode_texts(engine.read(_TEXTS), spellings, learned, crew)
    said = texts.column("folded")
    for name, words in (("accounting", ACCOUNTING), ("programme", PROGRAMME)):
        texts = texts.append_column(name, pc.match_substring_regex(said, words))
    engine.load("link_texts", texts.add_column(0, "t", pa.array(range(texts.num_rows), WHOLE)))
    engine.load("link_spellings", spelt.rows)
    engine.load("link_kinds", _kinds())
    engine.make("link_code_map", _CODE_MAP)


_TEXTS = """
SELECT name AS text, municipality FROM link_records UNION SELECT description, municipality FROM link_records
UNION SELECT place_text, municipality FROM link_records
"""
"""SQL of the distinct names, descriptions and places, each with its municipality."""


def _kinds() -> pa.Table:
    """The lexicon's kinds, numbered."""
    kinds = [kind for _, kind in sorted(lexicon.load().kinds.items())]
    groups = {group: n for n, group in enumerate(sorted({k.group for k in kinds}))}
    return pa.table({
        "code": pa.array([k.code for k in kinds], TEXT),
        "label": pa.array([k.label for k in kinds], TEXT),
        "number": pa.array(range(len(kinds)), WHOLE),
        "grp": pa.array([groups[k.group] for k in kinds], WHOLE),
        "generic": pa.array([k.code == k.group for k in kinds], pa.bool_()),
    })  # fmt: skip


def normal_code(code: str) -> str:
    """A code in capitals without signs; leading zeros go, since spreadsheets lose them."""
    return _STRIP.sub("", code.upper()).lstrip("0")


def telling(code: str) -> bool:
    """Whether a normal code is long enough to be an id rather than a row number."""
    return len(code) >= 5 and _THREE_FIGURES.search(code) is not None


# The same in SQL as `normal_code` and `telling`, for every code text of a run at once.
_CODE_MAP = r"""
WITH texts AS (
    SELECT code AS text FROM link_records UNION SELECT other_code FROM link_records
    UNION SELECT "references" FROM link_records UNION SELECT unnest(codes) FROM link_texts
), parts AS (
    SELECT text, unnest(string_split_regex(substr(text, 1, 1000), '[;,|\n]')) AS part FROM texts
), normal AS (
    SELECT DISTINCT text, ltrim(regexp_replace(upper(part), '[^A-Z0-9]', '', 'g'), '0') AS code FROM parts
)
SELECT text, code,
    length(code) >= 5 AND length(regexp_replace(code, '[^0-9]', '', 'g')) >= 3 AS telling
FROM normal WHERE code <> ''
"""


__all__ = ["RECORDS", "load", "normal_code", "telling"]
