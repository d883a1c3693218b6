"""The list of commitments over every protocol a person may know of: filtered, sorted, downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from harvester.web import labels, params
from harvester.web.compacts.promises import STANDS, Compact, Promise
from harvester.web.queries.lists import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

COLUMNS = (
    Column("protocol", "Protocol", ""),
    Column("title", "Title", ""),
    Column("number", "No.", ""),
    Column("party", "Party", ""),
    Column("action", "Promises to", ""),
    Column("document", "Must land in", ""),
    Column("year", "Financial year", "", "text"),
    Column("calendar", "Calendar", ""),
    Column("amount", "Amount", "", "rand"),
    Column("project", "Project", ""),
    Column("place", "Place", ""),
    Column("metro", "Metro", ""),
    Column("stands", "Stands", ""),
    Column("agreed", "Agreed", ""),
    Column("earliest", "Earliest legal entry", ""),
    Column("due", "Due", ""),
    Column("later", "Later than agreed", ""),
    Column("verdict", "Verdict", ""),
    Column("reason", "Why", ""),
    Column("share", "Share landed", "", "share"),
    Column("run", "Harvest", ""),
    Column("contested", "Contested by", ""),
)
SORT_WORDS = (
    ("", "worst first"),
    ("due", "due first"),
    ("-amount", "most money"),
    ("party", "party"),
    ("year", "year"),
    ("verdict", "verdict"),
    ("protocol", "protocol"),
)
WORST = ("broken", "overdue", "part_kept", "unknown", "not_due", "not_judged", "overtaken", "kept")
SORTS = frozenset(name for name, _ in SORT_WORDS if name) | {
    "-due", "amount", "-party", "-year", "-verdict", "-protocol",
}  # fmt: skip


def row(one: Promise) -> dict[str, Any]:
    """The values of :data:`COLUMNS`."""
    commitment, verdict, entry = one.commitment, one.verdict, one.lands.entry
    return {
        "protocol": one.matter.key, "title": one.matter.title, "number": commitment.id,
        "party": commitment.party, "action": commitment.action,
        "document": str(commitment.document), "year": commitment.year.label,
        "calendar": str(commitment.year.calendar), "amount": commitment.amount_cents,
        "project": commitment.undertaking, "place": commitment.place, "metro": one.matter.metro,
        "stands": STANDS[one.stands], "agreed": one.agreed,
        "earliest": entry.on if entry else None, "due": verdict.due if verdict else one.lands.due,
        "later": "yes" if one.late else "", "verdict": labels.COMMITMENT_VERDICTS[one.code],
        "reason": verdict.reason if verdict else "", "share": verdict.share if verdict else None,
        "run": verdict.run if verdict else "",
        "contested": ",".join(dict.fromkeys(c.institution for c in one.contests)),
    }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list."""

    words: tuple[str, ...]
    party: str
    verdict: str
    year: str
    metro: str
    stands: str
    sort: str

    @property
    def pairs(self) -> dict[str, str]:
        """The filters as they stand in the address."""
        told = {
            "q": " ".join(self.words), "party": self.party, "verdict": self.verdict,
            "year": self.year, "metro": self.metro, "stands": self.stands, "sort": self.sort,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    @property
    def query(self) -> str:
        """The address."""
        return urlencode(self.pairs)

    def keeps(self, one: Promise) -> bool:
        """Whether a commitment answers all that is asked."""
        told = one.commitment
        text = f"{one.matter.key} {one.matter.title} {told.action} {told.place} {told.undertaking}"
        return (
            all(word in text.lower() for word in self.words)
            and self.party in {"", told.party}
            and self.verdict in {"", one.code}
            and self.year in {"", told.year.label}
            and self.metro in {"", one.matter.metro}
            and self.stands in {"", one.stands}
        )


def asked(query: QueryDict) -> Asked:
    """What an address asks. Raises ``BadQueryError`` for what cannot be."""
    year = params.year(query, "year")
    sort = params.code(query, "sort")
    return Asked(
        words=tuple(params.words(query, "q")),
        party=params.code(query, "party"),
        verdict=params.choice(query, "verdict", labels.COMMITMENT_VERDICTS),
        year=f"{year}/{(year + 1) % 100:02d}" if year is not None else "",
        metro=params.choice(query, "metro", set(labels.metros())),
        stands=params.choice(query, "stands", set(STANDS)),
        sort=params.choice({"sort": sort}, "sort", SORTS),  # type: ignore[arg-type]
    )


def promises(found: Iterable[Compact]) -> list[Promise]:
    """Every commitment of some protocols."""
    return [promise for compact in found for promise in compact.promises]


def ordered(found: list[Promise], sort: str) -> list[Promise]:
    """By a column, what is not known last; without one, the worst first, then by the day it is due."""
    if not sort:
        return sorted(
            found,
            key=lambda p: (WORST.index(p.code), p.lands.due, p.matter.number, p.commitment.id),
        )
    name = sort.removeprefix("-")
    values = {id(one): row(one)[name] for one in found}
    known = [one for one in found if values[id(one)] not in {None, ""}]
    unknown = [one for one in found if values[id(one)] in {None, ""}]
    return [*sorted(known, key=lambda p: values[id(p)], reverse=sort.startswith("-")), *unknown]
