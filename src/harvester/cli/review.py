"""``harvester review``: links a person should settle, and what people decided."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.table import Table as RichTable

from harvester.cli.console import (
    AsJson,
    Home,
    err,
    harvest_in,
    home_of,
    out,
    plain,
    print_rows,
    say_json,
)
from harvester.domain.money import format_rand
from harvester.engine.decision_log import Verdict
from harvester.engine.granary import Granary

review = typer.Typer(
    help="Settle the links the model is unsure of. Example: `harvester review list`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Metro = Annotated[str, typer.Option(help="Municipality code, such as ETH.")]
Limit = Annotated[int, typer.Option(min=1, help="How many rows at most.")]
EntryA = Annotated[str, typer.Argument(help="Entry id of one row.")]
EntryB = Annotated[str, typer.Argument(help="Entry id of the other.")]
SHOWN_FIELDS = [
    "name",
    "description",
    "institution",
    "document",
    "publication_year",
    "owner",
    "metro",
    "function",
    "source_code",
    "other_code",
    "location_text",
    "zone_text",
    "parent_text",
    "amount_cents",
    "first_year",
    "last_year",
    "status",
]


@review.command("list")
def list_(metro: Metro = "", limit: Limit = 20, home: Home = None, as_json: AsJson = False) -> None:
    """List the links to settle, most valuable first.

    Example: `harvester review list --metro ETH --limit 10`
    """
    from harvester.reports import tables

    harvest = harvest_in(home)
    rows = tables.select(harvest, "review", metro=metro)
    shown = rows.slice(0, limit)
    if as_json:
        left_off = harvest.manifest.get("review_left_off", 0)
        say_json({"total": rows.num_rows, "left_off": left_off, "links": shown.to_pylist()})
        return
    print_rows(
        shown.select(["rank", "amount_cents", "findings", "name_a", "name_b", "entry_a", "entry_b"])
    )
    out.print(f"{rows.num_rows} links to settle in all. `harvester review show ENTRY_A ENTRY_B`")


@review.command()
def show(entry_a: EntryA, entry_b: EntryB, home: Home = None, as_json: AsJson = False) -> None:
    """Show two rows side by side, and every reason with its weight.

    Example: `harvester review show 0c4c32dedcb1a2b3:0:14 74341d998412c0de:0:7`
    """
    from harvester.linkage.deciding import pair_of

    pair = pair_of(harvest_in(home), entry_a, entry_b)
    link = pair["link"]
    reasons = json.loads(link["reasons"] or "[]") if link else []
    if as_json:
        say_json({**pair, "reasons": reasons})
        return
    table = RichTable("", pair["a"]["entry_id"], pair["b"]["entry_id"], "", box=None)
    for name in SHOWN_FIELDS:
        a, b = (_told(name, pair[side][name]) for side in "ab")
        table.add_row(name.removesuffix("_cents"), a, b, "" if a == b else "differs")
    out.print(table)
    if link is None:
        out.print("The model does not link them at all.")
        return
    stands = "joined" if link["joined"] else "kept apart"
    out.print(f"{link['probability']:.0%} sure they are one project; now {stands}.")
    for reason in reasons:
        out.print(f"{reason.get('weight') or 0:+6.1f}  {plain(reason['reason'])}", highlight=False)


def _told(name: str, value: Any) -> str:
    if name.endswith("_cents"):
        return format_rand(value)
    return "" if value is None else plain(str(value))


@review.command()
def decide(
    entry_a: EntryA,
    entry_b: EntryB,
    verdict: Annotated[str, typer.Argument(help="accepted, rejected, same_programme or not_sure.")],
    actor: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help="How you know; asked for unless not_sure.")] = "",
    institution: Annotated[
        str, typer.Option(metavar="CODE", help="For whom; without it, the secretariat.")
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write down a decision on two rows; the next harvest applies it.

    Example: `harvester review decide A B accepted --reason "same site" --actor "N Dlamini"`
    """
    from harvester.intake import checked_options
    from harvester.web.operator import settle_link

    code = checked_options(institution=institution).institution
    decision = settle_link(
        Granary(home_of(home)),
        harvest_in(home),
        (entry_a, entry_b),
        verdict=verdict,
        reason=reason,
        name=actor,
        institution=code,
    )
    if as_json:
        say_json({"decision_id": decision.decision_id, "at": decision.at})
        return
    out.print(
        f"Written down as {decision.decision_id}: {Verdict(verdict).label}. "
        "The next `harvester run` applies it; decide again to change it.",
        highlight=False,
    )


@review.command()
def decisions(
    metro: Metro = "", limit: Limit = 50, home: Home = None, as_json: AsJson = False
) -> None:
    """List what people decided, and what waits for the next harvest.

    Example: `harvester review decisions`
    """
    from harvester.reports import tables

    rows = tables.select(harvest_in(home), "decisions", metro=metro)
    logged = Granary(home_of(home)).decisions.read()
    held = set(rows.column("decision_id").to_pylist()) if not metro else None
    coming = 0 if held is None else sum(d.decision_id not in held for d in logged.decisions)
    for problem in logged.unreadable:
        err.print(f"[bold red]Not read:[/] {plain(problem)}", highlight=False)
    shown = rows.sort_by([("at", "descending"), ("decision_id", "ascending")]).slice(0, limit)
    if as_json:
        told = {"total": rows.num_rows, "not_yet_harvested": coming}
        say_json({**told, "unreadable": logged.unreadable, "decisions": shown.to_pylist()})
        return
    print_rows(
        shown.select(
            ["at", "actor", "institution", "verdict", "state", "name_a", "name_b", "reason"]
        )
    )
    if coming:
        out.print(f"{coming} more are written down; the next `harvester run` applies them.")
