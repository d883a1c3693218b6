"""Entries with everything resolved to codes, and one problem for each text that could not be.

Texts are resolved once each, however many rows repeat them, and joined back in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
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


def register(
    engine: Engine, submissions: IbisTable, source_entries: IbisTable, lines: IbisTable
) -> tuple[IbisTable, pa.Table]:
    """Entries (``schema.ENTRIES``) and the problems (``schema.PROBLEMS``) of resolving them.

    Every source entry becomes exactly one entry. Owner, sphere, municipality and province are as
    :class:`~harvester.register.parties.PartyResolver` says; ``function`` is the row's own, else
    the only sector of its owner, else its asset class's; ``grant`` is the row's own funding, else
    that of its lines where they name one only; ``asset_class`` its class, else its sub-class;
    plan money as :func:`~harvester.register.plan.plan_money`. ``place_class``:

    1. ``located``: the row has coordinates;
    2. ``multi_ward``, ``city_wide``, ``administrative``: its place words say so;
    3. ``administrative`` or ``network``: no place is named and its asset class is such;
    4. ``network``: its words are those of a network or bulk project;
    5. ``unknown``.

    What cannot be resolved is ``unknown``, with one problem for each text of a submission.
    """
    said = _with_submissions(engine, submissions, source_entries)
    said = _with_fund(said, lines)
    said, tallies = _with_parties(engine, said)
    said = _with_lists(engine, said)
    said = _with_function(engine, said)
    said = _with_place(engine, said)
    plan = plan_money(lines, submissions)
    entries = said.left_join(plan, said.entry_id == plan.plan_entry)
    made = engine.load("register_made", engine.arrow(entries))
    tallies += _list_tallies(engine, made) + _function_tallies(engine, made)
    return engine.table(schema.ENTRIES, made.select(schema.ENTRIES.names)), problem_rows(tallies)


def _with_submissions(
    engine: Engine, submissions: IbisTable, source_entries: IbisTable
) -> IbisTable:
    of_submission = submissions.select(
        "document",
        "institution",
        "stage",
        "published_on",
        the_submission="submission_id",
        publication_year="financial_year",
    )
    held = engine.load("register_submissions", engine.arrow(of_submission))
    return source_entries.join(held, source_entries.submission_id == held.the_submission)


def _with_fund(said: IbisTable, lines: IbisTable) -> IbisTable:
    """``fund``: the row's own words, else those of its lines where all of them are the same."""
    told = lines.filter(lines.fund_text != "")
    alone = told.group_by(fund_entry="entry_id").aggregate(
        fund_of_lines=told.fund_text.min(), funds=told.fund_text.nunique()
    )
    alone = alone.filter(alone.funds == 1).drop("funds")
    both = said.left_join(alone, said.entry_id == alone.fund_entry)
    own = both.fund_text.strip() != ""
    return both.mutate(fund=ibis.ifelse(own, both.fund_text, both.fund_of_lines.fill_null("")))


def _with_parties(engine: Engine, said: IbisTable) -> tuple[IbisTable, list[Tally]]:
    seen = said.group_by("submission_id", "document", "institution", *_PARTY_TEXTS).aggregate(
        sheet=said.sheet.min(), rows=said.count(), first_row=said.row.min()
    )
    resolver = PartyResolver(institutions.load(), codes.load("spheres"))
    told: list[dict[str, object]] = []
    tallies: dict[tuple[str, ...], Tally] = {}
    for row in engine.arrow(seen).to_pylist():
        submission = Submission(row["document"], row["institution"], row["sheet"])
        parties = resolver.resolve(submission, Words(*(row[name] for name in _PARTY_TEXTS)))
        codes_found = {name: getattr(parties, name) for name in _PARTY_CODES}
        told.append({f"the_{n}": row[n] for n in ("submission_id", *_PARTY_TEXTS)} | codes_found)
        for doubt in parties.doubts:
            tally = Tally(
                row["submission_id"], doubt.field, doubt.code, doubt.text, row["rows"],
                row["first_row"], row["sheet"], doubt.others,
            )  # fmt: skip
            _add(tallies, tally)
    names = [f"the_{n}" for n in ("submission_id", *_PARTY_TEXTS)] + list(_PARTY_CODES)
    parties_table = _text_table(names, ([row[n] for row in told] for n in names))
    held = engine.load("register_parties", parties_table)
    keys = [said[name] == held[f"the_{name}"] for name in ("submission_id", *_PARTY_TEXTS)]
    return said.join(held, keys), list(tallies.values())


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


def _with_lists(engine: Engine, said: IbisTable) -> IbisTable:
    for listed in _LISTED:
        resolve = codes.load(listed.list_name).resolve
        said = _looked_up(engine, said, listed.text, {listed.column: resolve})
    resolve = codes.load("asset_classes").resolve
    said = _looked_up(engine, said, "asset_subclass_text", {"asset_sub_said": resolve})
    known = said.asset_said != UNKNOWN
    return said.mutate(asset_class=ibis.ifelse(known, said.asset_said, said.asset_sub_said))


