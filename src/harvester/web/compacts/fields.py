"""The inputs of the editor as a template shows them: label, kind, value, choices, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harvester.domain.documents import Document
from harvester.processor.compacts.protocol import DOCUMENTS_OF
from harvester.processor.compacts.wording import BRINGS
from harvester.rules import codes
from harvester.rules.law import contents
from harvester.web import labels
from harvester.web.compacts.editing import ROWS, sphere_of

if TYPE_CHECKING:
    from harvester.rules.law.procedures import Law
    from harvester.web.compacts.editing import Draft

MANY = {
    "challenges": ("Challenges and how each is addressed", "challenge"),
    "roles": ("Roles and responsibilities", "role"),
    "contributions": ("What each party contributes", "contribution"),
    "commitments": ("Commitments", "commitment"),
}
HELP = {
    "trigger": "A protocol must be considered in the first four; in the last the parties just agree.",
    "outcomes": "One on each line.",
    "indicators": "One on each line: by which figures it is seen that the protocol works.",
    "oversight": "Who watches over it, how often, and to whom they report.",
    "dispute_clause": "Which way is tried first, who helps, and how long.",
    "other": "Anything else the parties agree.",
    "roles": "What each organ of state is responsible for.",
    "contributions": "Money by financial year of the party's own calendar: July to June for a "
    "municipality, April to March for everybody else. Each contribution of money needs a commitment "
    "of the same party and year that lands in a budget.",
    "commitments": "Each with the document in which it must show. After every harvest it is looked up "
    "there.",
}
LABELS = {
    ("challenges", "what"): ("Challenge", "area"),
    ("challenges", "response"): ("How it is addressed", "area"),
    ("roles", "party"): ("Organ of state", "choice"),
    ("roles", "what"): ("Is responsible for", "area"),
    ("contributions", "party"): ("Who", "choice"),
    ("contributions", "brings"): ("Brings", "choice"),
    ("contributions", "what"): ("What for", "text"),
    ("contributions", "year"): ("Financial year", "year"),
    ("contributions", "amount"): ("Rand, where it is money", "money"),
    ("contributions", "fund"): ("Fund or grant", "choice"),
    ("contributions", "condition"): ("Condition of the grant", "text"),
    ("contributions", "paid_to"): ("Handed on to (no organ of state)", "text"),
    ("contributions", "assurance"): ("Its written assurance", "text"),
    ("commitments", "party"): ("Who", "choice"),
    ("commitments", "action"): ("Promises to", "area"),
    ("commitments", "document"): ("Must land in", "choice"),
    ("commitments", "year"): ("Financial year", "year"),
    ("commitments", "amount"): ("Rand", "money"),
    ("commitments", "undertaking"): ("Project, by id or words of its name", "project"),
    ("commitments", "place"): ("Place", "text"),
    ("commitments", "new"): ("Is it new?", "choice"),
}


@dataclass(frozen=True)
class Input:
    """One input: ``name`` as it is sent, ``kind`` how it is drawn, ``options`` what can be chosen."""

    name: str
    label: str
    kind: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """By which its label finds it."""
        return f"f-{self.name}"


@dataclass(frozen=True)
class Row:
    """One row of a section."""

    n: int
    title: str
    hidden: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Block:
    """A section of the editor: single inputs, or rows that can be added to; with its law."""

    name: str
    heading: str
    one: str
    help: str
    law: Law | None
    inputs: tuple[Input, ...] = ()
    rows: tuple[Row, ...] = ()
    many: bool = False

    @property
    def bare(self) -> bool:
        """Whether the heading says already what the one input is called."""
        return len(self.inputs) == 1


def blocks(
    draft: Draft, parties: tuple[str, ...], found: dict[int, list[dict[str, Any]]]
) -> list[Block]:
    """Every section in the order of section 35(3). ``found`` are projects looked up, by row."""
    asked = {one.field: one for one in contents.load().contents}

    def single(name: str, kind: str, heading: str = "", label: str = "") -> Block:
        content = asked.get(name)
        heading = heading or (content.name if content else name.capitalize())
        options = tuple(_triggers()) if name == "trigger" else ()
        value, error = draft.single[name], draft.errors.get(name, "")
        return Block(
            name, heading, "", HELP.get(name, ""), content.law if content else None,
            (Input(name, label or heading, kind, value, options, error),),
        )  # fmt: skip

    def many(name: str) -> Block:
        heading, one = MANY[name]
        content = asked.get(name)
        rows = tuple(_row(draft, name, n, parties, found) for n in range(len(draft.rows[name])))
        return Block(
            name,
            heading,
            one,
            HELP.get(name, ""),
            content.law if content else None,
            rows=rows,
            many=True,
        )

    duration = asked["duration"]
    days = tuple(
        Input(name, label, "date", draft.single[name], (), draft.errors.get(name, ""))
        for name, label in (("begins", "First day"), ("ends", "Last day"))
    )
    return [
        single("title", "text", "Title"),
        single("trigger", "choice", "Why a protocol is considered", "Reason"),
        many("challenges"), many("roles"), single("outcomes", "area"), single("indicators", "area"),
        single("oversight", "area"), many("contributions"), many("commitments"),
        single("dispute_clause", "area"),
        Block("duration", duration.name, "", "", duration.law, days),
        single("other", "area", "Other matters"),
    ]  # fmt: skip


def _triggers() -> list[tuple[str, str]]:
    return [("", "choose"), *((one.id, one.says) for one in contents.load().triggers)]


def _row(
    draft: Draft,
    section: str,
    n: int,
    parties: tuple[str, ...],
    found: dict[int, list[dict[str, Any]]],
) -> Row:
    row = draft.rows[section][n]
    hidden = tuple((f"{section}-{n}-{name}", row[name]) for name in ROWS[section] if name == "id")
    inputs = []
    for name in ROWS[section]:
        if name == "id":
            continue
        label, kind = LABELS[section, name]
        key = f"{section}-{n}-{name}"
        options = _options(section, name, row, parties)
        note = _months(row) if name == "year" else ""
        if name == "undertaking":
            options = _projects(found.get(n))
            note = "Nothing in the harvest has these words." if n in found and not found[n] else ""
        inputs.append(Input(key, label, kind, row[name], options, draft.errors.get(key, ""), note))
    title = row.get("id") or f"{MANY[section][1].capitalize()} {n + 1}"
    return Row(n, title, hidden, tuple(inputs))


def _options(
    section: str, name: str, row: dict[str, str], parties: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    if name == "party":
        return (("", "choose"), *((code, labels.institution(code)) for code in parties))
    if name == "brings":
        return tuple((str(one), words) for one, words in BRINGS.items())
    if name == "new":
        return (("yes", "new: in no budget yet"), ("no", "budgeted already"))
    if name == "fund":
        return (
            ("", "choose, where it is money"),
            *((c.code, c.label) for c in codes.load("grants")),
        )
    if name == "document":
        sphere = sphere_of(row["party"])
        known = DOCUMENTS_OF[sphere] if sphere else _documents(parties)
        kept = [one for one in Document if str(one) == row["document"] and one not in known]
        return (("", "choose"), *((str(one), one.label) for one in (*known, *kept)))
    return ()


def _documents(parties: tuple[str, ...]) -> tuple[Document, ...]:
    """Documents of any of the parties, where nobody has said whose it is."""
    spheres = dict.fromkeys(sphere for code in parties if (sphere := sphere_of(code)))
    return tuple(dict.fromkeys(one for sphere in spheres for one in DOCUMENTS_OF[sphere]))


def _projects(found: list[dict[str, Any]] | None) -> tuple[tuple[str, str], ...]:
    if not found:
        return ()
    return (
        ("", "choose one"),
        *(
            (one["undertaking_id"], f"{one['name'][:70]} ({one['undertaking_id']})")
            for one in found
        ),
    )


def _months(row: dict[str, str]) -> str:
    sphere = sphere_of(row["party"])
    if sphere is None:
        return ""
    return "July to June" if sphere == "local" else "April to March"
