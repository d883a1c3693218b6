"""All commands, in the order of the work: files, harvest, what it says, what is done about it."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester import __version__
from harvester.cli.allocate import allocate
from harvester.cli.commitments import commitments
from harvester.cli.console import out
from harvester.cli.files import ingest, sample, template
from harvester.cli.harvesting import link, run
from harvester.cli.law import law
from harvester.cli.packs import pack
from harvester.cli.pages import serve, up
from harvester.cli.places import places
from harvester.cli.reading import explain, report, show
from harvester.cli.review import review
from harvester.cli.statements import benchmark, certificate, statement
from harvester.cli.verify import verify

app = typer.Typer(
    help="Line up the plans and budgets of South Africa's three spheres of government.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for _command in (
    up, sample, template, ingest, run, link, show, explain, report, allocate, statement, certificate,
    benchmark, commitments, pack, serve, verify,
):  # fmt: skip
    app.command()(_command)
for _name, _group in (("review", review), ("places", places), ("law", law)):
    app.add_typer(_group, name=_name)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        out.print(__version__)
        raise typer.Exit
