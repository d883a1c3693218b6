"""What could not be resolved, said once per text of a submission."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from harvester.domain.problems import ProblemKind, Severity
from harvester.engine import schema
from harvester.register.suggest import Suggester
from harvester.rules import codes, institutions

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

MOST_TEXTS = 200
"""Different texts of one field listed one by one in a submission; the rest are told together."""

LONGEST = 200
"""Characters of a text that are shown; a longer one is cut."""

_ADD = "or add it as an alias in {file}.{near}"
_UNKNOWN = "{what} '{value}' is not known ({rows}); it stays unknown."

_KINDS = (
    ProblemKind(
        "word_unknown", Severity.WARNING, _UNKNOWN, "Use an accepted word for {what} " + _ADD
    ),
    ProblemKind(
        "word_replaced",
        Severity.NOTE,
        "{what} '{value}' is not an accepted word ({rows}); {what} was taken from {instead}.",
        "Use an accepted word for {what} " + _ADD,
    ),
    ProblemKind(
        "word_vague",
        Severity.NOTE,
        "{what} '{value}' says too little ({rows}); it stays unknown.",
        "Name one {what} for each row.",
    ),
    ProblemKind(
        "infrastructure_kind",
        Severity.NOTE,
        "{what} '{value}' is a kind of infrastructure, not an asset class ({rows}); the asset "
        "class stays unknown, and the function is read from it where nothing else tells it.",
        "Nothing to do, or give the asset class of the chart of accounts.",
    ),
    ProblemKind(
        "municipality_unknown",
        Severity.WARNING,
        _UNKNOWN,
        "Use the municipality's name or code " + _ADD,
    ),
    ProblemKind(
        "municipality_ambiguous",
        Severity.WARNING,
        "municipality '{value}' could be {others} ({rows}); it stays unknown.",
        "Add the municipality's code, or fill the province.",
    ),
    ProblemKind(
        "municipality_province_disagree",
        Severity.WARNING,
        "municipality '{value}' is not in the province the row names ({rows}); it stays unknown.",
        "Correct the municipality or the province.",
    ),
    ProblemKind(
        "province_unknown",
        Severity.WARNING,
        _UNKNOWN,
        "Use the province's name or code " + _ADD,
    ),
    ProblemKind(
        "sphere_unknown",
        Severity.WARNING,
        _UNKNOWN,
        "Use national, provincial, local or entity, " + _ADD,
    ),
    ProblemKind(
        "owner_unknown",
        Severity.WARNING,
        _UNKNOWN,
        "Use the institution's name or code " + _ADD,
    ),
    ProblemKind(
        "owner_ambiguous",
        Severity.WARNING,
        "owner '{value}' could be {others} ({rows}); it stays unknown.",
        "Fill the sphere and province of the owner, or write them with its name "
        "('Eastern Cape: Education'); a municipality's own directorate has sphere local.",
    ),
    ProblemKind(
        "owner_sphere_disagree",
        Severity.WARNING,
        "owner '{value}', {others}, is not of the sphere the row names ({rows}); it stays unknown.",
        "Correct the owner or its sphere.",
    ),
    ProblemKind(
        "owner_vague",
        Severity.NOTE,
        "owner '{value}' names no institution of government ({rows}); it stays unknown.",
        "Name the department or entity that owns the project.",
    ),
    ProblemKind(
        "function_from_owner",
        Severity.NOTE,
        "function was taken from the owner, {value}, as the row tells none ({rows}).",
        "Nothing to do, or fill the function.",
    ),
    ProblemKind(
        "function_from_asset_class",
        Severity.NOTE,
        "function was taken from the asset class, {value}, as the row tells none ({rows}).",
        "Nothing to do, or fill the function.",
    ),
    ProblemKind(
        "more_words_unknown",
        Severity.WARNING,
        "{texts} more texts for {what} are not known ({rows}); they stay unknown.",
        "Mend the ones listed first; a column with so many may hold something else.",
    ),
)
KINDS = {kind.code: kind for kind in _KINDS}
"""Every kind of problem this stage reports, by code."""

FILES = {
    "municipality": "institutions/municipalities.csv",
    "province": "institutions/provinces.yaml",
    "owner": "institutions/ (departments.csv, national.yaml, entities.yaml)",
    "sphere": "codes/spheres.yaml",
    "function": "codes/functions.yaml",
    "asset class": "codes/asset_classes.yaml",
    "nature": "codes/natures.yaml",
    "MTSF outcome": "codes/mtsf_outcomes.yaml",
    "IUDF goal": "codes/iudf_goals.yaml",
    "grant": "codes/grants.yaml",
    "status": "codes/statuses.yaml",
}
"""Field as a person calls it, and the rule file that holds its accepted words."""


@dataclass(frozen=True)
class Tally:
    """One text of one field of a submission: its kind of problem, how many rows, the first one.

    ``others`` are codes it could have been; ``instead`` says what stood in for it, in ``replaced``
    of the rows.
    """

    submission_id: str
    field: str
    code: str
    text: str
    rows: int
    first_row: int
    sheet: str
    others: tuple[str, ...] = ()
    instead: str = ""
    replaced: int = 0


def problem_rows(tallies: Iterable[Tally]) -> pa.Table:
    """``schema.PROBLEMS`` rows of stage ``register``: one per submission, field and text.

    Texts beyond :data:`MOST_TEXTS` of one kind and field in a submission, fewest rows last, are
    told in one problem that counts them, so rows always add up.
    """
    suggesters = {name: Suggester(_accepted(name)) for name in FILES}
    ordered = sorted(tallies, key=lambda t: (t.submission_id, t.field, t.code, -t.rows, t.text))
    rows: list[dict[str, object]] = []
    for submission_id, of_submission in groupby(ordered, key=lambda t: t.submission_id):
        number = 0
        for _, of_field in groupby(of_submission, key=lambda t: (t.field, t.code)):
            listed = list(of_field)
            for problem in [*_each(listed[:MOST_TEXTS], suggesters), *_rest(listed[MOST_TEXTS:])]:
                problem_id = f"{submission_id}:register:{number}"
                rows.append({**problem, "problem_id": problem_id, "submission_id": submission_id})
                number += 1
    return schema.PROBLEMS.from_rows(rows)


def _each(tallies: list[Tally], suggesters: dict[str, Suggester]) -> Iterable[dict[str, object]]:
    book = institutions.load()
    for tally in tallies:
        named = _or([book.name(code) for code in tally.others[:4]])
        more = len(tally.others) - 4
        near = suggesters[tally.field].near(tally.text) if tally.field in suggesters else ()
        yield _row(
            tally,
            KINDS[tally.code],
            what=tally.field,
            rows=_rows_of(tally),
            others=f"{named} or {more} more" if more > 0 else named,
            instead=tally.instead,
            file=FILES.get(tally.field, ""),
            near=f" Nearest accepted: {', '.join(near)}." if near else "",
        )


def _rest(tallies: list[Tally]) -> Iterable[dict[str, object]]:
    if tallies:
        total = sum(t.rows for t in tallies)
        first = min(tallies, key=lambda t: (t.first_row, t.text))
        kind = KINDS["more_words_unknown"]
        yield _row(first, kind, what=first.field, rows=_rows(total), texts=len(tallies))


def _row(tally: Tally, kind: ProblemKind, **words: object) -> dict[str, object]:
    text = tally.text if len(tally.text) <= LONGEST else f"{tally.text[: LONGEST - 1]}…"
    found = kind.at(sheet=tally.sheet, row=tally.first_row, value=text, **words)
    return {
        "stage": "register",
        "code": found.code,
        "severity": str(found.severity),
        "sheet": found.sheet,
        "row": found.row,
        "value": found.value,
        "message": found.message[:1].upper() + found.message[1:],
        "mend": found.mend,
    }


def _rows_of(tally: Tally) -> str:
    """``12 rows``; where something else stood in for some of them, how many."""
    if tally.replaced in (0, tally.rows):
        return _rows(tally.rows)
    return f"{_rows(tally.rows)}, {tally.replaced} of them taken from {tally.instead}"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _accepted(name: str) -> tuple[str, ...]:
    book = institutions.load()
    if name == "municipality":
        return tuple(
            i.name for i in book.all if book.kind(i.code) in {"metro", "local", "district"}
        )
    if name == "province":
        return tuple(i.name for i in book.provinces)
    if name == "owner":
        return book.suggestions()
    return codes.load(FILES[name].removeprefix("codes/").removesuffix(".yaml")).suggestions()
