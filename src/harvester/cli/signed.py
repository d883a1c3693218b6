"""``harvester verify FILE.pdf``: a signed text checked on any machine, without a network."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from harvester.cli.console import out, plain, say_json
from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from harvester.reports.signing.check import Checked


def check_signed(path: Path, roots: Path | None, home: Path, *, as_json: bool) -> bool:
    """Say what a signed PDF holds; whether everything in it holds.

    ``roots`` is a folder of certificates that are trusted, else that of ``HARVESTER_TRUST_ROOTS``;
    where the store at ``home`` holds the file as it was laid out, its pages are held against that.
    Raises ``UserError`` for what cannot be read.
    """
    from harvester.reports.signing.check import Pages, check
    from harvester.reports.signing.keys import load_roots
    from harvester.web.server import laid_out_pdf

    told = os.environ.get("HARVESTER_TRUST_ROOTS", "").strip()
    folder = roots or (Path(told) if told else None)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror}).", where=str(path)) from error
    now, trusted = dt.datetime.now(dt.UTC), load_roots(folder)
    found = check(content, trusted, now)
    if found.pages is Pages.UNKNOWN and (original := laid_out_pdf(home, found.digest)):
        found = check(content, trusted, now, original=original)
    if as_json:
        say_json({
            "file": str(path), "text_sha256": found.digest, "pages": str(found.pages), "faults": list(found.faults),
            "signatures": [one.told() for one in found.signatures],
        })  # fmt: skip
    else:
        _say(found)
    return not found.faults


def _say(found: Checked) -> None:
    for fault in found.faults:
        out.print(f"[bold red]Fault:[/] {plain(fault)}", highlight=False)
    for one in found.signatures:
        when = one.signed_at or "a time not said"
        proof = "" if one.timestamped else ", as the signer's machine said"
        out.print(plain(f"Signed by {one.subject}, issued by {one.issuer}, at {when}{proof}."),
                  highlight=False)  # fmt: skip
        out.print(plain(f"  certificate: {one.trust}: {one.trust.words}"), highlight=False)
    if found.digest:
        out.print(f"SHA-256 of the text: {found.digest}", highlight=False)
    if not found.faults:
        out.print("Every signature holds for the bytes it covers.", highlight=False)
        out.print(PAGES[str(found.pages)], highlight=False)


PAGES = {
    "same": "The pages are those of the text attached.",
    "unknown": "Unknown: whether the pages are those of the text attached. Another version of the "
    "program laid it out; compare the hash in the foot, or check it beside the store it came from.",
}
