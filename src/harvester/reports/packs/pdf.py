"""The pack as a PDF, set by Typst with the fonts it brings; the same pack gives the same bytes."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).parent.parent / "templates" / "pack.typ"


def pdf(pack: dict[str, Any]) -> bytes:
    """The PDF of a pack (see :func:`harvester.reports.packs.gather.gather`), tagged for readers."""
    day = dt.datetime.combine(dt.date.fromisoformat(pack["on"]), dt.time(), dt.UTC)
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", ignore_system_fonts=True, timestamp=int(day.timestamp()),
        sys_inputs={"pack": json.dumps(pack, ensure_ascii=False)},
    )  # fmt: skip
    return made
