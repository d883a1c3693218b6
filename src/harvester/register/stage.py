"""Entries with everything resolved to codes, and one problem for each text that could not be.

Texts are resolved once each, however many rows repeat them, and joined back in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from harvester.domain.documents import EntryKind
from harvester.domain.places import PlaceClass
from harvester.engine import schema
from harvester.engine.schema import UNKNOWN
from harvester.register.parties import PartyResolver, Submission, Words
from harvester.register.plan import plan_money
from harvester.register.problems import Tally, problem_rows
from harvester.rules import codes, institutions, network, regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ibis.expr.types import Table as IbisTable
    from ibis.expr.types import Value

    from harvester.engine.engine import Engine

_PARTY_TEXTS = ("owner_text", "sphere_text", "province_text", "municipality_text")
_PARTY_KEYS = ("submission_id", *_PARTY_TEXTS)
_PARTY_CODES = ("owner", "sphere", "metro", "province")


@dataclass(frozen=True)
class _Listed:
    """A field that one list of codes resolves: its column, the text it comes from, its name."""

    column: str
    text: str
    list_name: str
    called: str


_LISTED = (
    _Listed("function_said", "function_text", "functions", "function"),
    _Listed("asset_said", "asset_class_text", "asset_classes", "asset class"),
    _Listed("nature", "nature_text", "natures", "nature"),
    _Listed("outcome_mtsf", "outcome_text", "mtsf_outcomes", "MTSF outcome"),
    _Listed("outcome_iudf", "iudf_text", "iudf_goals", "IUDF goal"),
    _Listed("grant", "fund", "grants", "grant"),
    _Listed("status", "status_text", "statuses", "status"),
)

_SUB_CLASS = _Listed("asset_sub_said", "asset_subclass_text", "asset_classes", "asset class")
_SOURCE_OF = {"fund": "fund_text"}
_RESOLVED = (
    *_PARTY_CODES,
    *("function", "asset_class", "nature", "outcome_mtsf", "outcome_iudf", "grant", "status"),
    "place_class",
)
_KEPT = (
    *("entry_id", "submission_id", "sheet", "row", "owner_text"),
    *("function_said", "asset_said", "function_from"),
    *(listed.text for listed in _LISTED),
    *_RESOLVED,
)
"""Columns the stage itself needs of each row: its codes, and the texts they come from."""


def register(
    engine: Engine, submissions: IbisTable, source_entries: IbisTable, lines: IbisTable
) -> tuple[IbisTable, pa.Table]:
    """Entries (``schema.ENTRIES``) and the problems (``schema.PROBLEMS``) of resolving them.

    Every source entry becomes exactly one entry. Owner, sphere, municipality and province are as
    :class:`~harvester.register.parties.PartyResolver` says; ``function`` is the row's own, else
    its owner's (its only sector, or the words of the row's owner), else its asset class's (or the
    words of its kind of infrastructure); ``grant`` is the row's own funding, else
    that of its lines where they name one only; ``asset_class`` its class, else its sub-class;
    plan money as :func:`~harvester.register.plan.plan_money`. ``place_class``:

    1. ``located``: the row has coordinates;
    2. ``multi_ward``, ``city_wide``, ``administrative``: its place words say so;
    3. ``administrative`` or ``network``: no place is named and its asset class is such;
    4. ``network``: its words are those of a network or bulk project;
    5. ``unknown``.

    What cannot be resolved is ``unknown``, with one problem for each text of a submission.
    """
    publishers = _publishers(engine, submissions)
    parties, tallies = _parties(engine, source_entries, publishers)
    said = _said(engine, source_entries, lines, parties)
    said = _with_lists(engine, said, source_entries, lines)
    said = _with_function(engine, said, source_entries, parties)
    said = _with_place(engine, said, source_entries, parties)
    resolved = engine.hold("register_resolved", said.select(*_KEPT), as_written=True)
    tallies += _list_tallies(engine, resolved) + _function_tallies(engine, resolved)
    entries = _entries(source_entries, publishers, resolved, plan_money(lines, submissions))
    made = engine.table(schema.ENTRIES, entries)
    _let_go(engine)
    return made, problem_rows(tallies)


def _let_go(engine: Engine) -> None:
    """Drop this stage's working tables."""
    engine.drop(*(name for name in engine.held() if name.startswith("register_")))