def _looked_up(
    engine: Engine, rows: IbisTable, column: str, made: dict[str, Callable[[str], str]]
) -> IbisTable:
    """``rows`` with new columns: each a function of the distinct texts of ``column``."""
    found = engine.arrow(rows.select(column).distinct()).column(column).to_pylist()
    key = f"key_{next(iter(made))}"
    values = ([function(text) for text in found] for function in made.values())
    held = engine.load(f"register_{key}", _text_table([key, *made], [found, *values]))
    return rows.join(held, rows[column] == held[key]).drop(key)


def _with_function(engine: Engine, said: IbisTable) -> IbisTable:
    """``function``, and in ``function_from`` what it was taken from where not from its own text."""
    book, classes = institutions.load(), codes.load("asset_classes")
    said = _looked_up(engine, said, "owner", {"owner_function": book.function})
    said = _looked_up(
        engine,
        said,
        "asset_class",
        {
            "asset_function": lambda code: _detail(classes, code, "function"),
            "asset_place": lambda code: _detail(classes, code, "place"),
        },
    )
    missing = said.function_said == UNKNOWN
    source = ibis.cases(
        (~missing, ""),
        (said.owner_function != "", "owner"),
        (said.asset_function != "", "asset_class"),
        else_="",
    )
    said = said.mutate(function_from=source)
    function = ibis.cases(
        (said.function_from == "owner", said.owner_function),
        (said.function_from == "asset_class", said.asset_function),
        else_=said.function_said,
    )
    return said.mutate(function=function)


def _with_place(engine: Engine, said: IbisTable) -> IbisTable:
    book = regions.load()
    pairs = engine.arrow(said.select("metro", "location_text").distinct())
    metros, texts = (pairs.column(n).to_pylist() for n in ("metro", "location_text"))
    read = [book.read(text, metro) for metro, text in zip(metros, texts, strict=True)]
    classes = [str(place.place_class) for place in read]
    named = ["yes" if place.unread else "" for place in read]
    columns = ["place_metro", "place_text", "words_class", "place_named"]
    held = engine.load("register_places", _text_table(columns, [metros, texts, classes, named]))
    keys = [said.metro == held.place_metro, said.location_text == held.place_text]
    both = said.join(held, keys)
    return both.mutate(place_class=_place_class(both))


def _place_class(said: Any) -> Value:
    located = (said.longitude.notnull() & said.latitude.notnull()) | (said.points != "")
    nowhere = said.place_named == ""
    project = said.kind.isin([str(EntryKind.PROJECT), str(EntryKind.PROGRAMME)])
    texts = ("name", "description", "function_text", "asset_class_text", "asset_subclass_text")
    words = ibis.literal(" ").join([said[name] for name in texts]).lower()
    city = (said.words_class == str(PlaceClass.CITY_WIDE)) & (said.metro != UNKNOWN)
    return ibis.cases(
        (located, str(PlaceClass.LOCATED)),
        (said.words_class == str(PlaceClass.MULTI_WARD), str(PlaceClass.MULTI_WARD)),
        (city, str(PlaceClass.CITY_WIDE)),
        (said.words_class == str(PlaceClass.ADMINISTRATIVE), str(PlaceClass.ADMINISTRATIVE)),
        ((said.asset_place == "administrative") & nowhere, str(PlaceClass.ADMINISTRATIVE)),
        (said.asset_place == "administrative", str(PlaceClass.UNKNOWN)),
        (project & (said.asset_place == "network"), str(PlaceClass.NETWORK)),
        (project & words.re_search(network.pattern()), str(PlaceClass.NETWORK)),
        else_=str(PlaceClass.UNKNOWN),
    )


def _list_tallies(engine: Engine, made: IbisTable) -> list[Tally]:
    tallies = []
    for listed in _LISTED:
        final = {"function_said": "function", "asset_said": "asset_class"}.get(listed.column)
        unknown = made.filter((made[listed.text].strip() != "") & (made[listed.column] == UNKNOWN))
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
            code = _code_of(row["stays"], vague=known.is_vague(row["text"]))
            tally = Tally(
                row["submission_id"], listed.called, code, row["text"], row["rows"],
                row["first"], row["sheet"], instead=instead, replaced=row["rows"] - row["stays"],
            )  # fmt: skip
            tallies.append(tally)
    return tallies


def _code_of(stays_unknown: int, *, vague: bool) -> str:
    if not stays_unknown:
        return "word_replaced"
    return "word_vague" if vague else "word_unknown"


def _function_tallies(engine: Engine, made: IbisTable) -> list[Tally]:
    """One note for each owner or asset class that gave rows without a function text theirs."""
    taken = made.filter((made.function_from != "") & (made.function_text.strip() == ""))
    source = ibis.ifelse(taken.function_from == "owner", taken.owner, taken.asset_class)
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


def _text_table(names: list[str], columns: Iterable[Iterable[str]]) -> pa.Table:
    arrays = [pa.array(list(values), type=pa.string()) for values in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))
