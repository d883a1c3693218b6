"""What every command shares: how it speaks, shows progress, and finds its store."""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from harvester.domain.money import format_rand
from harvester.engine.granary import home_from_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from harvester.engine.granary import Harvest

err = Console(stderr=True)
out = Console(width=None if sys.stdout.isatty() else 160)
TABLE_ROWS = 50
IDS = ("_id", "entry_a", "entry_b", "undertaking_a", "undertaking_b")
"""Ends of the names of columns that hold ids."""
LEAST_WORDS = 16
"""Signs in a line that folded words can still be read in."""
Home = Annotated[
    Path | None,
    typer.Option("--home", help="Where everything is kept; else HARVESTER_HOME, else `var`."),
]
EngineName = Annotated[str, typer.Option(help="duckdb (this machine) or spark.")]
SparkMaster = Annotated[
    str, typer.Option("--spark-master", help="Where Spark is: local[2], spark://host:7077 ...")
]
Scratch = Annotated[str, typer.Option(help="With a Spark cluster: a place every worker reaches.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, for machines.")]
ANNOTATED = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt"}


def plain(text: str) -> str:
    """Text in which Rich sees no mark-up."""
    return text.replace("[", r"\[")


def home_of(home: Path | None) -> Path:
    """The store asked for, else the one of the environment."""
    return home or home_from_environment()


def keep_fault(fault: BaseException) -> Path:
    """Write what went wrong, for whoever runs this program, and say where."""
    text = "".join(traceback.format_exception(fault))
    folder = home_from_environment() / "faults"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt"
    path.write_text(text, "utf-8")
    return path


def say_json(value: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def harvest_in(home: Path | None, run: str | None = None) -> Harvest:
    """The harvest in service, or the one named; ``UserError`` when there is none."""
    from harvester.harvest import open_harvest

    return open_harvest(home_of(home), run)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error, so that standard output stays clean for machines."""
    bar = Progress(
        TextColumn("{task.description:<28.28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=quiet or not err.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(
            task, description=plain(what), completed=done, total=total
        )


def annotate_all(results: list[Any], folder: Path) -> None:
    """Write each workbook that was read back to ``folder``, with its problems as comments."""
    from harvester.sources.annotate import annotate

    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        if result.stored is not None and result.path.suffix.lower() in ANNOTATED:
            target = folder / f"{result.path.stem}-annotated{_workbook_ending(result.path)}"
            annotate(result.path, result.stored.table("problems"), target)
            err.print(f"Wrote {target}", highlight=False)


def _workbook_ending(path: Path) -> str:
    return ".xlsm" if path.suffix.lower() == ".xlsm" else ".xlsx"


def print_ingested(submissions: list[dict[str, Any]], refused: list[dict[str, str]]) -> None:
    """What was read, a row a submission, and what was refused and why."""
    table = RichTable("File", "Sheet", "Format", "By", "Year", box=None)
    for heading in ("Rows", "Amounts", "Rejected", "Errors", "Warnings", "Notes"):
        table.add_column(heading, justify="right")
    for row in submissions:
        counts = [row["entries"], row["lines"], row["rejected_rows"], *row["problems"].values()]
        words = [row[k] for k in ("file", "sheet", "format", "institution", "financial_year")]
        table.add_row(*(plain(str(w)) for w in words), *(str(c) for c in counts))
    if submissions:
        out.print(table)
    for failed in refused:
        err.print(f"[bold red]Not read:[/] {plain(failed['why'])}", highlight=False)
    out.print(
        f"{len(submissions)} submissions read, {len(refused)} files refused. "
        "`harvester show problems` lists what is wrong after `harvester run`.",
        highlight=False,
    )


def write_parts(parts: Iterator[str]) -> None:
    """Send text to standard output part by part."""
    for part in parts:
        sys.stdout.write(part)


def _cell(name: str, value: object) -> str:
    if name.endswith("_cents"):
        return format_rand(value if isinstance(value, int) else None)
    return plain("" if value is None else str(value))


def print_rows(rows: pa.Table) -> None:
    """The first rows of a table, and how many there are.

    Words are folded where there is little room; money and ids stand whole, or they would say
    something else. Where the screen is too narrow for that, each row stands below the one before.
    """
    told = rows.slice(0, TABLE_ROWS).to_pylist()
    cells = {
        name.removesuffix("_cents"): [_cell(name, row[name]) for row in told]
        for name in rows.column_names
    }
    money = {name.removesuffix("_cents") for name in rows.column_names if name.endswith("_cents")}
    least = {
        name: max(len(name), *map(len, column))
        if name in money or name.endswith(IDS)
        else max(len(name), min(LEAST_WORDS, *map(len, column)))
        for name, column in cells.items()
        if column
    }
    if sum(least.values()) + 2 * len(least) > out.width:
        _print_records(cells)
    else:
        shown = RichTable(box=None)
        for name in cells:
            shown.add_column(
                name,
                no_wrap=name in money or name.endswith(IDS),
                min_width=least.get(name),
                justify="right" if name in money else "left",
                overflow="fold",
            )
        for row in zip(*cells.values(), strict=True):
            shown.add_row(*row)
        out.print(shown)
    if rows.num_rows > TABLE_ROWS:
        out.print(f"{TABLE_ROWS} of {rows.num_rows} rows; --format csv prints them all.")
    else:
        out.print(f"{rows.num_rows} rows.")


def _print_records(cells: dict[str, list[str]]) -> None:
    """Rows one below the other, each cell beside the name of its column."""
    for row in zip(*cells.values(), strict=True):
        record = RichTable.grid(padding=(0, 2))
        record.add_column(no_wrap=True, style="dim")
        record.add_column(overflow="fold")
        for name, cell in zip(cells, row, strict=True):
            if cell:
                record.add_row(name, cell)
        out.print(record)
        out.print()