def _publishers(engine: Engine, submissions: IbisTable) -> IbisTable:
    of_submission = submissions.select(
        "document",
        "institution",
        "stage",
        "published_on",
        the_submission="submission_id",
        publication_year="financial_year",
    )
    return engine.hold("register_submissions", of_submission)


def _parties(
    engine: Engine, source_entries: IbisTable, publishers: IbisTable
) -> tuple[IbisTable, list[Tally]]:
    """Owner, sphere, municipality and province of each combination of texts of a submission."""
    counted = source_entries.group_by("submission_id", *_PARTY_TEXTS).aggregate(
        sheet=source_entries.sheet.min(),
        rows=source_entries.count(),
        first_row=source_entries.row.min(),
    )
    seen = counted.join(publishers, counted.submission_id == publishers.the_submission)
    resolver = PartyResolver(institutions.load(), codes.load("spheres"))
    told: list[tuple[str, ...]] = []
    tallies: dict[tuple[str, ...], Tally] = {}
    for row in engine.arrow(seen).to_pylist():
        submission = Submission(row["document"], row["institution"], row["sheet"])
        texts = tuple(row[name] for name in _PARTY_TEXTS)
        parties = resolver.resolve(submission, Words(*texts))
        found = (parties.owner, parties.sphere, parties.metro, parties.province)
        told.append((row["submission_id"], *texts, *found))
        for doubt in parties.doubts:
            tally = Tally(
                row["submission_id"], doubt.field, doubt.code, doubt.text, row["rows"],
                row["first_row"], row["sheet"], doubt.others,
            )  # fmt: skip
            _add(tallies, tally)
    names = [*(f"the_{n}" for n in _PARTY_KEYS), *_PARTY_CODES]
    held = engine.load("register_parties", _text_table(names, told))
    return held, list(tallies.values())


def _add(tallies: dict[tuple[str, ...], Tally], new: Tally) -> None:
    """Count ``new`` with what was counted for the same text of the same submission."""
    key = (new.submission_id, new.field, new.code, new.text)
    old = tallies.get(key)
    if old:
        others = tuple(sorted({*old.others, *new.others}))
        new = Tally(
            *key, old.rows + new.rows, min(old.first_row, new.first_row),
            min(old.sheet, new.sheet), others,
        )  # fmt: skip
    tallies[key] = new


def _said(
    engine: Engine, source_entries: IbisTable, lines: IbisTable, parties: IbisTable
) -> IbisTable:
    """Rows with their parties and ``fund``: its own words, else those all its lines share."""
    keys = [source_entries[name] == parties[f"the_{name}"] for name in _PARTY_KEYS]
    rows = source_entries.join(parties, keys)
    told = lines.filter(lines.fund_text != "")
    funds = told.group_by(fund_entry="entry_id").aggregate(
        fund_of_lines=told.fund_text.min(), funds=told.fund_text.nunique()
    )
    alone = engine.hold("register_funds", funds.filter(funds.funds == 1))
    both = rows.left_join(alone, rows.entry_id == alone.fund_entry)
    own = both.fund_text.strip() != ""
    return both.mutate(fund=ibis.ifelse(own, both.fund_text, both.fund_of_lines.fill_null("")))


def _with_lists(
    engine: Engine, said: IbisTable, source_entries: IbisTable, lines: IbisTable
) -> IbisTable:
    for listed in (*_LISTED, _SUB_CLASS):
        texts = _distinct(engine, source_entries, _SOURCE_OF.get(listed.text, listed.text))
        if listed.text == "fund":
            texts = sorted({*texts, *_distinct(engine, lines, "fund_text")})
        resolve = codes.load(listed.list_name).resolve
        said = _looked_up(engine, said, listed.text, texts, {listed.column: resolve})
    known = said.asset_said != UNKNOWN
    return said.mutate(asset_class=ibis.ifelse(known, said.asset_said, said.asset_sub_said))


