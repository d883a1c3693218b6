"""``harvester commitments``: what parties promised in protocols, and what the harvests showed of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer
from rich.table import Table as RichTable

from harvester.cli.console import AsJson, Home, home_of, out, plain, say_json
from harvester.domain.errors import UserError
from harvester.domain.money import format_rand_short

HEADS = (
    "Protocol",
    "No.",
    "Party",
    "Promises to",
    "Must land in",
    "Amount",
    "Due",
    "Verdict",
    "Why",
)


def commitments(
    party: Annotated[str, typer.Option(help="Commitments of one institution, such as ETH.")] = "",
    verdict: Annotated[str, typer.Option(help="One verdict, in words: kept, overdue ...")] = "",
    as_at: Annotated[str, typer.Option(help="Day on which a draft is judged; else today.")] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Every commitment of every protocol with its latest verdict, the worst first.

    Verdicts come with each harvest; this only shows them.

    Example: `harvester commitments --party ETH --verdict overdue`
    """
    from harvester.web.server import commitments as known

    try:
        day = dt.date.fromisoformat(as_at) if as_at else dt.date.today()  # noqa: DTZ011
    except ValueError as error:
        raise UserError(
            f"{as_at!r} is no day.", where="--as-at", mend="Write 2018-09-03."
        ) from error
    asked = {"party": party.upper(), "verdict": verdict}
    wanted = {name: value for name, value in asked.items() if value}
    known_ones = known(home_of(home), day)
    found = [row for row in known_ones if all(row[n] == value for n, value in wanted.items())]
    if as_json:
        say_json([{n if n != "amount" else "amount_cents": row[n] for n in row} for row in found])
        return
    table = RichTable(*HEADS, box=None, header_style="bold")
    for row in found:
        amount = row["amount"]
        table.add_row(*(plain(str(told)) for told in (
            row["protocol"], row["number"], row["party"], row["action"],
            f"{row['document']} {row['year']}",
            format_rand_short(amount) if isinstance(amount, int) else "-", row["due"],
            row["verdict"], row["reason"],
        )))  # fmt: skip
    out.print(table if found else "No commitment.")
