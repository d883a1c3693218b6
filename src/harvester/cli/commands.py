"""The commands: each a thin skin over one stage, imported when it is called."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harvester import __version__
from harvester.cli.allocate import allocate
from harvester.cli.commitments import commitments
from harvester.cli.console import (
    AsJson,
    EngineName,
    Home,
    Scratch,
    SparkMaster,
    annotate_all,
    err,
    harvest_in,
    home_of,
    keep_fault,
    out,
    plain,
    print_ingested,
    print_rows,
    progress_bar,
    say_json,
    write_parts,
)
from harvester.cli.law import law
from harvester.cli.packs import check_pack, pack
from harvester.cli.places import places
from harvester.cli.review import review
from harvester.cli.signed import check_signed
from harvester.cli.statements import benchmark, certificate, statement
from harvester.domain.errors import UserError
from harvester.engine.granary import Granary

app = typer.Typer(
    help="Line up the plans and budgets of South Africa's three spheres of government.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.add_typer(review, name="review")
app.add_typer(places, name="places")
app.command()(allocate)
app.add_typer(law, name="law")
app.command()(pack)
app.command()(commitments)
for _command in (statement, certificate, benchmark):
    app.command()(_command)


class TableFormat(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to write; made when it is not there.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same country.")] = 1,
    scale: Annotated[float, typer.Option(min=0.001, help="1 is about 5 000 projects.")] = 0.2,
    dirt: Annotated[int, typer.Option(min=1, max=3, help="How untidy the files are.")] = 2,
    aligned: Annotated[bool, typer.Option("--aligned", help="Plant no misalignment.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a sample country: invented projects in real formats, with the truth beside them.

    Example: `harvester sample country --seed 7 --scale 0.1`
    """
    from harvester.sample.stage import make_sample

    with progress_bar(quiet=as_json) as progress:
        summary = make_sample(
            folder, seed=seed, scale=scale, dirt=dirt, aligned=aligned, progress=progress
        )
    figures = summary.figures()
    if as_json:
        say_json({"folder": str(folder), **figures})
        return
    told = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items())
    out.print(f"{folder}: {told}. Next: `harvester ingest {folder}`", highlight=False)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="Which template; `list` shows them.")],
    path: Annotated[Path | None, typer.Argument(help="The .xlsx file to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a template workbook with validation lists and a filled example sheet.

    Example: `harvester template bepp pipeline.xlsx`
    """
    from harvester.sources import templates

    if name == "list":
        say_json(templates.names()) if as_json else out.print("\n".join(templates.names()))
        return
    if path is None:
        raise UserError(
            "say which file to write.", where="OUT.xlsx", mend="`harvester template idp idp.xlsx`"
        )
    templates.write_template(name, path)
    if as_json:
        say_json({"template": name, "file": str(path)})
    else:
        out.print(f"Wrote {path}. Fill the first data sheet, then: `harvester ingest {path}`")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to search through.")],
    as_: Annotated[str, typer.Option("--as", metavar="FORMAT", help="Force a format.")] = "",
    institution: Annotated[str, typer.Option(metavar="CODE", help="Who published it.")] = "",
    year: Annotated[str, typer.Option(metavar="2018/19", help="Financial year it is about.")] = "",
    stage: Annotated[
        str, typer.Option(help="draft, tabled, adopted, adjusted, in_year, audited.")
    ] = "",
    mapping: Annotated[Path | None, typer.Option(help="A mapping YAML of your own.")] = None,
    annotate: Annotated[
        Path | None,
        typer.Option(help="Folder to write each file back to, with its problems as comments."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read published files. Every readable row is in; every problem is listed.

    Example: `harvester ingest budgets/ --year 2019/20`
    """
    from harvester import intake

    options = intake.checked_options(
        format=as_, institution=institution, year=year, stage=stage, mapping=mapping
    )
    with progress_bar(quiet=as_json) as progress:
        results = intake.ingest(home_of(home), paths, options, progress)
    if annotate is not None:
        annotate_all(results, annotate)
    submissions = [row for result in results for row in result.submissions()]
    refused = [{"file": r.path.name, "why": r.refused} for r in results if r.refused]
    if as_json:
        say_json({"submissions": submissions, "refused": refused})
    else:
        print_ingested(submissions, refused)
    faults = [result.fault for result in results if result.fault is not None]
    for fault in faults:
        err.print(f"Cause kept in {keep_fault(fault)}", highlight=False)
    if not submissions:
        raise typer.Exit(1 if faults else 2)


@app.command()
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
    from harvester.web.server import close_mended

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


@app.command()
def show(
    table: Annotated[
        str,
        typer.Argument(
            help="submissions, problems, entries, lines, undertakings, relations, redirects, links, decisions, review, indicators, indicator-slices, findings, mended, areas, places, benefits, mends, spatial-budget, coverage, memberships."
        ),
    ],
    format_: Annotated[
        TableFormat, typer.Option("--format", help="How to print it.")
    ] = TableFormat.TABLE,
    metro: Annotated[str, typer.Option(help="Municipality code, such as ETH.")] = "",
    year: Annotated[str, typer.Option(help="Financial year, such as 2019/20.")] = "",
    sphere: Annotated[str, typer.Option(help="national, provincial, local or entity.")] = "",
    id_: Annotated[
        str, typer.Option("--id", help="One project, by its id; an earlier id is followed.")
    ] = "",
    of: Annotated[
        str, typer.Option(help="Code of a province, institution or grant, such as EC-EDU or USDG.")
    ] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print a table of the harvest.

    Example: `harvester show findings --metro ETH --format csv`
    """
    from harvester.reports import tables

    harvest = harvest_in(home, run_)
    projects: tuple[str, ...] = ()
    if id_:
        found = tables.follow(harvest, id_)
        projects = found.living or (id_.strip().upper(),)
        if found.sentence:
            err.print(found.sentence, highlight=False, markup=False)
    rows = tables.select(
        harvest, table, metro=metro, year=year, sphere=sphere, projects=projects, of=of
    )
    if as_json or format_ is TableFormat.JSON:
        write_parts(tables.to_json(rows))
    elif format_ is TableFormat.CSV:
        write_parts(tables.to_csv(rows))
    else:
        print_rows(rows.select(tables.brief_columns(table)))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="Folder the reports go to.")] = Path("reports"),
    metro: Annotated[str, typer.Option(help="One metro only, such as ETH.")] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a report for each metro and the country: one HTML and one XLSX each.

    Example: `harvester report reports --metro TSH`
    """
    from harvester.reports.stage import write_reports

    with progress_bar(quiet=as_json) as progress:
        written = write_reports(
            harvest_in(home, run_), folder, metros=[metro] if metro else None, progress=progress
        )
    if as_json:
        say_json({"files": [str(path) for path in written]})
    else:
        out.print(f"Wrote {len(written)} files to {folder}.", highlight=False)


@app.command()
def explain(
    what: Annotated[str, typer.Argument(help="A finding, undertaking, entry or indicator id.")],
    metro: Annotated[str, typer.Option(help="For an indicator: which metro.")] = "",
    year: Annotated[str, typer.Option(help="For an indicator: which year.")] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show where something comes from: formula, reasons, and the cells of the files.

    Example: `harvester explain V2 --metro ETH --year 2019/20`
    """
    from harvester.reports.explain import explain as explain_it
    from harvester.reports.explain import in_words

    told = explain_it(harvest_in(home, run_), what, metro=metro, year=year)
    if as_json:
        say_json(told)
    else:
        out.print(in_words(told), highlight=False, markup=False)


@app.command()
def link(
    entries: Annotated[
        Path,
        typer.Argument(
            help="CSV: entry_id, source, name, and what you have of description, owner, municipality, function, latitude, longitude, amount, first_year, last_year, code."
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
    from harvester.linkage.lists import link_csv

    spark = {"master": spark_master, "scratch": scratch or None} if engine == "spark" else {}
    with progress_bar(quiet=as_json) as progress:
        worked_on = open_engine(engine, **spark)
        summary = link_csv(entries, output, engine=worked_on, pairs=pairs, progress=progress)
    if as_json:
        say_json(summary)
    else:
        out.print(
            f"{summary['entries']} entries are {summary['undertakings']} undertakings; wrote {output}.",
            highlight=False,
        )


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    home: Home = None,
) -> None:
    """Serve the web pages of the harvest.

    Example: `harvester serve --port 8080`
    """
    from harvester.web.server import serve as serve_pages

    serve_pages(home_of(home), host, port)


@app.command()
def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    scale: Annotated[float, typer.Option(min=0.001, help="Size of the sample country.")] = 0.2,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Prepare, do not serve.")
    ] = False,
    home: Home = None,
) -> None:
    """Make everything ready and serve it: sample country, harvest, pages, people to sign in as.

    Example: `harvester up --port 8080`
    """
    from harvester import harvest as stages
    from harvester import intake
    from harvester.sample.stage import make_sample
    from harvester.web.server import make_ready, prepare
    from harvester.web.server import serve as serve_pages

    place = home_of(home)
    with progress_bar(quiet=False) as progress:
        if not Granary(place).readings():
            err.print("Making a sample country (invented projects, real formats) …")
            make_sample(place / "sample", seed=1, scale=scale, progress=progress)
            err.print("Reading its files …")
            intake.ingest(place, [place / "sample"], progress=progress)
        err.print("Harvesting (nothing to do when nothing has changed) …")
        harvest = stages.run(place, progress=progress, only_if_changed=True)
    if (place / "sample").is_dir():
        welcome = prepare(place)
    else:
        make_ready(place)
        welcome = (
            "This store holds files of your own, so no sample people were made. Make an account:\n"
            "  DJANGO_SETTINGS_MODULE=harvester.web.settings .venv/bin/django-admin make_person "
            "NAME E-MAIL secretariat\nReading needs no account."
        )
    counts = harvest.manifest["counts"]
    out.print(
        f"\nHarvest {harvest.run}: {counts['entries']} entries are {counts['undertakings']} "
        f"undertakings; {counts['findings']} findings.\n\n{welcome}\n",
        highlight=False,
        markup=False,
    )
    out.print(
        f"Open http://{host}:{port}/  Look first at: Wheat, its first finding, then that project's "
        "landing ladder.\nCtrl-C stops it; nothing is lost.",
        highlight=False,
    )
    if not prepare_only:
        serve_pages(place, host, port)


@app.command()
def verify(
    pack_: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A pack (.zip) or a signed text (.pdf), checked alone; else the store.",
        ),
    ] = None,
    head: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER:HASH", help="A head of the audit log you hold, from a pack."),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help="Check a downloaded audit log (audit.jsonl) alone, without the store."),
    ] = None,
    roots: Annotated[
        Path | None,
        typer.Option(help="Folder of certificates you trust, for a signed text."),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Check that nothing in the store has changed since it was written.

    Every original is hashed again, every table of every harvest is digested again, every
    decision a harvest applied must still stand in the log, and the audit log is walked from
    its first event: each must follow the one before and say what it was hashed with. A pack is
    checked against its seal, and against the store where that holds its harvest. A signed text is
    checked without a network: who signed and when, whether it changed since, whether the certificate
    leads to one you trust, and whether its pages are those of the text attached to it.

    Example: `harvester verify` or `harvester verify cbf.zip` or `harvester verify protocol.pdf`
    """
    from harvester.harvest import verify as verify_store
    from harvester.web.audit import offline
    from harvester.web.server import check_log

    heads = head or []
    if pack_ is not None and pack_.suffix.lower() == ".pdf":
        if not check_signed(pack_, roots, home_of(home), as_json=as_json):
            raise typer.Exit(2)
        return
    if pack_ is not None:
        faults, checked, events = check_pack(pack_, home_of(home)), 1, None
    elif log is not None:
        faults, checked, events = [], 0, offline.check_file(log, heads)
    else:
        with progress_bar(quiet=as_json) as progress:
            faults, checked = verify_store(home_of(home), progress)
        events = check_log(home_of(home), heads)
    changed = len(faults)
    faults += events.faults if events else []
    audit = {"events": events.events, "head": str(events.head)} if events else None
    if as_json:
        say_json({"checked": checked, "audit": audit, "faults": faults})
    else:
        for fault in faults:
            err.print(f"[bold red]Changed:[/] {plain(fault)}", highlight=False)
        if log is None:
            out.print(f"{checked} files checked, {changed} changed.", highlight=False)
        if events is not None:
            told = f"{events.events} events checked, {len(events.faults)} faults"
            out.print(f"{told}; head {events.head}", highlight=False)
    if faults:
        raise typer.Exit(2)
