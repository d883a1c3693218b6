"""Rows that must become one undertaking, and rows that must not, in words nobody listed."""

from __future__ import annotations

import json

import pytest

from harvester.engine import schema
from harvester.engine.engine import Engine
from harvester.linkage.stage import link
from tests.linkage.invented import entries, entry, town
from tests.links import in_full


def together(a: dict[str, object], b: dict[str, object]) -> tuple[bool, list[str]]:
    """Whether two rows among a town's lists are one undertaking, and the reasons given."""
    engine = Engine()
    rows = [*town(), entry("one", 1, **a), entry("two", 1, **{"document": "idp"} | b)]
    linked = link(
        engine,
        engine.table(schema.ENTRIES, entries(rows)),
        engine.table(schema.LEDGER, schema.LEDGER.empty()),
    )
    ids = {r["entry_id"]: r["undertaking_id"] for r in engine.arrow(linked.memberships).to_pylist()}
    told = in_full(engine.arrow(linked.links), engine.arrow(linked.wordings))
    links = {(r["entry_a"], r["entry_b"]): r for r in told}
    engine.close()
    found = links.get(("one:1", "two:1"))
    reasons = [r["reason"] for r in json.loads(found["reasons"])] if found else []
    return ids["one:1"] == ids["two:1"], reasons


def reasons_of(*rows: dict[str, object]) -> dict[tuple[str, str], dict[str, float]]:
    """The pairs linked of a town's lists and ``rows``: weights by reason."""
    engine = Engine()
    linked = link(
        engine,
        engine.table(schema.ENTRIES, entries([*town(), *rows])),
        engine.table(schema.LEDGER, schema.LEDGER.empty()),
    )
    told = in_full(engine.arrow(linked.links), engine.arrow(linked.wordings))
    engine.close()
    return {
        (row["entry_a"], row["entry_b"]): {
            said["reason"]: said["weight"] for said in json.loads(row["reasons"])
        }
        for row in told
    }


SAME = (
    ("Construction of Gxarhana Primary School Phase 2", "Gxarhana PS: new classrooms (Ph II)"),
    ("Upgrade of Gxarhana clinic", "Opgradering van Gxarhana kliniek"),
    ("Umtholampilo waseGxarhana", "Gxarhana Clinic"),
    ("Gxarhana Ext 10 resrv 5Ml", "New reservoir Gxarhana Extension X"),
    ("GXARHANA WWTW - REFURBISHMENT", "Refurbish Gxarhana waste water treatment works"),
    ("Upgrading of informal settlement: Gxarhana", "UISP Gxarhana"),
    ("Gxarhana 66kV subs", "Gxarhana substation upgrade"),
    ("Construction of Gxarhana library", "Gxarhna libary"),
    ("Taxi rank eGxarhana", "Gxarhana Taxi Rank"),
    ("Port Elizabeth beachfront", "Gqeberha beachfront upgrade"),
)

FAR = {"longitude": 27.9, "latitude": -32.6, "amount_cents": 45_000_000_00, "first_year": 2030}
HERE = {"longitude": 27.5, "latitude": -33.0, "amount_cents": 900_000_00, "first_year": 2019}
OTHERS = (
    ({"name": "Gxarhana roads Phase 1"}, {"name": "Gxarhana roads Phase 2"}),
    ({"name": "Gxarhana Ext 4 houses"}, {"name": "Gxarhana Ext 5 houses"}),
    ({"name": "Gxarhana clinic"}, {"name": "Gxarhana library"}),
    ({"name": "Gxarhana Primary School"}, {"name": "Gxarhana Secondary School"}),
    (
        {"name": "Lungelo Mzotho Primary School, Gxarhana"},
        {"name": "Dorothea Vlam Primary School, Gxarhana"},
    ),
    ({"name": "Gxarhana reservoir 2"}, {"name": "Gxarhana reservoir 3"}),
    # Suburbs called after a reservoir and after gardens: what stands there is neither.
    (
        {"name": "Reservoir Hills electrification", "location_text": "Reservoir Hills"},
        {"name": "Magistrate's court, Reservoir Hills", "location_text": "Reservoir Hills"},
    ),
    (
        {"name": "Gxarhana Gardens sewer", "location_text": "Gxarhana Gardens"},
        {"name": "Gxarhana Gardens rail station", "location_text": "Gxarhana Gardens"},
    ),
    ({"name": "Gxarhana clinic"}, {"name": "Boesmansdrif clinic"}),
    ({"name": "Furniture and office equipment"}, {"name": "Furniture and office equipment"}),
    ({"name": "IT equipment"}, {"name": "IT Equipment"}),
    ({"name": "P-CIN WAT BULK MAINS"}, {"name": "P-CIN WAT BULK MAINS"}),
    ({"name": ""}, {"name": ""}),
    (
        {"name": "Gxarhana clinic"},
        {"name": "Gxarhana clinic", "metro": "CPT", "institution": "CPT", "owner": "CPT"},
    ),
    ({"name": "Gxarhana clinic"}, {"name": "Gxarhana clinic", "kind": "programme"}),
    ({"name": "Gxarhana clinic"} | HERE, {"name": "Gxarhana clinic extension wing"} | FAR),
)


