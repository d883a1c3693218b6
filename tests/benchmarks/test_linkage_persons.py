"""Persons through the same linker with another field set."""

from __future__ import annotations

import pyarrow as pa
from benchmarks.linkage import person_fields as fields

from harvester.engine.engine import Engine
from harvester.linkage.matching.linker import match

GIVEN = ("ANNA", "BERND", "CLARA", "DIETER", "EVA", "FRANK", "GERD", "HEIDI")
SURNAMES = ("MUELLER", "SCHMIDT", "WEBER", "KRAUSE", "LEHMANN", "VOGEL", "BRANDT")


def _rows() -> tuple[pa.Table, list[str]]:
    """Fifty-six persons, eight of them twice: with a slip in the name or in the date."""
    people = [
        {
            "given": g,
            "surname": s,
            "dob": f"{1940 + 7 * n % 50}{1 + n % 12:02d}{1 + 5 * n % 28:02d}",
        }
        for n, (g, s) in enumerate((g, s) for g in GIVEN for s in SURNAMES)
    ]
    told = [(p, f"{n}") for n, p in enumerate(people)]
    for n, p in enumerate(people[::7]):
        slip = {"given": p["given"] + "A"} if n % 2 else {"dob": p["dob"][:-1] + "9"}
        told.append((p | slip, f"{7 * n}"))
    ids = [f"r{n}" for n in range(len(told))]
    columns = ("given", "given2", "surname", "surname2", "dob", "suburb", "postcode", "address_1")
    table = {c: pa.array([p.get(c, "") for p, _ in told], pa.string()) for c in columns}
    return pa.table({"entry_id": ids, "source": ids, **table}), [who for _, who in told]


def test_slips_in_name_or_date_are_one_person_and_namesakes_are_not() -> None:
    rows, persons = _rows()
    chances, fewer = fields.learnt(rows, persons, fields.RLDATA)
    people = fields.field_set(fields.RLDATA, chances, fewer, fields.RLDATA_KEYS)
    engine = Engine()
    try:
        found = match(engine, people, rows, explain=False).roots.tolist()
    finally:
        engine.close()
    first = {who: n for n, who in reversed(list(enumerate(persons)))}
    assert found == [first[who] for who in persons]


def test_chances_learnt_are_never_nothing() -> None:
    chances, _ = fields.learnt(*_rows(), fields.RLDATA)
    assert all(0 < m <= 1 and 0 < u <= 1 for held in chances.values() for m, u in held)
