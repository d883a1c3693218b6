"""``harvester verify``: that nothing kept, packed or signed has changed."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the types when it runs
from typing import Annotated

import typer

from harvester.cli.console import AsJson, Home, err, home_of, out, plain, progress_bar, say_json
from harvester.cli.packs import check_pack
from harvester.cli.signed import check_signed


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
    from harvester.verification import verify as verify_store
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
