"""``harvester pack``: the papers of a meeting, sealed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path  # noqa: TC003 - Typer reads the annotation
from typing import Annotated

import typer

from harvester.cli.console import AsJson, Home, harvest_in, home_of, out, plain, say_json
from harvester.domain.errors import UserError


def pack(
    forum: Annotated[str, typer.Argument(help="Code of the forum, such as CBF or METRO:ETH.")],
    on: Annotated[str, typer.Option(metavar="2018-09-03", help="Day of the meeting.")],
    output: Annotated[Path, typer.Option("-o", help="File to write, a .zip.")],
    metro: Annotated[str, typer.Option(help="One metro, such as ETH; else the country.")] = "",
    reader: Annotated[
        str, typer.Option(help="User name of whom it is for, where the meeting is called.")
    ] = "",
    run_: Annotated[str | None, typer.Option("--run", help="An earlier harvest.")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the pack of a meeting: PDF, XLSX and DOCX with findings, decisions asked and sources, sealed.

    Where the meeting is called in this store the pack holds its agenda, where the parties of each
    item stand and their papers, as far as --reader may know them; else as far as everyone may.
    `harvester verify PACK.zip` checks it later, with or without the store.

    Example: `harvester pack CBF --metro ETH --on 2018-09-03 -o cbf.zip`
    """
    from harvester.processor.forums.bodies import body_of
    from harvester.reports import packs
    from harvester.reports.tables import municipality
    from harvester.web.server import audit_head, meeting_pack

    try:
        day = dt.date.fromisoformat(on)
    except ValueError as error:
        raise UserError(f"{on!r} is no day.", where="--on", mend="Write 2018-09-03.") from error
    where, harvest, about = home_of(home), harvest_in(home, run_), municipality(metro) or ""
    called = meeting_pack(where, harvest, forum.upper(), day, reader=reader)
    if called is None and reader:
        raise UserError(
            f"no meeting of {forum.upper()} on {day} is called in this store.", where="--reader",
            mend="Call it on the page of the forum, or leave --reader away.",
        )  # fmt: skip
    if called is None:
        body = body_of(forum.upper())
        code = body.forum.code if body else forum.upper()
        called = (
            packs.said(harvest, forum=code, metro=about, on=day, audit_head=audit_head(where)), {},
        )  # fmt: skip
    elif about not in {"", called[0]["metro"]}:
        raise UserError(
            f"that meeting is not about {about}.", where="--metro", mend="Leave --metro away."
        )
    content, seal = packs.sealed(*called)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(content)
    if as_json:
        say_json({"file": str(output), "seal": seal})
    else:
        out.print(
            plain(f"Wrote {output}: {', '.join(sorted(seal['files']))}; harvest {seal['run']}.")
        )


def check_pack(path: Path, home: Path) -> list[str]:
    """What is wrong with a pack, in words; where the store it came from is at hand, against that too."""
    from harvester.engine.granary import Granary
    from harvester.reports.packs import check, seal_of
    from harvester.web.server import check_log

    seal, granary = seal_of(path), Granary(home)
    here = seal["run"] in granary.runs() if home.exists() else False
    faults = check(path, granary.harvest if here else None)
    head = str(seal.get("audit_head", ""))
    events = check_log(home, [head]) if here and head else None
    return faults + (list(events.faults) if events else [])
