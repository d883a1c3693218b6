"""Countries of the benchmark: the same for a seed, with a truth for every row."""

from __future__ import annotations

from collections import Counter, defaultdict

from benchmarks.linkage import bad, invented, scale

from harvester.linkage.lists.records import COLUMNS


def test_an_invented_country_is_the_same_for_a_seed() -> None:
    rows, truth = invented.country(400, 2, 11)
    again, _ = invented.country(400, 2, 11)
    other, _ = invented.country(400, 2, 12)
    assert rows == again != other
    assert {row["entry_id"] for row in rows} == set(truth)
    assert all(set(row) <= set(COLUMNS) for row in rows)


def test_ten_years_have_as_many_rows_as_asked_in_columns_of_a_list() -> None:
    rows, truth = scale.country(3_000, 11)
    again, _ = scale.country(3_000, 11)
    assert rows.equals(again)
    assert rows.num_rows == truth.num_rows == 3_000
    assert set(rows.column_names) <= set(COLUMNS)
    assert rows.column("entry_id").equals(truth.column("entry_id"))


def test_a_project_mostly_keeps_its_name_within_a_publishers_list() -> None:
    rows, truth = scale.country(3_000, 11)
    told = zip(
        *(rows.column(c).to_pylist() for c in ("source", "name", "first_year")),
        truth.column("project").to_pylist(), strict=True,
    )  # fmt: skip
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, name, _, project in told:
        if not project.startswith("generic"):
            names[source.partition("-")[0], project].append(name)
    long = [held for held in names.values() if len(held) >= 4]
    kept = [Counter(held).most_common(1)[0][1] / len(held) for held in long]
    assert 0.7 < sum(kept) / len(kept) < 0.98


def test_bad_names_are_as_bad_as_said() -> None:
    assert max(len(row["name"]) for row in bad.long_names()) == 5_000
    assert len({row["name"] for row in bad.one_name()}) == 1
    assert {row["name"] for row in bad.nothing()} == {""}
