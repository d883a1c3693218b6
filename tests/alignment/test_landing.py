"""V2: rand of undertakings that stand at the next rung of the ladder ÷ rand due there."""

from __future__ import annotations

import pytest

from harvester.rules import bands
from tests.alignment.country import country

MISSED = bands.load().missed
"""What seems absent from a document may stand there under words nobody recognised."""

ALIGNED = """
    document | project | 2019 | 2020
    pipeline | a       | 10   | 20
    idp      | a       | 10   | 20
    budget   | a       | 10   | 20
    in_year  | a       | 10   | -
"""


@pytest.mark.parametrize("indicator", ["V2", "V2.idp", "V2.budget", "V2.in_year"])
def test_aligned_ladder_lands_wholly(measured, indicator):
    row = measured(country(ALIGNED), indicator)
    assert (row["value"], row["high"]) == (1.0, 1.0)
    # No link is beyond doubt.
    assert 0.7 < row["low"] < 1.0


def test_value_is_rand_that_landed_over_rand_due(measured):
    tables = country("""
        document | project | 2019
        pipeline | a       | 30
        pipeline | b       | 10
        idp      | a       | 30
    """)
    row = measured(tables, "V2.idp")
    assert row["value"] == 0.75
    assert row["denominator"] == 40 * 100_000_000


def test_less_than_four_fifths_of_the_amount_has_not_landed(parts_of):
    tables = country("""
        document | project | 2019
        pipeline | a       | 10
        pipeline | b       | 10
        idp      | a       | 8
        idp      | b       | 7.9
    """)
    assert parts_of(tables, "V2.idp") == {"a": (10, 1, 1, 1), "b": (10, 0, 0, 0)}


def test_more_than_a_year_later_has_not_landed(parts_of):
    tables = country("""
        document | project | 2019 | 2020 | 2021
        pipeline | a       | 10   | -    | 20
        pipeline | b       | 10   | 20   | -
        idp      | a       | -    | -    | 30
        idp      | b       | -    | 30   | -
    """)
    assert parts_of(tables, "V2.idp") == {"a": (30, 0, 0, 0), "b": (30, 1, 1, 1)}


def test_document_that_was_not_read_is_unknown_not_zero(measured):
    tables = country("""
        document | project | 2019
        pipeline | a       | 10
    """)
    row = measured(tables, "V2.idp")
    assert (row["value"], row["low"], row["high"]) == (None, 0.0, 1.0)
    assert row["unknown"] == 10 * 100_000_000


def test_next_season_is_asked_when_the_season_was_not_read(parts_of):
    tables = country("""
        document | season | project | 2019 | 2020
        pipeline | 2019   | a       | -    | 10
        idp      | 2020   | a       | -    | 10
    """)
    assert parts_of(tables, "V2.idp") == {"a": (10, 1, 1, 1)}


def test_money_beyond_the_months_of_the_next_document_is_not_yet_due(parts_of):
    tables = country("""
        document | project | 2019 | 2020 | 2023
        idp      | a       | 10   | -    | 90
        idp      | later   | -    | -    | 50
        budget   | a       | 10   | 1    | -
    """)
    assert parts_of(tables, "V2.budget") == {"a": (10, 1, 1, 1)}


def test_projects_of_other_owners_are_not_the_metros_to_budget_for(parts_of):
    tables = country("""
        document | project | owner  | 2019
        idp      | school  | EC-EDU | 50
        idp      | pipe    | BUF    | 10
        budget   | pipe    | BUF    | 10
    """)
    assert parts_of(tables, "V2.budget") == {"pipe": (10, 1, 1, 1)}


def test_no_amount_at_the_next_rung_is_unknown(parts_of):
    tables = country("""
        document | project | 2019
        pipeline | a       | 10
        idp      | a       | -
        idp      | b       | 5
    """)
    assert parts_of(tables, "V2.idp") == {"a": (10, None, 0, 1)}


def test_unsure_link_widens_the_band_downwards(measured):
    tables = country("""
        document | project | p   | 2019
        pipeline | a       | 1   | 10
        idp      | a       | 0.9 | 10
    """)
    row = measured(tables, "V2.idp")
    # One part with one chance in ten: it may be lost whole within nine cases in ten.
    assert (row["value"], row["low"], row["high"]) == (1.0, 0.0, 1.0)


