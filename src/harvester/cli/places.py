"""``harvester places``: coordinates that cannot be true, and what people say of them."""

from __future__ import annotations

from typing import Annotated

import typer

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
from harvester.domain.errors import UserError
from harvester.engine.granary import Granary
from harvester.engine.place_log import PlaceVerdict

places = typer.Typer(
    help="Settle the coordinates that cannot be true. Example: `harvester places list`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Metro = Annotated[str, typer.Option(help="Municipality code, such as ETH.")]
Limit = Annotated[int, typer.Option(min=1, help="How many rows at most.")]


@places.command("list")
def list_(
    metro: Metro = "",
    limit: Limit = 20,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided on.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List the places in doubt, with what each may have been meant to be.

    Example: `harvester places list --metro ETH`
    """
    import pyarrow.compute as pc

    from harvester.reports import tables

    rows = tables.select(harvest_in(home), "mends", metro=metro)
    if not every:
        rows = rows.filter(pc.equal(rows["state"], "open"))
    shown = rows.slice(0, limit)
    if as_json:
        say_json({"total": rows.num_rows, "places": shown.to_pylist()})
        return
    print_rows(shown.select(["mend_id", "metro", "name", "published", "meaning", "state"]))
    out.print(
        f"{rows.num_rows} places in doubt. `harvester places confirm MEND_ID --actor NAME --reason WHY`",
        highlight=False,
    )


@places.command()
def confirm(
    mend: Annotated[str, typer.Argument(metavar="MEND_ID", help="Which, as `list` shows it.")],
    actor: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help="How you know.")],
    verdict: Annotated[
        str, typer.Option(help="accepted, given, as_published, municipality or left_out.")
    ] = PlaceVerdict.ACCEPTED.value,
    point: Annotated[
        str, typer.Option(metavar="'LON LAT'", help="The place, in degrees, for `given`.")
    ] = "",
    institution: Annotated[
        str, typer.Option(metavar="CODE", help="For whom; without it, the secretariat.")
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write down a decision on a place; the next harvest does it.

    Example: `harvester places confirm 0c4c32de --actor "N Dlamini" --reason "site plan"`
    """
    from harvester.intake import checked_options
    from harvester.web.operator import settle_place

    decision = settle_place(
        Granary(home_of(home)),
        harvest_in(home),
        mend,
        verdict=verdict,
        reason=reason,
        name=actor,
        institution=checked_options(institution=institution).institution,
        point=_point(point),
    )
    if as_json:
        say_json({"decision_id": decision.decision_id, "at": decision.at})
        return
    out.print(
        f"Written down as {decision.decision_id}: {PlaceVerdict(verdict).label}. "
        "The next `harvester run` does it; decide again to change it.",
        highlight=False,
    )


def _point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude; negative numbers make the order plain, so either may come first."""
    if not text:
        return None
    try:
        first, second = (float(part) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise UserError(
            f"{text!r} is not a point.", where="--point", mend="Write '31.021 -29.858'."
        ) from error
    return (second, first) if first < 0 < second else (first, second)


@places.command()
def decisions(limit: Limit = 50, home: Home = None, as_json: AsJson = False) -> None:
    """List what people decided on places, latest first.

    Example: `harvester places decisions`
    """
    logged = Granary(home_of(home)).places.read()
    for problem in logged.unreadable:
        err.print(f"[bold red]Not read:[/] {plain(problem)}", highlight=False)
    listed = sorted(logged.decisions, key=lambda one: one.at, reverse=True)[:limit]
    if as_json:
        told = [{**vars(one), "decision_id": one.decision_id} for one in listed]
        say_json({"total": len(logged.decisions), "decisions": told})
        return
    for one in listed:
        where = f" ({one.longitude} {one.latitude})" if one.longitude else ""
        words = f"{PlaceVerdict(one.verdict).label}{where}"
        out.print(
            plain(
                f"{one.at[:10]}  {one.actor}  {one.name} [{one.published}]: {words}. {one.reason}"
            ),
            highlight=False,
        )
    out.print(f"{len(logged.decisions)} decisions.")