@pytest.fixture(scope="module")
def joined() -> dict[str, bool]:
    """Each pair tried in a municipality of its own, all in one run."""
    pairs = [({"name": a}, {"name": b}) for a, b in SAME] + list(OTHERS)
    rows = []
    for n, (a, b) in enumerate(pairs):
        here = {"metro": f"M{n:02d}", "institution": f"M{n:02d}", "owner": f"M{n:02d}"}
        rows += [e | {"entry_id": f"{n}-{e['entry_id']}", "submission_id": f"{n}-{e['submission_id']}"}
                 for e in town(**here)]  # fmt: skip
        rows += [
            entry(f"one-{n}", 1, **here | a),
            entry(f"two-{n}", 1, **here | {"document": "idp"} | b),
        ]
    ids = undertakings(rows)
    return {f"{a['name']}|{b['name']}|{len(b)}": ids[f"one-{n}:1"] == ids[f"two-{n}:1"]
            for n, (a, b) in enumerate(pairs)}  # fmt: skip


def undertakings(rows: list[dict[str, object]]) -> dict[str, str]:
    """Undertaking of each entry."""
    engine = Engine()
    linked = link(
        engine,
        engine.table(schema.ENTRIES, entries(rows)),
        engine.table(schema.LEDGER, schema.LEDGER.empty()),
    )
    found = engine.arrow(linked.memberships).to_pylist()
    engine.close()
    return {r["entry_id"]: r["undertaking_id"] for r in found}


@pytest.mark.parametrize(("a", "b"), SAME)
def test_the_same_project_in_other_words(joined: dict[str, bool], a: str, b: str) -> None:
    assert joined[f"{a}|{b}|1"]


@pytest.mark.parametrize(("a", "b"), OTHERS)
def test_two_projects_stay_two(
    joined: dict[str, bool], a: dict[str, object], b: dict[str, object]
) -> None:
    assert not joined[f"{a['name']}|{b['name']}|{len(b)}"]


def test_one_project_number_of_one_institution_joins_rows_with_nothing_else_in_common() -> None:
    joined, reasons = together(
        {"name": "P-CIN WAT BULK MAINS", "source_code": "PC001002006001_00019"},
        {"name": "", "source_code": "PC001002006001_00019", "document": "in_year"},
    )
    assert joined
    assert reasons[0] == "same project number (PC00100200600100019)"


def test_a_project_number_means_nothing_in_another_institution() -> None:
    joined, _ = together(
        {"name": "", "source_code": "PC001002006001_00019"},
        {"name": "", "source_code": "PC001002006001_00019", "institution": "CPT", "metro": "CPT"},
    )
    assert not joined


def test_a_row_that_names_another_documents_number_is_that_project() -> None:
    joined, reasons = together(
        {"name": "P-CIN RDS ROADS", "source_code": "PC001002006001_00019"},
        {"name": "Streets of Gxarhana", "references_text": "BEPP 7; PC001002006001_00019"},
    )
    assert joined
    assert "one names the other's project number" in reasons


def test_amounts_and_years_join_rows_with_accounting_names() -> None:
    money = {"amount_cents": 17_345_612_00, "first_year": 2019, "function": "water"}
    joined, reasons = together(
        {"name": "P-CIN WAT BULK MAINS", "longitude": 27.80, "latitude": -32.90} | money,
        {"name": "Gxarhana bulk water pipeline", "longitude": 27.801, "latitude": -32.901} | money,
    )
    assert joined
    assert {"amounts are equal", "same place within 300 m", "same function"} <= set(reasons)


def test_reasons_are_words_a_planner_reads_heaviest_first() -> None:
    _, reasons = together(
        {"name": "Gxarhana Primary School Phase 2", "amount_cents": 1_000_000_00, "first_year": 2019,
         "longitude": 27.8, "latitude": -32.9},
        {"name": "Gxarhana PS Ph2", "amount_cents": 880_000_00, "first_year": 2019,
         "longitude": 27.806, "latitude": -32.9},
    )  # fmt: skip
    assert reasons[0] == "rare words of the name agree"
    assert "phase agrees (2)" in reasons
    assert "amounts differ by 12 %" in reasons
    assert "same place within 1 km" in reasons
    assert "same kind of facility: primary school" in reasons


@pytest.mark.parametrize(
    ("cents", "told"),
    [
        (997_500_00, "amounts differ by less than 1 %"),
        (4_000_00, "amounts differ by more than 99 %"),
        (400_000_00, "amounts differ by 60 %"),
    ],
)
def test_amounts_never_differ_by_nothing_or_by_everything(cents: int, told: str) -> None:
    names = {"name": "Gxarhana Primary School", "longitude": 27.8, "latitude": -32.9}
    _, reasons = together(names | {"amount_cents": 1_000_000_00}, names | {"amount_cents": cents})
    assert told in reasons


