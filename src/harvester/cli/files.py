"""``harvester sample``, ``template`` and ``ingest``: files written, and files read."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the types when it runs
from typing import Annotated

import typer

from harvester.cli.console import (
    AsJson,
    Home,
    annotate_all,
    err,
    home_of,
    keep_fault,
    out,
    print_ingested,
    progress_bar,
    say_json,
)
from harvester.domain.errors import UserError


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
    from harvester.web.operator import tell_files

    options = intake.checked_options(
        format=as_, institution=institution, year=year, stage=stage, mapping=mapping
    )
    with progress_bar(quiet=as_json) as progress:
        results = intake.ingest(home_of(home), paths, options, progress)
    tell_files(home_of(home), results)
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
