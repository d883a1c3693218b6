"""The pack of a meeting, with the items of its agenda that the reader may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.money import format_rand_short
from harvester.reports import packs, words
from harvester.web import labels
from harvester.web.audit import checking
from harvester.web.forums import agendas, deciding

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.web.harvest_store import HarvestTables
    from harvester.web.models import Meeting

READER = "The items that {who} may know of, as at {day}."


def pack_of(
    user: AbstractBaseUser | AnonymousUser,
    meeting: Meeting,
    tables: HarvestTables,
    today: dt.date,
) -> dict[str, Any]:
    """What the pack of a meeting says to this reader."""
    body = agendas.body_at(meeting)
    return packs.said(
        tables.harvest, forum=body.forum.code, metro=meeting.metro, on=meeting.on,
        audit_head=str(checking.head()),
        meeting={"name": body.name, **told(user, meeting, today)},
    )  # fmt: skip


def told(
    user: AbstractBaseUser | AnonymousUser, meeting: Meeting, today: dt.date
) -> dict[str, Any]:
    """The agenda in words: each item with what was decided on it so far, and what is past its day."""
    made = deciding.decisions_of(user, today)
    lines = agendas.agenda_of(user, meeting, today).lines
    late = [
        one for one in deciding.late_first(made)
        if one.late and one.decision.meeting.forum == meeting.forum
    ]  # fmt: skip
    name = user.get_full_name() or user.get_username() if user.is_authenticated else "everyone"
    return {
        "reader": READER.format(who=name, day=words.day(today)),
        "items": [_item(line, made) for line in lines],
        "late": [
            {
                "words": one.decision.words, "owner": labels.institution(one.decision.owner),
                "due": words.day(one.decision.due),
            }
            for one in late
        ],
    }  # fmt: skip


def _item(line: agendas.Line, made: list[deciding.ShownDecision]) -> dict[str, Any]:
    matter, rand = line.shown.matter, line.shown.rand
    return {
        "number": line.number, "key": matter.key, "title": matter.title,
        "state": line.shown.state, "why": line.why[:1].upper() + line.why[1:], "asked": line.asked,
        "rand": "unknown" if rand is None else format_rand_short(rand),
        "parties": [labels.institution(code) for code in matter.parties],
        "decided": [_decided(one) for one in made if one.decision.matter_id == matter.pk],
    }  # fmt: skip


def _decided(one: deciding.ShownDecision) -> str:
    row = one.decision
    said = f"{one.forum}, {words.day(row.meeting.on)}: {row.words}"
    owed = f"({labels.institution(row.owner)} by {words.day(row.due)}, {one.words})"
    dissent = "".join(
        f" {labels.institution(d.institution)} dissents: {d.words}" for d in one.dissents
    )
    return f"{said} {owed}{dissent}"
