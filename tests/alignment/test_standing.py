"""Which rows count: a project that one institution names in two versions of a list counts once."""

from __future__ import annotations

import pytest

from harvester.alignment.facts.build import Facts
from tests.alignment.country import country, load


def counted(engine, text):
    with Facts(engine, load(engine, country(text))) as facts:
        rows = facts.query("SELECT undertaking_id, owner FROM fact_entry ORDER BY ALL")
    return [tuple(row.values()) for row in rows.to_pylist()]


def test_two_undated_versions_of_a_list_count_a_project_once(engine):
    """Found on real files: two snapshots of one list doubled a swimming pool's spending."""
    assert counted(engine, """
        document            | by      | project | owner   | 2018
        provincial_projects | KZN-EDU | school  | KZN-EDU | 10
        provincial_projects | unknown | school  | KZN-EDU | 10
        provincial_projects | unknown | clinic  | KZN-HEA | 4
    """) == [("clinic", "KZN-HEA"), ("school", "KZN-EDU")]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    ["provincial_projects | KZN-HEA | school | KZN-HEA | 10", "agency_projects | PRASA | school | PRASA | 10"],
    ids=["another owner", "another kind of list"],
)  # fmt: skip
def test_different_speakers_all_count(engine, other):
    text = "document | by | project | owner | 2018\nprovincial_projects | KZN-EDU | school | KZN-EDU | 10"
    assert len(counted(engine, f"{text}\n{other}")) == 2


def test_a_project_on_two_rows_of_one_file_keeps_both(engine):
    text = "document | project | 2019\nbudget | road | 10\nbudget | road | 5"
    assert len(counted(engine, text)) == 2