def test_almost_link_widens_the_band_upwards(measured):
    tables = country(
        """
        document | project | 2019
        pipeline | a       | 10
        idp      | b       | 10
        """,
        links="""
        a                     | b                | probability
        pipeline-BUF-2019:0:2 | idp-BUF-2019:0:3 | 0.6
        """,
    )
    row = measured(tables, "V2.idp")
    assert (row["value"], row["low"], row["high"]) == (0.0, 0.0, 1.0)


def test_link_that_a_person_rejected_does_not_widen_the_band(measured):
    tables = country(
        """
        document | project | 2019
        pipeline | a       | 10
        idp      | b       | 10
        """,
        links="""
        a                     | b                | probability | decided
        pipeline-BUF-2019:0:2 | idp-BUF-2019:0:3 | 0.6         | rejected
        """,
    )
    row = measured(tables, "V2.idp")
    # Absent by a person's word or the list's own; only a missed row could turn it.
    assert (row["value"], row["low"], row["high"]) == (0.0, 0.0, 1.0)


def test_adopted_budget_replaces_the_tabled_one(parts_of):
    tables = country("""
        document | season | project | 2019
        idp      | 2019   | a       | 10
        budget   | 2019   | b       | 10
    """)
    rows = tables["submissions"].to_pylist()
    tabled = {**rows[1], "submission_id": "tabled:0", "stage": "tabled"}
    entries = tables["entries"].to_pylist()
    moved = {
        **entries[0],
        "document": "budget",
        "submission_id": "tabled:0",
        "entry_id": "tabled:0:2",
    }
    from harvester.engine import schema

    tables["submissions"] = schema.SUBMISSIONS.from_rows([*rows, tabled])
    tables["entries"] = schema.ENTRIES.from_rows([*entries, moved])
    tables["memberships"] = schema.MEMBERSHIPS.from_rows(
        [
            *tables["memberships"].to_pylist(),
            {"entry_id": "tabled:0:2", "undertaking_id": "a", "probability": 1.0},
        ]
    )
    assert parts_of(tables, "V2.budget") == {"a": (10, 0, 0, MISSED)}


def test_copy_by_a_publisher_we_could_not_resolve_does_not_count_twice(parts_of):
    tables = country("""
        document | by      | project | 2019
        budget   | unknown | a       | 10
        budget   | BUF     | a       | 10
        in_year  | BUF     | a       | 10
    """)
    assert parts_of(tables, "V2.in_year") == {"a": (10, 1, 1, 1)}


SPLIT = """
    document | project | 2019
    idp      | works   | 60
    budget   | sewer   | 30
    budget   | pumps   | 18
    budget   | plant   | 11
"""
PARTS = "from | to | kind\n" + "\n".join(
    f"works | {part} | split_into" for part in ("sewer", "pumps", "plant")
)


def test_a_whole_lands_through_its_parts(parts_of):
    assert parts_of(country(SPLIT), "V2.budget") == {"works": (60, 0, 0, MISSED)}
    # The relation is as sure as 0.9, which is the band.
    value = parts_of(country(SPLIT, relations=PARTS), "V2.budget")["works"]
    assert value[:2] == (60, 1)


def test_a_whole_whose_parts_fall_short_has_not_landed(parts_of):
    short = SPLIT.replace("| 30", "| 3")
    assert parts_of(country(short, relations=PARTS), "V2.budget")["works"][:2] == (60, 0)


def test_a_whole_that_is_linked_to_one_of_its_parts_counts_the_others_too(parts_of):
    joined = SPLIT.replace("sewer", "works")
    others = "from | to | kind\nworks | pumps | split_into\nworks | plant | split_into"
    assert parts_of(country(joined), "V2.budget") == {"works": (60, 0, 0, 0)}
    assert parts_of(country(joined, relations=others), "V2.budget")["works"][:2] == (60, 1)


def test_parts_land_in_the_whole_that_they_were_merged_into(parts_of):
    tables = """
        document | project | 2019
        idp      | civil   | 14
        idp      | power   | 26
        budget   | station | 41
    """
    merged = "from | to | kind\ncivil | station | merged_into\npower | station | merged_into"
    assert [p[1] for p in parts_of(country(tables), "V2.budget").values()] == [0, 0]
    found = parts_of(country(tables, relations=merged), "V2.budget")
    assert [p[1] for p in found.values()] == [1, 1]


def test_other_relations_land_nothing(parts_of):
    told = PARTS.replace("split_into", "next_phase")
    assert parts_of(country(SPLIT, relations=told), "V2.budget") == {"works": (60, 0, 0, MISSED)}
