"""What a harvest does to commitments: each of every protocol in force is judged, and kept where it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from harvester.processor.compacts.entry import landing
from harvester.processor.compacts.verdict import Judged, Verdict, judge
from harvester.web.actions.acting import Actor, act
from harvester.web.actions.compacts import parties_behind
from harvester.web.compacts import found, standing
from harvester.web.matters import courses
from harvester.web.models import CommitmentVerdict, Matter, Replacement
from harvester.web.permissions import subject_of
from harvester.web.rights import Happening

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from harvester.processor.compacts.entry import Landing
    from harvester.processor.compacts.protocol import Commitment
    from harvester.web.compacts.standing import InForce
    from harvester.web.harvest_store import HarvestTables


def judge_all(tables: HarvestTables, at: dt.datetime | None = None) -> list[CommitmentVerdict]:
    """Judge every commitment of every protocol in force by a harvest; the verdicts that changed.

    Doing it again changes nothing. A harvest without a day judges nothing. One protocol that cannot
    be judged keeps no other from it: what went wrong is raised, as one ``ExceptionGroup``, at the end.
    """
    made, wrong = [], []
    for matter in courses.with_steps(Matter.objects.filter(procedure=standing.PROTOCOL)):
        try:
            made += judge_protocol(tables, matter, at)
        except Exception as error:  # noqa: BLE001 - raised below, with the others
            error.add_note(f"while judging {matter.key}")
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("protocols that could not be judged", wrong)
    return made


def judge_protocol(
    tables: HarvestTables, matter: Matter, at: dt.datetime | None = None
) -> list[CommitmentVerdict]:
    """Judge the commitments of one protocol; none where it is not in force."""
    as_at = found.as_at(tables)
    if as_at is None:
        return []
    when = at or timezone.now()
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(pk=matter.pk)
        course = courses.course_of(matter)
        history = standing.in_force(course, list(matter.versions.all()))
        if not history or standing.binds(course, list(matter.versions.all())) is None:
            return []
        level = courses.level_of(matter, course)
        last = last_verdicts(matter)
        overtaken = overtaken_by(matter)
        told = []
        for commitment in history[-1].contents.commitments:
            due, judged, cells = _judged(tables, commitment, history, as_at, overtaken)
            before = last.get(commitment.id)
            if before is None or _differs(before, due, judged, cells):
                told.append((commitment, due, judged, cells))
        if not told:
            return []
        number = max((one.number for one in last.values()), default=0)
        with act(
            Actor.system(), Happening.JUDGED, matter.key, on=subject_of(matter.key, level), at=when
        ) as note:
            made = [
                CommitmentVerdict.objects.create(
                    matter=matter, number=n, version=history[-1].version, commitment=commitment.id,
                    verdict=judged.verdict.value, reason=judged.reason, share=judged.share,
                    due=due.due, cells=cells, run=tables.run, as_at=as_at, at=when,
                    level=level.value,
                )
                for n, (commitment, due, judged, cells) in enumerate(told, start=number + 1)
            ]  # fmt: skip
            note.payload.update(
                {"run": tables.run,
                 "verdicts": [[one.number, one.commitment, one.verdict] for one in made]}
            )  # fmt: skip
    return made


def last_verdicts(matter: Matter) -> dict[str, CommitmentVerdict]:
    """The latest verdict on each commitment of a protocol."""
    return {one.commitment: one for one in matter.verdicts.order_by("number")}


def overtaken_by(matter: Matter) -> dict[str, str]:
    """What replaced commitments, where every party has said so; by commitment."""
    found_ones = {}
    firsts = Replacement.objects.filter(matter=matter, confirms=None)
    for first in firsts.prefetch_related("confirmed_by"):
        if parties_behind(first) >= set(matter.parties):
            found_ones[first.commitment] = first.by
    return found_ones


def _judged(
    tables: HarvestTables,
    commitment: Commitment,
    history: list[InForce],
    as_at: dt.date,
    overtaken: dict[str, str],
) -> tuple[Landing, Judged, list[dict[str, Any]]]:
    due = landing(commitment, standing.first_agreed(commitment, history))
    seen, cells = found.seen_of(tables, due.commitment)
    judged = judge(
        due.commitment, due.due, seen, as_at, overtaken_by=overtaken.get(commitment.id, "")
    )
    settled = judged.verdict in {Verdict.KEPT, Verdict.OVERTAKEN}
    if due.entry is not None and due.entry.late and not settled:
        later = f"{judged.reason}; later than agreed: the law allows no earlier entry"
        judged = replace(judged, reason=later)
    return due, judged, [cells[name] for name in judged.cells if name in cells]


def _differs(
    before: CommitmentVerdict, due: Landing, judged: Judged, cells: Iterable[dict[str, Any]]
) -> bool:
    """Whether a verdict says something else than the one before it; the run alone is nothing new."""
    was = (before.verdict, before.reason, before.share, before.due, _places(before.cells))
    return was != (judged.verdict.value, judged.reason, judged.share, due.due, _places(cells))


def _places(cells: Iterable[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["file"], one["cell"], one["value"]) for one in cells]
