"""``harvester law``: the yearly calendar, the procedures, and which mechanism a dispute goes to first."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - Typer reads the annotation
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table as RichTable

from harvester.cli.console import AsJson, out, plain, say_json
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, parse_year_label

if TYPE_CHECKING:
    from harvester.rules.law.calendar import Occasion
    from harvester.rules.law.procedures import Procedure

law = typer.Typer(
    help="Deadlines, procedures and mechanisms, as dated data. Example: `harvester law calendar`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


class Form(StrEnum):
    """How a calendar is written."""

    TABLE = "table"
    JSON = "json"
    ICS = "ics"


@law.command()
def calendar(
    year: Annotated[str, typer.Option(help="Financial year, such as 2019/20.")],
    of: Annotated[Calendar | None, typer.Option(help="One calendar; else both.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TABLE,
    output: Annotated[Path | None, typer.Option("-o", help="File to write.")] = None,
) -> None:
    """The calendar of plans and budgets of a year: last days by law beside days of practice.

    Example: `harvester law calendar --year 2019/20 --format ics -o budget.ics`
    """
    from harvester.reports.calendar_feed import feed
    from harvester.rules.law.calendar import occasions

    start = parse_year_label(year)
    if start is None:
        raise UserError(f"{year!r} is not a financial year.", where="--year", mend="Write 2019/20.")
    found = occasions(start, of)
    if form is Form.ICS:
        written = feed(found, f"Plans and budgets {year}", dt.date(start, 1, 1))
        if output:
            output.write_bytes(written)
        else:
            typer.echo(written.decode(), nl=False)
    elif form is Form.JSON:
        say_json({"year": year, "events": [_event(o) for o in found]})
    else:
        _print(found)
    if output and form is not Form.ICS:
        raise UserError("only --format ics goes to a file.", where="-o")


def _event(occasion: Occasion) -> dict[str, object]:
    rule = occasion.rule
    days = {name: getattr(occasion, name) for name in ("first", "last", "statutory", "practice")}
    return {
        "id": occasion.id, "title": rule.title, "calendar": str(rule.calendar), "who": rule.who,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "reference": rule.law.reference, "verified": rule.law.verified,
    }  # fmt: skip


def _print(found: tuple[Occasion, ...]) -> None:
    table = RichTable(box=None)
    for head in ("Last day", "By law", "In practice", "Year", "What", "Who", "Reference"):
        table.add_column(head, no_wrap=head in {"Last day", "By law", "In practice"})
    for o in found:
        mark = "" if o.rule.law.verified else " (not verified)"
        table.add_row(
            f"{o.last}", f"{o.statutory or ''}", f"{o.practice or ''}", str(o.rule.calendar),
            plain(o.rule.title), plain(o.rule.who), plain(f"{o.rule.law.reference}{mark}"),
        )  # fmt: skip
    out.print(table)


@law.command()
def route(
    party: Annotated[list[str], typer.Argument(help="Institution codes of the parties.")],
    subject: Annotated[
        str, typer.Option(help="What the dispute is about; see the questions.")
    ] = "",
    agreement_clause: Annotated[
        str, typer.Option(help="true where the parties' own agreement has a clause for it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say which mechanism a dispute goes to first, and who may convene its parties.

    Example: `harvester law route JHB GP-HS --subject money --agreement-clause false`
    """
    from harvester.processor.adjudication import route as find_route
    from harvester.processor.adjudication import who_convenes
    from harvester.rules import institutions

    book = institutions.load()
    unknown = [code for code in party if code not in book]
    if unknown:
        raise UserError(f"no institution has the code {unknown[0]!r}.", where="PARTY")
    parties = [known for code in party if (known := book.get(code))]
    answers = {"subject": subject, "agreement_clause": agreement_clause}
    routing = find_route(parties, {fact: value for fact, value in answers.items() if value})
    convening = who_convenes(parties)
    if as_json:
        say_json({
            "first": routing.first.id if routing.first else None,
            "considered": [{"id": c.mechanism.id, "fits": c.fits, "reasons": list(c.reasons)} for c in routing.considered],
            "to_ask": [q.fact for q in routing.to_ask],
            "convened_by": convening.by, "province": convening.province, "reference": convening.reference,
        })  # fmt: skip
        return
    for question in routing.to_ask:
        codes = ", ".join(f"{code} ({words})" for code, words in question.answers)
        out.print(plain(f"To be answered: {question.says}? {question.fact}: {codes}"))
    if routing.first:
        mark = "" if routing.first.law.verified else " (not verified)"
        out.print(
            f"[bold]First: {plain(routing.first.name)}[/], {routing.first.law.reference}{mark}"
        )
        out.print(plain(routing.first.facts))
    for one in routing.considered:
        if not one.fits:
            why = [reason for reason in one.reasons if reason.startswith("not ")]
            out.print(plain(f"  {one.mechanism.name}: {'; '.join(why)}"))
    out.print(
        plain(
            f"After a declared dispute: {convening.by} may convene ({convening.reference}): {convening.reason}."
        )
    )


@law.command()
def procedure(
    name: Annotated[str, typer.Argument(help="Procedure; without it, all are listed.")] = "",
    on: Annotated[str, typer.Option(help="The version in force on this day.")] = "",
) -> None:
    """Show a procedure: its states, steps, papers and clocks, each with its law.

    Example: `harvester law procedure dispute --on 2019-01-10`
    """
    from harvester.rules.law import procedures

    if not name:
        for one in procedures.load():
            out.print(plain(f"{one.id:<20} from {one.head.from_date}  {one.head.title}"))
        return
    versions = [one for one in procedures.load() if one.id == name]
    if not versions:
        known = ", ".join(dict.fromkeys(one.id for one in procedures.load()))
        raise UserError(f"there is no procedure {name!r}.", mend=f"One of {known}.")
    try:
        day = dt.date.fromisoformat(on) if on else versions[-1].head.from_date
    except ValueError as error:
        raise UserError(f"{on!r} is no day.", where="--on", mend="Write 2019-01-10.") from error
    _show(procedures.in_force(name, day))


def _show(shown: Procedure) -> None:
    out.print(f"[bold]{plain(shown.head.title)}[/]")
    out.print(plain(shown.head.reference))
    for step in shown.steps:
        mark = "" if step.law.verified else " (not verified)"
        who = " or ".join(shown.actor(kind) for kind in step.by)
        out.print(plain(f"\n{step.name}: {', '.join(step.sources)} -> {step.target}"))
        out.print(
            plain(
                f"  by {who}{', each party' if step.each_party else ''}; {step.law.reference}{mark}"
            )
        )
        needs = (
            [c.says for c in step.only_if]
            + [p.name for p in step.papers]
            + [a.name for a in step.asks]
        )
        for need in needs:
            out.print(plain(f"  needs: {need}"))
    for clock in shown.clocks:
        out.print(
            plain(f"\n{clock.name}: {clock.period.words}, {clock.standing} ({clock.law.reference})")
        )