def test_what_is_missing_says_nothing() -> None:
    _, reasons = together({"name": "Gxarhana clinic"}, {"name": "Gxarhana clinic"})
    assert not [r for r in reasons if "amount" in r or "place" in r or "years" in r or "phase" in r]


def test_an_edition_between_others_is_found_by_its_own_money() -> None:
    """Two budgets stand between two reports that repeat their name; only they have the plan's amount."""
    name = "QWARRHANA NU 2 SWITCHING STATION PHASE 1"
    reports = [
        entry(f"report-{n}", 1, name, document="in_year", amount_cents=cents, first_year=year)
        for n, cents, year in ((1, 29_646_000_00, 2017), (2, 70_236_000_00, 2020))
    ]
    budgets = [
        entry(f"budget-{n}", 1, name, amount_cents=cents, first_year=year)
        for n, cents, year in ((1, 127_759_000_00, 2018), (2, 98_276_000_00, 2019))
    ]
    plan = entry(
        "plan", 1, "Upgrading of switching station, Kwarhana NU 2 Ph1", document="idp",
        amount_cents=98_276_000_00, first_year=2019,
    )  # fmt: skip
    engine = Engine()
    linked = link(
        engine,
        engine.table(schema.ENTRIES, entries([*town(), *reports, *budgets, plan])),
        engine.table(schema.LEDGER, schema.LEDGER.empty()),
    )
    ids = {r["entry_id"]: r["undertaking_id"] for r in engine.arrow(linked.memberships).to_pylist()}
    engine.close()
    assert (
        len({ids[f"{row}:1"] for row in ("report-1", "budget-1", "budget-2", "report-2", "plan")})
        == 1
    )


@pytest.mark.parametrize(("total", "weight"), [(24_000_000_00, 2.7), (24_137_000_00, 5.06)])
def test_a_round_whole_cost_tells_less_than_one_to_the_thousand(total: int, weight: float) -> None:
    rows = [
        entry(source, 1, name, document=document, total_cost_cents=total, amount_cents=cents)
        for source, name, document, cents in (
            ("one", "Provision of cemetery - Gxarhana", "budget", total // 3),
            ("two", "New cemetery in Gxarhana", "idp", total // 2),
        )
    ]
    assert reasons_of(*rows)["one:1", "two:1"]["amounts are equal"] == weight


def test_equal_amounts_tell_more_than_amounts_that_are_nearly_equal() -> None:
    # Both are of two figures, as amounts of plans are; "R 34 m" is shared by chance, and so is "R 33 m".
    rows = [
        entry("plan", 1, "Tlhabane school ablution block", document="idp", amount_cents=34_000_000_00),
        entry("budget", 1, "Tlhabane school toilets", document="budget", amount_cents=34_000_000_00),
        entry("report", 1, "Tlhabane school sanitation", document="in_year", amount_cents=33_000_000_00),
    ]  # fmt: skip
    said = reasons_of(*rows)
    equal, near = said["budget:1", "plan:1"], said["plan:1", "report:1"]
    assert equal["amounts are equal"] > near["amounts differ by 3 %"]


def test_an_amount_leads_from_the_name_of_an_account_to_another_kind_of_facility() -> None:
    # An account says "social housing" of whatever the housing department builds.
    rows = [
        entry("budget", 1, "P-CNIEU HOUS SOCIAL HOUSING", document="budget", amount_cents=52_064_000_00),
        entry("plan", 1, "Gxarhana UISP services upgrading", document="idp", amount_cents=52_064_000_00),
    ]  # fmt: skip
    assert "amounts are equal" in reasons_of(*rows)["budget:1", "plan:1"]


def test_what_descriptions_say_by_habit_does_not_outweigh_names_that_differ() -> None:
    """Every description of these lists says whom a clinic is to serve; the clinics are two."""
    served = "Provision of a clinic in {} to serve about {} people"
    lists = [
        entry(
            submission,
            n,
            f"{place} library",
            document=document,
            description=served.format(place, 900 + n),
        )
        for submission, document in (("one", "pipeline"), ("two", "idp"))
        for n, place in enumerate(("Hlokozi", "Zerrust", "Ndofaya", "Sibhoza", "Tandweni"), 2)
    ]
    found = reasons_of(
        *lists,
        entry("one", 1, "Gxarhana clinic", description=served.format("Gxarhana", 7246), document="pipeline"),
        entry("two", 1, "Boesmansdrif clinic", description=served.format("Boesmansdrif", 4100), document="idp"),
    )  # fmt: skip
    told = found.get(("one:1", "two:1"), {})
    assert not {"words of the name agree in part", "only common words of the name agree"} & set(
        told
    )
