"""Certificates of alignment: score, grade, what would change them, and the chance of the rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.alignment import certificate as weighing
from harvester.domain.errors import UserError
from harvester.reports import words
from harvester.reports.statements.scopes import DECLARED, scopes
from harvester.reports.statements.source import harvest_words
from harvester.reports.statements.statement import Column, Law, Row, Statement, Table
from harvester.rules import certificate as rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harvester.alignment.certificate import Measured, Move, Rank, Score, Turn
    from harvester.reports.statements.scopes import Scopes
    from harvester.reports.statements.source import Source
    from harvester.rules.certificate import CertificatePolicy

KIND = "certificate"
WITHHELD = "withheld"


def certificates(source: Source, kind: str, code: str = "", year: str = "") -> list[Statement]:
    """The certificate of one scope (``metro``, ``institution`` or ``province``), or of all of a kind.

    ``verdict`` is the grade, or ``withheld``. Raises ``UserError`` for a scope of which the harvest
    knows nothing.
    """
    found = scopes(source, kind)
    chosen = year or found.latest()
    if code and code not in found.rows:
        known = ", ".join(found.rows) or "none"
        raise UserError(
            f"the harvest measures nothing of {words.institution(code)}.",
            mend=f"Known: {known[:300]}.",
        )
    policy = rules.load()
    told = {one: found.measured(one, chosen) for one in found.rows}
    places = _ranked(told, policy)
    harvest = harvest_words(source)
    return [
        _certificate(found, one, chosen, told, places, policy, harvest)
        for one in ([code] if code else found.rows)
    ]


def _ranked(told: Mapping[str, Sequence[Measured]], policy: CertificatePolicy) -> dict[str, Rank]:
    """Ranks among those whose grade is not withheld."""
    enough = {
        code: measured
        for code, measured in told.items()
        if not weighing.withheld(weighing.score(measured), policy)
    }
    return weighing.ranks(enough, policy.draws, policy.seed)


def _certificate(  # noqa: PLR0917 - what a certificate is made of
    found: Scopes,
    code: str,
    year: str,
    told: Mapping[str, Sequence[Measured]],
    places: Mapping[str, Rank],
    policy: CertificatePolicy,
    harvest: Row,
) -> Statement:
    measured = told[code]
    score = weighing.score(measured)
    grade = (
        None if weighing.withheld(score, policy) else weighing.grade_of(score.value, policy.grades)
    )
    place = places.get(code)
    head = policy.head
    return Statement(
        kind=KIND,
        title=f"Certificate of alignment: {found.kind}",
        metro=code,
        year=year,
        finding=_finding(code, year, score, policy) + _ranked_in_words(place, len(places)),
        verdict=grade.grade if grade else WITHHELD,
        law=[Law(head.reference, "Weights, grades and limits are policy and may be changed.", verified=False)],
        used=[
            "Score: the weighted mean of the indicators that are known; unknown ones are left out.",
            "Band: holds the truth about nine times in ten; what indicators may be off by adds as squares.",
            "Bounds: every indicator at the least, and at the most, that is possible.",
            drawn_in_words(policy),
        ],
        missing=_missing(measured, score, policy),
        tables=[
            _score_table(score, policy, place, len(places)),
            _indicators(measured, policy),
            _turns(measured, policy, given=grade is not None),
            _neighbours(code, told, places),
            _chances(place),
        ],
        harvest=harvest,
    )  # fmt: skip


def drawn_in_words(policy: CertificatePolicy) -> str:
    """How chances of ranks are found."""
    return (
        f"Chance of a rank: {words.whole(policy.draws)} draws, each known indicator from a bell about "
        f"its value that the band holds nine tenths of, seed {policy.seed}."
    )


def rank_in_words(rank: int, low: int, high: int, of: int) -> str:
    """``rank 2 of 8 (2 to 5 in nine draws of ten)``."""
    told = f"rank {rank} of {of}"
    sure = f"{low} to {high}" if low != high else str(low)
    return f"{told} ({sure} in nine draws of ten)"


def hundredths(value: float | None) -> str:
    """A score out of 100 in words; ``unknown`` for none."""
    return "unknown" if value is None else f"{value * 100:.0f}"


def _ranked_in_words(place: Rank | None, of: int) -> str:
    if place is None or of < 2:
        return ""
    return f"; {rank_in_words(place.rank, place.low, place.high, of)}"


def _finding(code: str, year: str, score: Score, policy: CertificatePolicy) -> str:
    name, known = words.institution(code), words.percent(score.known)
    if score.value is None:
        return f"{name}, {year or 'any year'}: nothing is known, so there is no score"
    told = (
        f"{name}, {year}: {hundredths(score.value)} of 100, nine times in ten between "
        f"{hundredths(score.low)} and {hundredths(score.high)}, with {known} of the weight known"
    )
    if weighing.withheld(score, policy):
        return f"{told}; no grade, for that needs {policy.least_known_percent} %"
    return f"{told}; {_grades_in_words(score, policy)}"


def _grades_in_words(score: Score, policy: CertificatePolicy) -> str:
    """The grade, and those the band reaches to."""
    grade, low, high = (
        weighing.grade_of(value, policy.grades) for value in (score.value, score.low, score.high)
    )
    if grade is None or low is None or high is None:
        return "no grade"
    told = f"grade {grade.grade} ({grade.says})"
    return told if low == high else f"{told}, the band reaching from {low.grade} to {high.grade}"


def _missing(measured: Sequence[Measured], score: Score, policy: CertificatePolicy) -> list[str]:
    told = [
        f"{one.indicator} {DECLARED[one.indicator].name if one.indicator in DECLARED else ''}: unknown, "
        f"{one.weight} of 100 of the weight.".replace(" :", ":")
        for one in measured
        if not one.known
    ]
    if weighing.withheld(score, policy):
        told.append(
            f"Grade and rank: less than {policy.least_known_percent} % of the weight is known."
        )
    return told


def _score_table(score: Score, policy: CertificatePolicy, place: Rank | None, ranked: int) -> Table:
    kept = (
        None if weighing.withheld(score, policy) else weighing.grade_of(score.value, policy.grades)
    )
    row = {
        "score": score.value, "low": score.low, "high": score.high,
        "bound_low": score.bound_low, "bound_high": score.bound_high, "known": score.known,
        "grade": kept.grade if kept else WITHHELD, "rank": place.rank if place else None,
        "of": ranked if place else None, "sure": place.sure if place else None,
        "rank_low": place.low if place else None, "rank_high": place.high if place else None,
    }  # fmt: skip
    return Table("score", "Score, grade and rank", SCORE_COLUMNS, [row], note=SCORE_NOTE)


SCORE_COLUMNS = (
    Column("score", "Score", "share"), Column("low", "Nine times in ten, from", "share"),
    Column("high", "to", "share"), Column("bound_low", "Could lie anywhere from", "share"),
    Column("bound_high", "to", "share"), Column("known", "Of the weight, known", "share"),
    Column("grade", "Grade"), Column("rank", "Rank", "whole"), Column("of", "Of", "whole"),
    Column("sure", "Chance of that rank", "share"),
    Column("rank_low", "Best rank in nine draws of ten", "whole"),
    Column("rank_high", "Worst", "whole"),
)  # fmt: skip
SCORE_NOTE = (
    "Rank 1 is best. Only those of whom enough is known are ranked, each by the score over what is "
    "known of it. Unknown is never bad."
)


def _indicators(measured: Sequence[Measured], policy: CertificatePolicy) -> Table:
    why = {name: one.why for one in policy.weights for name in (one.indicator, one.of_metro)}
    whole = sum(one.weight for one in measured if one.known)
    rows = [
        {
            "indicator": one.indicator,
            "name": DECLARED[one.indicator].name if one.indicator in DECLARED else "not computed",
            "weight": one.weight,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "bound_low": one.bound_low,
            "bound_high": one.bound_high,
            "gives": one.weight * one.value / whole if one.value is not None else None,
            "why": why[one.indicator],
        }
        for one in measured
    ]
    return Table(
        "indicators", "What it is made of",
        (
            Column("indicator", "Indicator"), Column("name", "Name"),
            Column("weight", "Weight of 100", "whole"), Column("value", "Value", "share"),
            Column("low", "Nine times in ten, from", "share"), Column("high", "to", "share"),
            Column("bound_low", "Could lie anywhere from", "share"), Column("bound_high", "to", "share"),
            Column("gives", "Gives to the score", "share"), Column("why", "Why this weight"),
        ),
        rows,
        note="More is better in every row. An unknown indicator gives nothing and takes nothing.",
    )  # fmt: skip


def _turns(measured: Sequence[Measured], policy: CertificatePolicy, *, given: bool) -> Table:
    known = sum(one.weight for one in measured if one.known)
    turns = weighing.grade_turns(measured, policy.grades) if given else []
    rows = [
        {"grade": turn.to, "way": "better" if turn.better else "worse", **_moved(turn.move, known),
         "how": _how(turn, known)}
        for turn in turns
    ]  # fmt: skip
    return Table(
        "sensitivity", "How far the weights are from another grade",
        (
            Column("grade", "To grade"), Column("way", "Which is"),
            Column("moved", "Least weight to move, of 100", "number"),
            Column("each", "Or every weight by at most", "number"), Column("how", "How"),
        ),
        rows,
        note="The smallest movement of weight, exactly: any less leaves the grade as it is. Weights "
        "move among the indicators that are known.",
    )  # fmt: skip


def _moved(move: Move | None, known: int) -> Row:
    if move is None:
        return {"moved": None, "each": None}
    return {"moved": move.moved * known, "each": move.each * known}


def _how(turn: Turn, known: int) -> str:
    if turn.move is None:
        return "No weights could: " + (
            "nothing known is that high." if turn.better else "nothing known is that low."
        )
    return _from_to(turn.move, known)


def _from_to(move: Move, known: int) -> str:
    if move.moved == 0:
        return "It stands at the limit: any movement turns it."
    parts = ", ".join(f"{part * known:.1f} from {name}" for name, part in move.away)
    return f"{parts}, to {move.toward}."


def _neighbours(
    code: str, told: Mapping[str, Sequence[Measured]], places: Mapping[str, Rank]
) -> Table:
    """The scopes one rank above and below, and the weight at which they would change places."""
    rows = []
    mine = places.get(code)
    if mine:
        better = [r.rank for r in places.values() if r.rank < mine.rank]
        worse = [r.rank for r in places.values() if r.rank > mine.rank]
        wanted = {max(better, default=0), mine.rank, min(worse, default=0)}
        for other, place in sorted(places.items(), key=lambda pair: (pair[1].rank, pair[0])):
            if other != code and place.rank in wanted:
                rows.append(_neighbour(code, other, told, place))
    return Table(
        "rank_sensitivity", "How far the weights are from another rank",
        (
            Column("other", "Beside"), Column("rank", "Its rank", "whole"),
            Column("score", "Its score", "share"),
            Column("moved", "Least weight to move, of 100", "number"), Column("how", "How"),
        ),
        rows,
        note="At this movement of weight the two draw level, over the indicators that both know.",
    )  # fmt: skip


def _neighbour(code: str, other: str, told: Mapping[str, Sequence[Measured]], place: Rank) -> Row:
    theirs = {one.indicator for one in told[other] if one.known}
    both = sum(one.weight for one in told[code] if one.known and one.indicator in theirs)
    move = weighing.rank_turn(told[code], told[other])
    if not both:
        how = "They know no indicator in common."
    else:
        how = _from_to(move, both) if move else "No weights could: one is better throughout."
    return {
        "other": words.institution(other), "rank": place.rank,
        "score": weighing.score(told[other]).value,
        "moved": move.moved * both if move else None, "how": how,
    }  # fmt: skip


def _chances(place: Rank | None) -> Table:
    rows = [
        {"rank": n, "chance": chance}
        for n, chance in enumerate(place.chances if place else (), start=1)
    ]
    return Table(
        "rank_chances", "Chance of each rank",
        (Column("rank", "Rank", "whole"), Column("chance", "Chance", "share")),
        rows, note="Out of the bands, by simulation with a fixed seed.",
    )  # fmt: skip
