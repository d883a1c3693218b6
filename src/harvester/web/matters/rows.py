"""The list of matters a person may know of, as rows: filtered, sorted, and late ones first."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model

from harvester.processor.workflow.clocks import Running, clocks
from harvester.rules.law import procedures
from harvester.web import labels, params
from harvester.web.matters import courses
from harvester.web.models import ChainHead, Matter
from harvester.web.permissions import Action, standing_of, visible
from harvester.web.queries.lists import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.http import QueryDict

    from harvester.processor.workflow.clocks import Clock
    from harvester.processor.workflow.course import Course

MOST_KEPT = 16
_kept: OrderedDict[tuple[object, ...], tuple[Shown, ...]] = OrderedDict()
_lock = threading.Lock()
STANDS = {"grain": "to be triaged", "open": "going on", "over": "over"}
COLUMNS = (
    Column("key", "Reference", ""),
    Column("procedure", "Procedure", ""),
    Column("title", "Title", ""),
    Column("state", "State", ""),
    Column("stands", "Stands", ""),
    Column("metro", "Metro", ""),
    Column("parties", "Parties", ""),
    Column("owner", "Owner", ""),
    Column("offering", "Offering", ""),
    Column("rand", "Rand at stake", "", "rand"),
    Column("opened", "Opened", ""),
    Column("due", "Next last day", ""),
    Column("late", "Late", ""),
    Column("finding", "Finding", ""),
)
SORTS = ("key", "title", "state", "metro", "owner", "offering", "rand", "opened", "due")
SORT_WORDS = (
    ("-opened", "newest first"),
    ("-rand", "most at stake"),
    ("due", "next last day"),
    ("state", "state"),
    ("title", "title"),
    ("owner", "owner"),
)


@dataclass(frozen=True)
class Shown:
    """One matter as a person may know of it. ``whole``: nothing of it is kept from them."""

    matter: Matter
    course: Course
    whole: bool
    clocks: tuple[Clock, ...]
    owner_name: str = ""

    @property
    def late(self) -> tuple[Clock, ...]:
        """Clocks that have run out and still run."""
        return tuple(clock for clock in self.clocks if clock.stands is Running.OVER)

    @property
    def due(self) -> dt.date | None:
        """The last day of the clock that ends first."""
        running = [c.due for c in self.clocks if c.stands in {Running.RUNNING, Running.OVER}]
        return min(running, default=None)

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return self.course.procedure.state(self.course.state).name

    @property
    def stands(self) -> str:
        """A grain, going on, or over."""
        if self.course.state in {"grain", "snoozed"}:
            return "grain"
        return "over" if self.course.is_over else "open"

    @property
    def owner(self) -> str:
        """User name of the owner, or empty."""
        return str(self.course.facts.get("owner", ""))

    @property
    def offering(self) -> str:
        """The offering it was admitted under, else the one that suits the finding."""
        facts = self.course.facts
        return str(facts.get("offering") or facts.get("suggested_offering") or "")

    @property
    def rand(self) -> int | None:
        """Rand at stake in cents, as the finding said; ``None`` where it is not known."""
        told = self.matter.known.get("rand_cents")
        return told if isinstance(told, int) else None

    def row(self) -> dict[str, Any]:
        """The values of :data:`COLUMNS`."""
        return {
            "key": self.matter.key, "procedure": self.matter.procedure, "title": self.matter.title,
            "state": self.state, "stands": STANDS[self.stands], "metro": self.matter.metro,
            "parties": ",".join(self.matter.parties), "owner": self.owner,
            "offering": self.offering, "rand": self.rand, "opened": self.matter.opened,
            "due": self.due, "late": "; ".join(clock.rule.name for clock in self.late),
            "finding": self.matter.finding,
        }  # fmt: skip


def everything(
    user: AbstractBaseUser | AnonymousUser, as_at: dt.date, **only: object
) -> Iterator[Shown]:
    """Every matter this person may know of, in order of opening.

    Nothing of it changes without an event, so the answer is kept under the head of the log.
    """
    head = ChainHead.objects.values_list("hash", flat=True).first()
    key = (head, standing_of(user), as_at, *sorted(only.items()))
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = _everything(user, as_at, only)
        with _lock:
            _kept[key] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return iter(found)


def _everything(
    user: AbstractBaseUser | AnonymousUser, as_at: dt.date, only: dict[str, object]
) -> tuple[Shown, ...]:
    matters = visible(user, Action.READ_MATTER, Matter.objects.filter(**only), by="key")
    told = [shown(user, matter, as_at) for matter in courses.with_steps(matters)]
    owners = {one.owner for one in told} - {""}
    people = get_user_model().objects.filter(username__in=owners) if owners else ()
    names = {person.get_username(): person.get_full_name() for person in people}
    return tuple(replace(one, owner_name=names.get(one.owner, "")) for one in told)


def shown(user: AbstractBaseUser | AnonymousUser, matter: Matter, as_at: dt.date) -> Shown:
    """One matter as this person may know of it. The clocks of what is kept from them are not told."""
    course, whole = courses.shown_to(user, matter)
    return Shown(matter, course, whole, clocks(course, as_at) if whole else ())


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list."""

    words: tuple[str, ...]
    procedure: str
    stands: str
    metro: str
    owner: str
    offering: str
    late: bool
    sort: str

    @property
    def pairs(self) -> dict[str, str]:
        """The filters as they stand in the address."""
        told = {
            "q": " ".join(self.words), "procedure": self.procedure, "stands": self.stands,
            "metro": self.metro, "owner": self.owner, "offering": self.offering,
            "late": "1" if self.late else "", "sort": self.sort,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    def query(self, **changes: str) -> str:
        """The address with some values changed."""
        told = {**self.pairs, **changes}
        return urlencode({name: value for name, value in told.items() if value})

    def keeps(self, one: Shown) -> bool:
        """Whether a matter answers all that is asked."""
        matter = one.matter
        text = f"{matter.key} {matter.title} {matter.finding} {matter.known.get('statement', '')}"
        return (
            all(word in text.lower() for word in self.words)
            and self.procedure in {"", matter.procedure}
            and self.stands in {"", one.stands}
            and self.metro in {"", matter.metro}
            and self.owner in {"", one.owner}
            and self.offering in {"", one.offering}
            and (not self.late or bool(one.late))
        )


def asked(query: QueryDict) -> Asked:
    """What an address asks. Raises ``BadQueryError`` for what cannot be."""
    known = {one.id for one in procedures.load()}
    sort = params.code(query, "sort")
    return Asked(
        words=tuple(params.words(query, "q")),
        procedure=params.choice(query, "procedure", known),
        stands=params.choice(query, "stands", set(STANDS)),
        metro=params.choice(query, "metro", set(labels.metros())),
        owner=params.text(query, "owner", 150),
        offering=params.choice(query, "offering", set(labels.OFFERINGS)),
        late=params.choice(query, "late", {"1"}) == "1",
        sort=params.choice({"sort": sort}, "sort", {*SORTS, *(f"-{name}" for name in SORTS)}),
    )


def ordered(found: list[Shown], sort: str) -> list[Shown]:
    """By a column; without one, late ones first, then what is going on, then what is over."""
    if not sort:
        order = {"grain": 1, "open": 0, "over": 2}
        far = dt.date.max
        return sorted(
            found, key=lambda s: (not s.late, order[s.stands], s.due or far, -s.matter.number)
        )
    name = sort.removeprefix("-")
    known = [one for one in found if _value(one, name) not in {None, ""}]
    unknown = [one for one in found if _value(one, name) in {None, ""}]
    return [*sorted(known, key=lambda s: _value(s, name), reverse=sort.startswith("-")), *unknown]


def _value(one: Shown, name: str) -> Any:
    if name == "key":
        return one.matter.number
    value = one.row()[name]
    return value.lower() if isinstance(value, str) else value
