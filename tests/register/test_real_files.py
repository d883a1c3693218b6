"""The real published files: every owner and municipality is known, unknowns are listed here."""

import pyarrow as pa
import pytest

from harvester.engine.engine import Engine
from harvester.register.stage import register
from harvester.sources import registry as readers
from harvester.sources.reading import ReadOptions, SourceFile

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FILES = (
    "municipal-data/sa36_sc36/failyear.xlsx",
    "municipal-data/sa36_sc36/quarterly.xlsx",
    "vulekamali-datamanager/irm/test_import_prov_infra_projects.xlsx",
    "vulekamali-datamanager/irm/test_import_nat_infra_project.xlsx",
    "vulekamali-datamanager/ene/infrastructure-projects-2019-20.csv",
    "vulekamali-datamanager/eqprs/correct_data.csv",
)
SAYS_TOO_LITTLE = {"Water supply and sanitation"}
"""A kind of infrastructure that is two functions: it stays unknown, and is told."""


def test_the_real_files_are_registered_whole(shared_data):
    read = [
        readers.read(SourceFile.at(shared_data / name), ReadOptions()).tables() for name in FILES
    ]
    engine = Engine()
    tables = {
        name: engine.load(name, pa.concat_tables([tables[name] for tables in read]))
        for name in ("submissions", "source_entries", "lines")
    }

    resolved, problems = register(engine, *tables.values())

    entries = engine.arrow(resolved).to_pylist()
    assert len(entries) == sum(tables["source_entries"].num_rows for tables in read)
    assert {
        e["owner_text"] for e in entries if e["owner_text"] and e["owner"] == "unknown"
    } == set()
    assert {
        e["municipality_text"]
        for e in entries
        if e["municipality_text"] and e["metro"] == "unknown"
    } == set()
    assert {e["metro"] for e in entries if e["document"] in {"budget", "in_year"}} == {"BUF"}
    warned = {p["value"] for p in problems.to_pylist() if p["severity"] == "warning"}
    assert warned <= SAYS_TOO_LITTLE
    engine.close()
