"""The store keeps files and harvests whole, and nothing in it is updated in place."""

import pyarrow.parquet as pq
import pytest

from harvester.domain.documents import Document, EntryKind, Phase
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.engine import schema
from harvester.engine.content import digest
from harvester.engine.granary import Granary, home_from_environment
from harvester.engine.harvest_writer import HarvestWriter
from harvester.sources.reading import Builder, ReadOptions, SourceFile, assemble


@pytest.fixture
def granary(tmp_path):
    return Granary(tmp_path / "home")


def a_file(folder, text="one,two\n", name="list.csv"):
    path = folder / name
    path.write_text(text)
    return SourceFile.at(path)


def a_reading(source, version="1", amount=100):
    part = Builder(source, "idp", version, 0, "", Document.IDP, Calendar.MUNICIPAL)
    entry = part.entry(2, EntryKind.PROJECT, name="A road")
    part.line(
        entry,
        amount,
        Phase.PLANNED,
        "B2",
        "2018/19",
        "1",
        year=FinancialYear(2018, Calendar.MUNICIPAL),
    )
    return assemble([part])


def test_the_same_file_twice_is_one_submission(granary, tmp_path):
    source = a_file(tmp_path)
    again = a_file(tmp_path, name="copy of list.csv")
    granary.add(source, a_reading(source), ReadOptions())
    granary.add(again, a_reading(again), ReadOptions())
    (only,) = granary.readings()
    assert only.original.name == "list.csv"
    assert only.original.read_text() == "one,two\n"


def test_what_was_read_comes_back_to_the_cell(granary, tmp_path):
    source = a_file(tmp_path)
    stored = granary.add(source, a_reading(source), ReadOptions())
    (line,) = stored.table("lines").to_pylist()
    assert (line["cell"], line["raw"], line["amount_cents"]) == ("B2", "1", 100)
    assert line["entry_id"] == f"{source.sha256[:16]}:0:2"


def test_other_options_or_a_better_reader_make_a_new_reading_and_keep_the_old(granary, tmp_path):
    source = a_file(tmp_path)
    first = granary.add(source, a_reading(source), ReadOptions())
    second = granary.add(source, a_reading(source, amount=200), ReadOptions(year="2018/19"))
    third = granary.add(source, a_reading(source, version="2", amount=300), ReadOptions())
    assert len({first.folder, second.folder, third.folder}) == 3
    assert first.table("lines").column("amount_cents").to_pylist() == [100]
    (in_force,) = granary.readings()
    assert in_force.folder == third.folder


def tables_of_a_harvest():
    return {t.name: t.empty() for t in schema.HARVEST_TABLES}


def test_a_harvest_is_in_service_once_it_is_whole(granary):
    assert granary.harvest() is None
    granary.store_harvest(granary.next_run(), tables_of_a_harvest(), {"digest": "x"})
    assert granary.harvest().run == "h0001"
    assert granary.next_run() == "h0002"


def test_a_harvest_that_fails_half_way_leaves_the_last_good_one(granary):
    granary.store_harvest("h0001", tables_of_a_harvest(), {"digest": "x"})
    broken = {**tables_of_a_harvest(), "findings": schema.LINKS.empty()}
    with pytest.raises(Exception, match="table findings"):
        granary.store_harvest("h0002", broken, {})
    assert granary.harvest().run == "h0001"
    assert granary.runs() == ["h0001"]
    assert not list((granary.root / "harvests").glob(".writing-*"))


def test_a_table_that_was_not_made_is_named(granary):
    with pytest.raises(Exception, match="findings was not made"):
        granary.store_harvest(
            "h0001", {k: v for k, v in tables_of_a_harvest().items() if k != "findings"}, {}
        )


@pytest.mark.parametrize("run", ["h0009", "../../etc", "latest"])
def test_a_harvest_that_does_not_exist_is_a_user_error(granary, run):
    with pytest.raises(UserError, match="there is no harvest"):
        granary.harvest(run)


def test_one_writer_at_a_time(granary):
    with (
        granary.locked(),
        pytest.raises(UserError, match="another harvest is running"),
        granary.locked(),
    ):
        pass


def test_a_submission_is_found_by_the_beginning_of_its_hash(granary, tmp_path):
    source = a_file(tmp_path)
    granary.add(source, a_reading(source), ReadOptions())
    assert granary.reading(source.sha256[:8]).sha256 == source.sha256
    with pytest.raises(UserError, match="0 submissions"):
        granary.reading("zz")
    with pytest.raises(UserError):
        granary.reading("")


def test_the_home_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("HARVESTER_HOME", "/somewhere")
    assert str(home_from_environment()) == "/somewhere"
    monkeypatch.delenv("HARVESTER_HOME")
    assert str(home_from_environment()) == "var"


def test_a_table_is_written_in_order_of_its_key_whatever_order_it_came_in(tmp_path):
    rows = schema.MEMBERSHIPS.from_rows(
        [{"entry_id": f"e{n}", "undertaking_id": "u", "probability": 1.0} for n in (2, 0, 1)]
    )
    written = []
    for given in (rows, rows.take([2, 0, 1])):
        writer = HarvestWriter(tmp_path)
        with writer:
            writer.put(schema.MEMBERSHIPS, given)
        written.append(writer._begun["memberships"].result().digest)
        file = pq.read_table(tmp_path / "memberships.parquet")
        assert file.column("entry_id").to_pylist() == ["e0", "e1", "e2"]
        assert digest(file) == written[-1]
    assert written[0] == written[1]