def _distinct(engine: Engine, rows: IbisTable, column: str) -> list[str]:
    found = engine.arrow(rows.select(column).distinct())
    return [str(text) for text in found.column(column).to_pylist()]


def _looked_up(
    engine: Engine,
    rows: IbisTable,
    column: str,
    texts: Iterable[str],
    made: dict[str, Callable[[str], str]],
) -> IbisTable:
    """``rows`` with new columns, each a function of ``column``, whose values are ``texts``."""
    key = f"key_{next(iter(made))}"
    found = [(text, *(function(text) for function in made.values())) for text in texts]
    held = engine.load(f"register_{key}", _text_table([key, *made], found))
    return rows.join(held, rows[column] == held[key])


def _with_function(
    engine: Engine, said: IbisTable, source_entries: IbisTable, parties: IbisTable
) -> IbisTable:
    """``function``, and in ``function_from`` what it was taken from where not from its own text."""
    book, classes = institutions.load(), codes.load("asset_classes")
    functions = codes.load("functions").resolve
    for text, column in (("owner_text", "owner_word"), ("asset_class_text", "asset_word")):
        texts = _distinct(engine, source_entries, text)
        said = _looked_up(engine, said, text, texts, {column: functions})
    owners = _distinct(engine, parties, "owner")
    said = _looked_up(engine, said, "owner", owners, {"owner_function": book.function})
    details = {
        f"asset_{name}": partial(_detail, classes, name=name) for name in ("function", "place")
    }
    said = _looked_up(engine, said, "asset_class", [*classes.codes, UNKNOWN], details)
    kind_of_infrastructure = (said.asset_class == UNKNOWN) & (said.asset_word != UNKNOWN)
    source = ibis.cases(
        (said.function_said != UNKNOWN, ""),
        ((said.owner_function != "") | (said.owner_word != UNKNOWN), "owner"),
        ((said.asset_function != "") | kind_of_infrastructure, "asset_class"),
        else_="",
    )
    said = said.mutate(function_from=source)
    by_owner = ibis.ifelse(said.owner_function != "", said.owner_function, said.owner_word)
    by_asset = ibis.ifelse(said.asset_function != "", said.asset_function, said.asset_word)
    function = ibis.cases(
        (said.function_from == "owner", by_owner),
        (said.function_from == "asset_class", by_asset),
        else_=said.function_said,
    )
    return said.mutate(function=function)


def _detail(known: codes.CodeList, code: str, name: str) -> str:
    found = known.get(code)
    return found.extra.get(name, "") if found else ""


def _with_place(
    engine: Engine, said: IbisTable, source_entries: IbisTable, parties: IbisTable
) -> IbisTable:
    book = regions.load()
    keys = [source_entries[name] == parties[f"the_{name}"] for name in _PARTY_KEYS]
    pairs = source_entries.join(parties, keys).select("metro", "location_text").distinct()
    found = engine.arrow(pairs).to_pylist()
    read = [
        (p["metro"], p["location_text"], book.read(p["location_text"], p["metro"])) for p in found
    ]
    rows = [(m, t, str(place.place_class), "yes" if place.unread else "") for m, t, place in read]
    columns = ["place_metro", "place_text", "words_class", "place_named"]
    held = engine.load("register_places", _text_table(columns, rows))
    both = said.join(held, [said.metro == held.place_metro, said.location_text == held.place_text])
    return both.mutate(place_class=_place_class(both))


def _place_class(said: Any) -> Value:
    located = (said.longitude.notnull() & said.latitude.notnull()) | (said.points != "")
    project = said.kind.isin([str(EntryKind.PROJECT), str(EntryKind.PROGRAMME)])
    texts = ("name", "description", "function_text", "asset_class_text", "asset_subclass_text")
    words = ibis.literal(" ").join([said[name] for name in texts]).lower()
    city = (said.words_class == str(PlaceClass.CITY_WIDE)) & (said.metro != UNKNOWN)
    office = said.asset_place == "administrative"
    return ibis.cases(
        (located, str(PlaceClass.LOCATED)),
        (said.words_class == str(PlaceClass.MULTI_WARD), str(PlaceClass.MULTI_WARD)),
        (city, str(PlaceClass.CITY_WIDE)),
        (said.words_class == str(PlaceClass.ADMINISTRATIVE), str(PlaceClass.ADMINISTRATIVE)),
        (office & (said.place_named == ""), str(PlaceClass.ADMINISTRATIVE)),
        (office, str(PlaceClass.UNKNOWN)),
        (project & (said.asset_place == "network"), str(PlaceClass.NETWORK)),
        (project & words.re_search(network.pattern()), str(PlaceClass.NETWORK)),
        else_=str(PlaceClass.UNKNOWN),
    )


