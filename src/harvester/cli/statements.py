"""``harvester statement``, ``certificate`` and ``benchmark``: laid out as a workbook, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harvester.cli.console import AsJson, Home, harvest_in, out, plain, say_json
from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from harvester.reports.statements import Statement

Run = Annotated[str | None, typer.Option("--run", help="An earlier harvest.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="File to write: .xlsx, .csv or .json.")
]


def statement(
    kind: Annotated[str, typer.Argument(help="dora-s14, cef, spatial or cascade.")],
    metro: Annotated[
        str, typer.Option(help="Municipality code or name; without it, the country.")
    ] = "",
    year: Annotated[
        str,
        typer.Option(
            help="Season of the papers (dora-s14, cef, cascade: the latest without it), or the municipal year of the money (spatial: all without it)."
        ),
    ] = "",
    basis: Annotated[
        str,
        typer.Option(
            help="Which papers: dora-s14 pipeline or budget; cef budget, idp or pipeline; spatial own or one document."
        ),
    ] = "",
    layer: Annotated[str, typer.Option(help="Layer of areas, for spatial.")] = "",
    output: Output = None,
    run_: Run = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a statement: grants per integration zone, poor households, spatial budget, or cascade.

    Example: `harvester statement dora-s14 --metro BUF --year 2018/19 -o buffalo-city-s14.xlsx`
    """
    from harvester.reports.statements import statements
    from harvester.reports.statements.source import OpenHarvest
    from harvester.reports.tables import municipality

    code = municipality(metro) or ""
    with OpenHarvest(harvest_in(home, run_)) as source:
        made = statements(source, kind, code, _year(year), basis=basis, layer=layer)
    _give(made, output, as_json=as_json)


def save(made: list[Statement], output: Path) -> None:
    """Write statements to a file of the kind its name ends in; a CSV holds their first table."""
    import json

    from harvester.reports.statements.files import to_csv, to_json, write_workbook

    ending = output.suffix.lower()
    if ending not in {".xlsx", ".csv", ".json"}:
        raise UserError(
            f"{output} does not say what to write.",
            where="-o",
            mend="End it in .xlsx, .csv or .json.",
        )
    if not output.parent.is_dir():
        raise UserError(f"there is no folder {output.parent}.", where="-o", mend="Make it first.")
    if ending == ".xlsx":
        write_workbook(made, output)
    elif ending == ".json":
        told = json.dumps([to_json(one) for one in made], ensure_ascii=False, indent=1, default=str)
        output.write_text(told + "\n", "utf-8")
    else:
        tables = [one.table(one.first) for one in made]
        output.write_text("\n".join(to_csv(table) for table in tables if table), "utf-8-sig")


def tell(made: list[Statement], output: Path | None) -> None:
    """Say what was found, what is not known and where the file is."""
    for one in made:
        out.print(f"{plain(one.finding)}.", highlight=False)
        for text in one.missing:
            out.print(f"  Not known: {plain(text)}", highlight=False)
    if not made:
        out.print("No municipality has anything for this statement in the harvest.")
    if output is None:
        out.print("-o OUT.xlsx writes the tables; --json prints them.", highlight=False)
    else:
        out.print(f"Wrote {output}.", highlight=False)


def certificate(
    metro: Annotated[str, typer.Option(help="Of a metro: code or name.")] = "",
    institution: Annotated[str, typer.Option(help="Of a department or entity: code or name.")] = "",
    province: Annotated[str, typer.Option(help="Of a province: code or name.")] = "",
    year: Annotated[
        str, typer.Option(help="Municipal year; without it, the year most is known of.")
    ] = "",
    output: Output = None,
    run_: Run = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Certify how well a metro, institution or province aligns, and what would change the grade.

    Without a name: every metro. Example: `harvester certificate --metro BUF -o buffalo-city.xlsx`
    """
    from harvester.reports.statements import scopes
    from harvester.reports.statements.certificate import certificates
    from harvester.reports.statements.source import OpenHarvest
    from harvester.reports.tables import municipality
    from harvester.rules import institutions

    named = {
        scopes.METRO: municipality(metro) or "",
        scopes.INSTITUTION: _code(institution, institutions.load().resolve, "--institution"),
        scopes.PROVINCE: _code(province, institutions.load().province, "--province"),
    }
    asked = [kind for kind, code in named.items() if code]
    if len(asked) > 1:
        raise UserError(
            "name one scope, not several.", mend="--metro, --institution or --province."
        )
    kind = asked[0] if asked else scopes.METRO
    with OpenHarvest(harvest_in(home, run_)) as source:
        made = certificates(source, kind, named[kind], _year(year))
    _give(made, output, as_json=as_json)


def benchmark(
    year: Annotated[
        str, typer.Option(help="Municipal year; without it, the year most is known of.")
    ] = "",
    output: Output = None,
    run_: Run = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Set the metros side by side on every indicator, with spread, trend and sureness of rank.

    Example: `harvester benchmark -o benchmark.xlsx`
    """
    from harvester.reports.statements.benchmark import benchmark as side_by_side
    from harvester.reports.statements.source import OpenHarvest

    with OpenHarvest(harvest_in(home, run_)) as source:
        made = side_by_side(source, _year(year))
    _give([made], output, as_json=as_json)


def _code(text: str, resolve: Callable[[str], str | None], where: str) -> str:
    """The code of an institution or province from its code or name."""
    from harvester.rules import institutions

    if not text:
        return ""
    known = institutions.load().get(text.upper())
    code = known.code if known else resolve(text)
    if code is None:
        raise UserError(
            f"{text!r} is not one we know.", where=where, mend="Give its code, such as KZN-EDU."
        )
    return code


def _year(text: str) -> str:
    """A financial year as it is written in tables."""
    from harvester.domain.periods import Calendar, FinancialYear, parse_year_label

    start = parse_year_label(text) if text else None
    if text and start is None:
        raise UserError(f"{text!r} is not a financial year.", where="--year", mend="Write 2018/19.")
    return FinancialYear(start, Calendar.MUNICIPAL).label if start is not None else ""


def _give(made: list[Statement], output: Path | None, *, as_json: bool) -> None:
    """Write the file asked for, and say or print what was made."""
    from harvester.reports.statements.files import to_json

    if output is not None:
        save(made, output)
    if as_json:
        say_json([to_json(one) for one in made])
    else:
        tell(made, output)
