"""The pack of a meeting, with the items of its agenda that the reader may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.domain.money import format_rand_short
from harvester.processor.compacts import wording
from harvester.processor.negotiation.text import Position
from harvester.reports import packs, words
from harvester.web import labels
from harvester.web.audit import checking
from harvester.web.compacts.promises import STANDS
from harvester.web.forums import agendas, annexes, deciding, positions
from harvester.web.models.texts import KINDS

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.reports.view import HarvestView
    from harvester.web.compacts.promises import Compact, Promise
    from harvester.web.forums.positions import OnTheTable, Positions
    from harvester.web.models import Meeting
    from harvester.web.texts.reading import Shown as ShownText

READER = "The items that {who} may know of, as at {day}."


def pack_of(
    user: AbstractBaseUser | AnonymousUser,
    meeting: Meeting,
    harvest: HarvestView,
    today: dt.date,
) -> dict[str, Any]:
    """What the pack of a meeting says to this reader."""
    body = agendas.body_at(meeting)
    return packs.said(
        harvest, forum=body.forum.code, metro=meeting.metro, on=meeting.on,
        audit_head=str(checking.head()),
        meeting={"name": body.name, **told(user, meeting, today)},
    )  # fmt: skip


def told(
    user: AbstractBaseUser | AnonymousUser, meeting: Meeting, today: dt.date
) -> dict[str, Any]:
    """The agenda in words: each item with where its parties stand, its papers and what was decided on
    it so far; and what is past its day."""
    made = deciding.decisions_of(user, today)
    lines = agendas.agenda_of(user, meeting, today).lines
    late = [
        one for one in deciding.late_first(made)
        if one.late and one.decision.meeting.forum == meeting.forum
    ]  # fmt: skip
    where = positions.of_matters(user, [line.shown for line in lines], today)
    items, room = [], annexes.MOST_BYTES
    for line in lines:
        stands = where[line.shown.matter.pk]
        papers, room = annexes.told(line.number, stands.papers, room)
        items.append(_item(line, made) | _where(stands) | {"papers": papers})
    name = user.get_full_name() or user.get_username() if user.is_authenticated else "everyone"
    return {
        "reader": READER.format(who=name, day=words.day(today)),
        "items": items,
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
        "stake": "Rand at stake unknown" if rand is None else f"{format_rand_short(rand)} at stake",
        "parties": [labels.institution(code) for code in matter.parties],
        "decided": [_decided(one) for one in made if one.decision.matter_id == matter.pk],
    }  # fmt: skip


def _where(stands: Positions) -> dict[str, Any]:
    """Where the parties of a matter stand."""
    return {
        "last": [
            {
                "party": labels.institution(one.party), "step": one.step, "on": words.day(one.on),
                "told": one.told,
            }
            for one in stands.last
        ],
        "texts": [_text(text) for text in stands.texts],
        "protocol": _protocol(stands.compact) if stands.compact else None,
    }  # fmt: skip


def _text(text: ShownText) -> dict[str, Any]:
    return {
        "number": text.row.number, "title": text.row.title, "kind": KINDS[text.row.kind],
        "rung": str(text.text.rung), "told": positions.told_of(text),
        "clauses": [_clause(text, one) for one in positions.on_the_table(text)],
    }  # fmt: skip


def _clause(text: ShownText, one: OnTheTable) -> dict[str, Any]:
    stands = positions.clause_stands(text, one.clause)
    parties = [
        {
            "party": labels.institution(stand.party), "position": str(stand.position),
            "dissent": stand.dissent,
        }
        for stand in one.stands
    ]  # fmt: skip
    return {
        "clause": one.clause.id, "heading": one.clause.heading, "version": one.version.number,
        "stands": stands, "words": one.version.shown,
        "offered_by": labels.institution(one.version.party), "parties": parties,
        "named": f"{one.clause.id} {one.clause.heading} (version {one.version.number}, {stands})",
        "told": "; ".join(map(_stand, parties)),
    }  # fmt: skip


def _stand(one: dict[str, str]) -> str:
    """``eThekwini does not accept: “Too small.”``."""
    said = "is silent" if one["position"] == Position.SILENT else one["position"]
    dissent = f": “{one['dissent']}”" if one["dissent"] else ""
    return f"{one['party']} {said}{dissent}"


def _protocol(compact: Compact) -> dict[str, Any]:
    assert compact.version is not None
    return {
        "version": compact.version.number,
        "stands": "draft, not in force" if compact.is_draft else "in force",
        "commitments": [_commitment(one) for one in compact.promises],
    }


def _commitment(one: Promise) -> dict[str, Any]:
    verdict, said = one.verdict, labels.COMMITMENT_VERDICTS[one.code]
    contested = [labels.institution(c.institution) for c in one.contests]
    told = f"{STANDS[one.stands]}; {said}" + (f": {verdict.reason}" if verdict else "")
    return {
        "id": one.commitment.id, "words": wording.commitment(one.commitment),
        "stands": STANDS[one.stands], "due": words.day(verdict.due if verdict else one.lands.due),
        "verdict": said, "why": verdict.reason if verdict else "", "contested_by": contested,
        "told": f"{told}; contested by {', '.join(contested)}" if contested else told,
    }  # fmt: skip


def _decided(one: deciding.ShownDecision) -> str:
    row = one.decision
    said = f"{one.forum}, {words.day(row.meeting.on)}: {row.words}"
    owed = f"({labels.institution(row.owner)} by {words.day(row.due)}, {one.words})"
    dissent = "".join(
        f" {labels.institution(d.institution)} dissents: {d.words}" for d in one.dissents
    )
    return f"{said} {owed}{dissent}"
