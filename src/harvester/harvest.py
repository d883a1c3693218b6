"""A harvest: (submissions, people's decisions, rules) in, tables out, the same every time.

:func:`run` takes everything in the granary through the stages and puts the result in service.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

import harvester
from harvester.alignment.facts import Facts
from harvester.alignment.stage import coverage, measure
from harvester.domain.collecting import no_collecting
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.engine import open_engine, schema
from harvester.engine.content import METHOD
from harvester.engine.granary import Granary, Harvest
from harvester.engine.harvest_writer import MEMORY
from harvester.intake import Progress, silent
from harvester.linkage import decisions
from harvester.linkage.matching.memory import Memory as LinkMemory
from harvester.linkage.stage import link
from harvester.register.stage import register
from harvester.space.doubts.mends import settle
from harvester.space.ground.siting import one_of_each, sited
from harvester.space.stage import place, spatial_budget
from harvester.wheat.mended import BEFORE, Harvested, mended
from harvester.wheat.review import review
from harvester.wheat.stage import detect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.expr.types import Table as IbisTable

    from harvester.engine.engine import Engine
    from harvester.engine.harvest_writer import HarvestWriter
    from harvester.engine.spark import SparkEngine

STAGES = ("read", "register", "link", "place", "measure", "detect", "store")
"""Stages of a run, in order, as the progress bar and the manifest name them."""

_KEPT = {table.name: table for table in schema.HARVEST_TABLES}

LINKED = ("links", "wordings", "memberships", "undertakings", "relations", "ledger", "redirects")
"""Tables the linkage stage makes."""


@dataclass
class _Clock:
    """Seconds each stage took; the only clock in a run, and it touches no table."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.progress(name, STAGES.index(name), len(STAGES))
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def inputs_digest(granary: Granary) -> str:
    """Digest of what a run would read now: readings, people's decisions, rules, this program.

    The ledger of ids is left out: it is what earlier runs on the same inputs wrote.
    """
    told = [
        harvester.__version__,
        rules_digest(),
        [f"{r.sha256}/{r.folder.name}" for r in granary.readings()],
        granary.decisions.read().digest,
        granary.places.read().digest,
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def rules_digest() -> str:
    """Digest of every file of ``rules/data``, so that a change of law is a change of input."""
    return _digest_of("harvester.rules", "data")


def _digest_of(package: str, folder: str = "") -> str:
    """Digest of the files of a package, or of a folder of it."""
    total = hashlib.sha256()
    top = Path(str(resources.files(package))) / folder
    for path in sorted(top.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            total.update(str(path.relative_to(top)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _fingerprint() -> str:
    """What a link depends on besides entries and decisions: program, rules, engine."""
    told = (rules_digest(), _digest_of("harvester.linkage"), duckdb.__version__)
    return " ".join(told)


def open_harvest(home: Path | str, run: str | None = None) -> Harvest:
    """The harvest in service in ``home``, or the one named ``run``.

    Raises ``UserError`` when there is none.
    """
    harvest = Granary(home).harvest(run)
    if harvest is None:
        raise UserError(
            f"there is no harvest in {home} yet.",
            mend="Make one: `harvester ingest FOLDER`, then `harvester run`.",
        )
    return harvest


def run(
    home: Path | str,
    *,
    as_at: dt.date | None = None,
    progress: Progress = silent,
    only_if_changed: bool = False,
    relink: bool = False,
    engine: str | Engine | SparkEngine = "duckdb",
    spark_master: str = "local[2]",
    spark_scratch: Path | str | None = None,
) -> Harvest:
    """Take everything in the granary through the stages and put the result in service.

    ``as_at`` is the day on which deadlines are judged; without it, the latest day any submission
    states, so that the same files give the same harvest whenever it is run. With
    ``only_if_changed`` the harvest in service is returned when its inputs are still the same. A
    large country that was linked before is not linked anew when files are added, unless ``relink``.

    ``engine`` is one of :data:`~harvester.engine.ENGINES`, or one that is open already, which is
    left open. Spark runs at ``spark_master`` with its tables in ``spark_scratch``, links the whole
    country each time.

    Raises ``UserError`` when nothing has been ingested or another run holds the store, and
    ``ConfigurationError`` where Spark lacks what it needs.
    """
    granary = Granary(home)
    if not granary.readings():
        raise UserError(
            f"nothing has been ingested in {home}.",
            mend="Read files first: `harvester ingest FOLDER`, or make some: `harvester sample DIR`.",
        )
    with granary.locked():
        current = granary.harvest()
        inputs = inputs_digest(granary)
        if only_if_changed and current and current.manifest["inputs"]["digest"] == inputs:
            return current
        clock = _Clock(progress)
        name = granary.next_run()
        memory = LinkMemory(
            granary.root / "scratch" / f"{name}-{os.getpid()}", name, _fingerprint(),
            None if relink or current is None else current.folder / MEMORY,
        )  # fmt: skip
        with (
            granary.new_harvest(name) as writer,
            _opened(engine, granary, spark_master, spark_scratch) as worked_on,
            no_collecting(),
        ):
            day, left_off = _stages(worked_on, granary, current, as_at, clock, memory, writer)
            with clock.stage("store"):
                written = writer.tables()
                digests = {table: one.digest for table, one in written.items()}
            writer.finish(
                {
                    "run": name,
                    "digest": hashlib.sha256(
                        json.dumps(digests, sort_keys=True).encode()
                    ).hexdigest(),
                    "as_at": day.isoformat() if day else None,
                    "inputs": {
                        "digest": inputs,
                        "rules": rules_digest(),
                        "files": [r.sha256 for r in granary.readings()],
                    },
                    "counts": {table: one.rows for table, one in written.items()},
                    "tables": digests,
                    "digests_of": METHOD,
                    "review_left_off": left_off,
                    "linked": "added to" if memory.extended else "whole",
                    "engine": engine if isinstance(engine, str) else engine.name,
                    "version": harvester.__version__,
                    "seconds": clock.seconds,
                },
                memory.folder,
            )
    progress("", len(STAGES), len(STAGES))
    return open_harvest(home, name)


@contextmanager
def _opened(
    engine: str | Engine | SparkEngine, granary: Granary, master: str, scratch: Path | str | None
) -> Iterator[Engine | SparkEngine]:
    """The engine of a run, let go at its end; of one that was open, only what the run held."""
    if isinstance(engine, str):
        given = (
            {"master": master, "scratch": scratch}
            if engine == "spark"
            else {"scratch": granary.root / "scratch"}
        )
        opened = open_engine(engine, **given)
        try:
            yield opened
        finally:
            opened.close()
        return
    before = set(engine.held())
    try:
        yield engine
    finally:
        engine.drop(*(name for name in engine.held() if name not in before))


def _stages(  # noqa: PLR0917 - what a run is made of
    engine: Engine | SparkEngine,
    granary: Granary,
    current: Harvest | None,
    as_at: dt.date | None,
    clock: _Clock,
    memory: LinkMemory,
    writer: HarvestWriter,
) -> tuple[dt.date | None, int]:
    """Make every table of a harvest and hand it to ``writer`` as soon as no later stage changes it.

    Returns the day it is judged at (``None`` when no file states one), and how many links review
    left off.
    """
    tables: dict[str, IbisTable] = {}

    def done(*names: str) -> None:
        for name in names:
            writer.put(_KEPT[name], engine.arrow(tables[name]))

    with clock.stage("read"):
        tables |= _read(engine, granary, current)
        day = as_at or _latest_day(engine, tables["submissions"])
        tables["areas"], area_problems = one_of_each(engine, tables["areas"])
        done("submissions", "columns", "lines", "areas")
    with clock.stage("register"):
        entries, register_problems = register(
            engine, tables["submissions"], tables["source_entries"], tables["lines"]
        )
        engine.drop(schema.SOURCE_ENTRIES.name)
        tables["entries"] = sited(engine, entries, tables["areas"])
        settled = settle(
            engine, tables["entries"], tables["problems"], granary.places.read().decisions
        )
        tables["entries"] = settled.entries
        done("entries")
    with clock.stage("link"):
        decided = decisions.settle(engine, tables["entries"], granary.decisions.read().decisions)
        tables["decisions"] = engine.table(schema.DECISIONS, decided)
        taught = decisions.learned(decided)
        memory.fingerprint += taught.written()
        linked = link(
            engine,
            tables["entries"],
            tables["ledger"],
            decisions.verdicts(engine, tables["entries"], decided),
            redirects=tables["redirects"],
            before=tables["undertakings"],
            links_memory=memory if engine.remembers else None,
            learned=taught,
        )
        tables |= {name: getattr(linked, name) for name in LINKED}
        done("decisions", *LINKED)
    with clock.stage("place"):
        placed = place(engine, tables["entries"], tables["areas"], tables["problems"], settled)
        tables["places"], tables["benefits"] = placed.places, placed.benefits
        tables["mends"] = placed.mends
        tables["spatial_budget"] = spatial_budget(
            engine, tables["entries"], tables["lines"], tables["places"], tables["areas"]
        )
        done("places", "benefits", "mends", "spatial_budget")
        found = pa.concat_tables(
            schema.PROBLEMS.conform(part)
            for part in (
                engine.arrow(tables["problems"]), register_problems, area_problems, placed.problems
            )
        )  # fmt: skip
        writer.put(schema.PROBLEMS, found)
    judged = day or dt.date.min
    with clock.stage("measure"):
        tables["coverage"] = coverage(engine, tables["submissions"], tables["entries"], judged)
        facts = Facts(engine, tables)
        measured = measure(engine, tables, facts)._asdict()
        tables |= measured
        done("coverage", *measured)
    with clock.stage("detect"):
        tables["findings"], tables["evidence"] = detect(engine, tables, judged, facts)
        facts.close()
        before = Harvested(_before(engine, current), _day(current))
        log = mended(engine, before, Harvested(tables, day))
        tables["mended"] = engine.table(schema.MENDED, log)
        queue, left_off = review(engine, tables, decisions.contradicted_pairs(decided))
        tables["review"] = engine.table(schema.REVIEW, queue)
        done("findings", "evidence", "mended", "review")
    return day, left_off


def _read(
    engine: Engine | SparkEngine, granary: Granary, current: Harvest | None
) -> dict[str, IbisTable]:
    """What every file says, and what the harvest before left for this one."""
    readings = granary.readings()
    # Every stage asks of the files' tables, so that many small files are opened once and held.
    found = {
        table.name: engine.hold(
            table.name, engine.scan([r.path(table.name) for r in readings], table)
        )
        for table in schema.READING_TABLES
    }
    for table in (schema.LEDGER, schema.REDIRECTS, schema.UNDERTAKINGS):
        found[table.name] = engine.scan(_earlier(current, table), table)
    return found


def _earlier(current: Harvest | None, table: schema.Table) -> list[Path]:
    """The file of a table in the harvest before; none where there was none, or it had no such."""
    path = current.path(table.name) if current else None
    return [path] if path and path.exists() else []


def _before(engine: Engine, current: Harvest | None) -> dict[str, IbisTable]:
    """Tables of the harvest before that say what it found, under names of their own."""
    return {
        table.name: engine.scan(
            _earlier(current, table), replace(table, name=f"before_{table.name}")
        )
        for table in BEFORE
    }


def _day(current: Harvest | None) -> dt.date | None:
    """The day the harvest before was judged at."""
    told = current.manifest["as_at"] if current else None
    return dt.date.fromisoformat(told) if told else None


def _latest_day(engine: Engine, submissions: IbisTable) -> dt.date | None:
    """The latest day a submission states; else the end of the latest year one is about."""
    rows = engine.arrow(submissions.select("published_on", "financial_year", "calendar"))
    days = [day for day in rows.column("published_on").to_pylist() if day]
    if days:
        return max(days)
    years = [
        FinancialYear(start, Calendar(calendar)).last_day
        for label, calendar in zip(
            rows.column("financial_year").to_pylist(),
            rows.column("calendar").to_pylist(),
            strict=True,
        )
        if (start := parse_year_label(label)) is not None
    ]
    return max(years, default=None)
