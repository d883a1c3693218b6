"""The spatial budget reconciles: every way of adding gives the same total, to the cent."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.domain.errors import UserError
from harvester.reports.statements import spatial
from tests.reports.statements.conftest import MILLION, share, zone

TEXT = """
document            | by     | season | owner  | project | grant | function  | 2020 | 2021
budget              | BUF    | 2020   | BUF    | p1      | USDG  | water     | 10   | 20
budget              | BUF    | 2020   | BUF    | p2      | own   | roads     | 4    | 4
pipeline            | BUF    | 2020   | BUF    | p1      | USDG  | water     | 90   | 90
pipeline            | BUF    | 2020   | EC-EDU | p3      | EIG   | education | 70   | 70
provincial_projects | EC-EDU | 2020   | EC-EDU | p3      | EIG   | education | 12   | 12
infrastructure_plan | EC-EDU | 2020   | EC-EDU | p3      | EIG   | education | 13   | 13
agency_projects     | PRASA  | 2020   | PRASA  | p4      | own   | rail      | 24   | 24
"""
IDS = {
    "p1": "budget-BUF-2020:0:2", "p2": "budget-BUF-2020:0:3",
    "p3": "provincial_projects-EC-EDU-2020:0:6", "p4": "agency_projects-PRASA-2020:0:8",
}  # fmt: skip
AREAS = [zone("ward:1", layer="ward"), zone("ward:2", layer="ward")]
PLACES = [
    share(IDS["p1"], "ward:1", layer="ward"), share(IDS["p2"], "", "city_wide", layer="ward"),
    share(IDS["p3"], "ward:2", layer="ward", weight=1), share(IDS["p3"], "ward:1", layer="ward", weight=2),
    share(IDS["p4"], "", "unknown", layer="ward"),
]  # fmt: skip
SUMS = ("total", "located", "allocable", "unlocated")


def spatial_of(source, metro: str, year: str = "", **more):
    return spatial.spatial(source, spatial.asked(source, metro, year, year, **more))


def sums(statement, name: str) -> dict[str, int]:
    return {row["key"]: row["total"] for row in statement.table(name).rows}


def test_each_owner_is_taken_from_its_own_paper_once(held):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", layer="ward")

    assert sums(made, "owner") == {
        "BUF": 38 * MILLION,
        "EC-EDU": 24 * MILLION,
        "PRASA": 48 * MILLION,
    }
    assert sums(made, "sphere") == {
        "local": 38 * MILLION,
        "provincial": 24 * MILLION,
        "entity": 48 * MILLION,
    }


def test_total_is_located_and_allocable_and_unlocated(held):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", layer="ward")

    whole = made.table("sphere").totals[0]
    assert {name: whole[name] / MILLION for name in SUMS} == {
        "total": 110, "located": 54, "allocable": 8, "unlocated": 48}  # fmt: skip


def test_every_way_of_adding_gives_the_same_total(held):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", layer="ward")

    totals = {name: [made.table(name).totals[0][s] for s in SUMS] for name in (*spatial.BY, "rows")}
    assert len({tuple(t) for t in totals.values()}) == 1
    documents = made.table("documents").totals[0]
    assert documents["counted"] == totals["rows"][0]
    assert documents["total"] == documents["counted"] + documents["left_out"]


def test_a_year_shows_that_years_months_only(held):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", "2019/20", layer="ward")

    # A quarter of the national 2020/21: April to June 2020.
    assert sums(made, "owner") == {"EC-EDU": 3 * MILLION, "PRASA": 6 * MILLION}


@pytest.mark.parametrize(
    ("filters", "total"),
    [({"sphere": "provincial"}, 24), ({"grant": "USDG"}, 30), ({"function": "roads"}, 8),
     ({"area_id": "ward:1", "sphere": "provincial"}, 16), ({"year": "2021/22", "owner": "BUF"}, 24),
     ({"grant": "x' OR 1=1 --"}, None)],
)  # fmt: skip
def test_filters_narrow_and_totals_follow(held, filters, total):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", layer="ward", filters=filters)

    table = made.table("rows")
    assert (table.totals[0]["total"] / MILLION if table.totals else None) == total
    assert sum(row["total"] for row in table.rows) == (total or 0) * MILLION


def test_one_document_alone_can_be_asked(held):
    made = spatial_of(held(TEXT, AREAS, PLACES), "BUF", layer="ward", basis="pipeline")

    assert sums(made, "owner") == {"BUF": 180 * MILLION, "EC-EDU": 140 * MILLION}


def test_where_no_budget_was_read_the_municipality_speaks_by_its_pipeline(held):
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith("budget"))

    assert sums(spatial_of(held(text, [], []), "BUF"), "owner")["BUF"] == 180 * MILLION


def test_owners_we_could_not_resolve_are_not_taken_for_one_another(held):
    text = TEXT.replace("| PRASA  | p4", "| unknown | p4").replace(
        "| EC-EDU | p3      | EIG   | education | 12", "| unknown | p3 | EIG | education | 12"
    )

    assert sums(spatial_of(held(text, [], []), "BUF"), "owner")["unknown"] == 72 * MILLION


@pytest.mark.parametrize(
    "wrong", [{"basis": "gazette"}, {"layer": "moon"}, {"filters": {"colour": "red"}}]
)
def test_what_is_not_there_is_refused(held, wrong):
    with pytest.raises(UserError):
        spatial_of(held(TEXT, AREAS, PLACES), "BUF", **wrong)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**10), st.integers(0, 5), st.integers(1, 7)),
        min_size=1,
        max_size=6,
    )
)
def test_random_money_reconciles(held, rows):
    text = ["document | by | season | project | function | 2020"]
    places = []
    for n, (cents, where, weight) in enumerate(rows):
        text.append(f"budget | BUF | 2020 | p{n} | f{n % 3} | {cents / MILLION!r}")
        entry = f"budget-BUF-2020:0:{n + 2}"
        if where < 3:
            places += [
                share(entry, f"ward:{k}", layer="ward", weight=weight + k)
                for k in range(1, where + 2)
            ]
        else:
            places.append(
                share(
                    entry, "", ("city_wide", "administrative", "unknown")[where - 3], layer="ward"
                )
            )

    made = spatial_of(
        held("\n".join(text), [*AREAS, zone("ward:3", layer="ward")], places), "BUF", layer="ward"
    )

    whole = sum(round(float(repr(cents / MILLION)) * MILLION) for cents, _, _ in rows)
    for name in (*spatial.BY, "rows"):
        table = made.table(name)
        assert sum(row["total"] for row in table.rows) == whole
        for row in [*table.rows, *table.totals]:
            assert row["total"] == row["located"] + row["allocable"] + row["unlocated"]


def test_rows_are_sorted_and_paged(held):
    source = held(TEXT, AREAS, PLACES)
    of = spatial.asked(source, "BUF", layer="ward")

    totals = [row["total"] for row in spatial.rows_of(source, of, "-total")]
    assert totals == sorted(totals, reverse=True)
    assert len(totals) == spatial.count_of(source, of)
    pages = [spatial.rows_of(source, of, "-total", 3, at) for at in range(0, len(totals), 3)]
    assert [row["total"] for page in pages for row in page] == totals
    with pytest.raises(UserError, match="sorted"):
        spatial.rows_of(source, of, "1; DROP TABLE areas")


def test_choices_are_what_there_is(held):
    source = held(TEXT, AREAS, PLACES)
    of = spatial.asked(source, "BUF", layer="ward", filters={"sphere": "local"})

    assert [code for code, _ in spatial.options_of(source, of, "sphere")] == [
        "entity",
        "local",
        "provincial",
    ]
    assert ("ward:1", "1") in spatial.options_of(source, of, "area_id")
