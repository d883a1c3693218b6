"""``harvester run`` and ``link``: the stages, over the store or over one list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path  # noqa: TC003 - Typer reads the types when it runs
from typing import Annotated

import typer

from harvester.cli.console import (
    AsJson,
    EngineName,
    Home,
    Scratch,
    SparkMaster,
    home_of,
    out,
    progress_bar,
    say_json,
)
from harvester.domain.errors import UserError


def run(
    as_at: Annotated[
        str, typer.Option(metavar="2019-10-31", help="Day deadlines are judged at.")
    ] = "",
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Only when inputs changed.")
    ] = False,
    relink: Annotated[
        bool,
        typer.Option("--relink", help="Link the whole country anew, not only what was added."),
    ] = False,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = "local[2]",
    scratch: Scratch = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Harvest everything that has been ingested.

    Example: `harvester run --as-at 2019-10-31`
    """
    from harvester import harvest as stages
    from harvester.engine.granary import Granary
    from harvester.web.operator import tell_harvest
    from harvester.web.server import close_mended

    before = Granary(home_of(home)).harvest()
    with progress_bar(quiet=as_json) as progress:
        done = stages.run(
            home_of(home),
            as_at=_day(as_at),
            progress=progress,
            only_if_changed=if_changed,
            relink=relink,
            engine=engine,
            spark_master=spark_master,
            spark_scratch=scratch or None,
        )
    tell_harvest(home_of(home), before, done)
    closed = close_mended(home_of(home))
    told = {
        "run": done.run,
        "digest": done.manifest["digest"],
        "inputs": {
            "files": len(done.manifest["inputs"]["files"]),
            "digest": done.manifest["inputs"]["digest"],
        },
        "as_at": done.manifest["as_at"],
        "engine": done.manifest["engine"],
        "counts": done.manifest["counts"],
        "seconds": done.manifest["seconds"],
        "cases_closed": closed,
    }
    if as_json:
        say_json(told)
        return
    counts = told["counts"]
    out.print(
        f"Harvest {done.run} (digest {told['digest'][:12]}…, as at {told['as_at']}): "
        f"{counts['submissions']} submissions, {counts['entries']} entries, "
        f"{counts['undertakings']} undertakings, {counts['findings']} findings "
        f"in {sum(told['seconds'].values()):.1f} s.",
        highlight=False,
    )
    if closed:
        out.print(f"Cases closed, because a published plan or budget shows the change: {closed}")


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UserError(
            f"{text!r} is not a day.", where="--as-at", mend="Write 2019-10-31."
        ) from error


def link(
    entries: Annotated[
        Path,
        typer.Argument(
            help="CSV or workbook: entry_id, source, name, and what you have of description, place, owner, municipality, function, latitude, longitude, amount, first_year, last_year, code."
        ),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="CSV to write.")],
    pairs: Annotated[
        Path | None,
        typer.Option(help="CSV to write pairs to: how sure each is, and why."),
    ] = None,
    engine: EngineName = "duckdb",
    spark_master: SparkMaster = "local[2]",
    scratch: Scratch = "",
    as_json: AsJson = False,
) -> None:
    """Link any list: which rows are the same project, and how sure that is.

    Example: `harvester link projects.csv -o links.csv --pairs why.csv`
    """
    from harvester.engine import open_engine
    from harvester.linkage.lists.files import link_file
    from harvester.reports.words import counted

    spark = {"master": spark_master, "scratch": scratch or None} if engine == "spark" else {}
    with progress_bar(quiet=as_json) as progress:
        worked_on = open_engine(engine, **spark)
        summary = link_file(entries, output, engine=worked_on, pairs=pairs, progress=progress)
    if as_json:
        say_json(summary)
        return
    entries_read = counted(summary["entries"], "entry", "entries")
    told = [f"{entries_read}, {counted(summary['undertakings'], 'undertaking')}; wrote {output}."]
    if summary["not_read"]:
        told.append(
            f"Columns not read: {', '.join(summary['not_read'])}. `harvester link --help` names those that are."
        )
    for line in (*told, *summary["problems"]):
        out.print(line, highlight=False, markup=False)  # names of files and columns are only text
