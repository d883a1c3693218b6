"""A sample country on disk: readable by the readers, true to its truth, the same every time."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from harvester.domain.errors import UserError
from harvester.sample.stage import make_sample
from harvester.sources import registry
from harvester.sources.reading import ReadOptions, SourceFile
from tests.sample.conftest import TINY, rows_of

pytestmark = pytest.mark.slow


def published(folder):
    """The files a harvest reads."""
    return sorted(
        p
        for p in folder.rglob("*")
        if p.is_file() and p.parent.name != "truth" and p.name != "README.txt"
    )


@pytest.fixture(scope="module")
def readings(country):
    """Format and reading of every file by its name, read as the readers see fit."""
    found = {}
    for path in published(country):
        source = SourceFile.at(path)
        found[path.name] = registry.detect(source), registry.read(source, ReadOptions())
    return found


def test_every_published_format_is_there(readings):
    formats = Counter(name for name, _ in readings.values())
    assert set(formats) == {"areas", "sa36", "sc36", "irm", "ene", "eqprs", "mapping"}
    documents = {row["document"] for _, r in readings.values() for row in r.submissions.to_pylist()}
    assert documents == {
        "pipeline", "idp", "budget", "in_year", "provincial_projects", "national_projects",
        "agency_projects", "infrastructure_plan", "strategic_plan", "performance", "allocations",
        "areas",
    }  # fmt: skip


def test_every_file_is_what_the_truth_says_it_is(country, readings):
    for told in rows_of(country, "files"):
        _, reading = readings[told["file"]]
        (got,) = reading.submissions.to_pylist()
        assert (got["document"], got["financial_year"]) == (told["document"], told["year"]), told
        if told["document"] != "provincial_projects":  # a list of several departments
            assert got["institution"] == told["institution"], told
        assert got["rejected_rows"] == 0


def test_every_row_of_the_truth_is_read_and_no_other(country, readings):
    true = defaultdict(set)
    for row in rows_of(country, "entries"):
        true[row["file"]].add((row["sheet"], int(row["row"])))
    for name, (_, reading) in readings.items():
        entries = reading.source_entries
        got = set(
            zip(entries.column("sheet").to_pylist(), entries.column("row").to_pylist(), strict=True)
        )
        assert got == true[name], name


def test_money_read_is_the_money_written_to_the_cent(country, readings):
    for told in rows_of(country, "files"):
        _, reading = readings[told["file"]]
        cents = sum(reading.lines.column("amount_cents").to_pylist())
        assert cents == int(told["rand"]) * 100, told["file"]


def test_no_file_has_an_error(readings):
    errors = [
        (name, p["code"], p["message"])
        for name, (_, reading) in readings.items()
        for p in reading.problems.to_pylist()
        if p["severity"] == "error"
    ]
    assert not errors


def test_areas_are_marked_as_illustrative(readings):
    areas = [a for _, r in readings.values() for a in r.areas.to_pylist()]
    assert {"municipality", "region", "integration_zone", "urban_hub", "marginalised_area", "economic_node"} == {
        a["kind"] for a in areas
    }  # fmt: skip
    assert all(a["illustrative"] and a["name"].endswith("(illustrative)") for a in areas)
    assert len([a for a in areas if a["kind"] == "municipality"]) == 8


def test_the_truth_names_only_projects_there_are(country):
    known = {row["undertaking"] for row in rows_of(country, "undertakings")}
    assert {r["undertaking"] for r in rows_of(country, "places")} == known
    assert {r["undertaking"] for r in rows_of(country, "entries")} - {""} <= known
    assert {r["undertaking"] for r in rows_of(country, "misalignments")} - {""} <= known


def test_every_detector_is_planted_and_what_is_missing_is_missing(country):
    found = rows_of(country, "misalignments")
    assert {r["detector"] for r in found} == {f"W{n:02d}" for n in range(1, 23)}
    there = {(f["document"], f["institution"], f["year"]) for f in rows_of(country, "files")}
    missing = rows_of(country, "submissions")
    assert len(missing) == len([r for r in found if r["detector"] == "W20"]) == 11
    assert not [m for m in missing if (m["document"], m["institution"], m["year"]) in there]


def test_a_project_is_worded_differently_from_document_to_document(country, readings):
    names = defaultdict(set)
    rows = {(r["file"], int(r["row"])): r["undertaking"] for r in rows_of(country, "entries")}
    for file, (_, reading) in readings.items():
        for entry in reading.source_entries.to_pylist():
            names[rows[file, entry["row"]]].add(entry["name"])
    several = [found for number, found in names.items() if number]
    assert sum(len(found) > 1 for found in several) > 0.8 * len(several)


def test_the_same_arguments_give_the_same_bytes(country, tmp_path):
    make_sample(tmp_path / "again", seed=7, scale=TINY)
    first = {p.relative_to(country): p.read_bytes() for p in country.rglob("*") if p.is_file()}
    again = {
        p.relative_to(tmp_path / "again"): p.read_bytes()
        for p in (tmp_path / "again").rglob("*")
        if p.is_file()
    }
    assert first.keys() == again.keys()
    assert [str(name) for name in first if first[name] != again[name]] == []


def test_an_aligned_country_has_nothing_planted_and_nothing_missing(aligned_country):
    assert rows_of(aligned_country, "misalignments") == []
    assert rows_of(aligned_country, "submissions") == []


def test_a_later_sample_replaces_an_earlier_one_and_says_how_far_it_is(tmp_path):
    told = []
    for dirt in (1, 3):
        summary = make_sample(
            tmp_path, seed=1, scale=TINY, dirt=dirt,
            progress=lambda what, done, total: told.append((what, done, total)),
        )  # fmt: skip
    assert summary.figures()["files"] == len(rows_of(tmp_path, "files"))
    assert summary.entries == len(rows_of(tmp_path, "entries"))
    assert told[-1][1] == told[-1][2]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [({"scale": 0}, "scale"), ({"scale": -1}, "scale"), ({"scale": 1, "dirt": 4}, "dirt")],
)
def test_what_makes_no_country_is_refused(tmp_path, arguments, where):
    with pytest.raises(UserError) as refused:
        make_sample(tmp_path, seed=1, **arguments)
    assert refused.value.where == where
    assert not list(tmp_path.iterdir())


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "budget.xlsx").write_text("mine")
    with pytest.raises(UserError, match="holds other files"):
        make_sample(tmp_path, seed=1, scale=TINY)
    assert (tmp_path / "budget.xlsx").read_text() == "mine"


def test_the_readme_says_that_it_is_invented(country):
    assert "INVENTED DATA" in (country / "README.txt").read_text("utf-8")