def _entries(
    source_entries: IbisTable, publishers: IbisTable, resolved: IbisTable, plan: IbisTable
) -> IbisTable:
    found = resolved.select(*_RESOLVED, the_entry="entry_id")
    entries = source_entries.join(
        publishers, source_entries.submission_id == publishers.the_submission
    )
    entries = entries.join(found, entries.entry_id == found.the_entry)
    entries = entries.left_join(plan, entries.entry_id == plan.plan_entry)
    return entries.select(schema.ENTRIES.names)


def _list_tallies(engine: Engine, resolved: IbisTable) -> list[Tally]:
    tallies = []
    for listed in _LISTED:
        final = {"function_said": "function", "asset_said": "asset_class"}.get(listed.column)
        unknown = resolved.filter(
            (resolved[listed.text].strip() != "") & (resolved[listed.column] == UNKNOWN)
        )
        stays = unknown[final or listed.column] == UNKNOWN
        counted = unknown.group_by("submission_id", text=listed.text).aggregate(
            rows=unknown.count(),
            stays=stays.sum(),
            first=unknown.row.min(),
            sheet=unknown.sheet.min(),
        )
        known = codes.load(listed.list_name)
        instead = "the owner or asset class" if final == "function" else "the sub-class"
        for row in engine.arrow(counted).to_pylist():
            code = _code_of(known, row["text"], row["stays"])
            tally = Tally(
                row["submission_id"], listed.called, code, row["text"], row["rows"],
                row["first"], row["sheet"], instead=instead, replaced=row["rows"] - row["stays"],
            )  # fmt: skip
            tallies.append(tally)
    return tallies


def _code_of(known: codes.CodeList, text: str, stays_unknown: int) -> str:
    if not stays_unknown:
        return "word_replaced"
    if known.is_vague(text):
        return "word_vague"
    of_function = codes.load("functions").resolve(text) != UNKNOWN
    return (
        "infrastructure_kind" if known.name == "asset_classes" and of_function else "word_unknown"
    )


def _function_tallies(engine: Engine, resolved: IbisTable) -> list[Tally]:
    """One note for each owner or asset class that gave rows without a function text theirs."""
    taken = resolved.filter((resolved.function_from != "") & (resolved.function_text.strip() == ""))
    owner = ibis.ifelse(taken.owner != UNKNOWN, taken.owner, taken.owner_text)
    asset = ibis.ifelse(taken.asset_class != UNKNOWN, taken.asset_class, taken.asset_class_text)
    source = ibis.ifelse(taken.function_from == "owner", owner, asset)
    counted = taken.group_by("submission_id", "function_from", source=source).aggregate(
        rows=taken.count(), first=taken.row.min(), sheet=taken.sheet.min()
    )
    book, classes = institutions.load(), codes.load("asset_classes")
    tallies = []
    for row in engine.arrow(counted).to_pylist():
        by_owner = row["function_from"] == "owner"
        name = book.name(row["source"]) if by_owner else classes.label(row["source"])
        code = f"function_from_{row['function_from']}"
        tally = Tally(
            row["submission_id"], "function taken", code, name, row["rows"], row["first"],
            row["sheet"],
        )  # fmt: skip
        tallies.append(tally)
    return tallies


def _detail(known: codes.CodeList, code: str, name: str) -> str:
    found = known.get(code)
    return found.extra.get(name, "") if found else ""


def _text_table(names: list[str], rows: list[tuple[str, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(values, type=pa.string()) for values in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))
