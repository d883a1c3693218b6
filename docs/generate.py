"""Write ``docs/reference`` from the code, so that it cannot drift: ``make docs``.

A test compares what this makes with what is committed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from docs import law
from harvester.alignment.indicators import INDICATORS
from harvester.cli import app
from harvester.engine import schema
from harvester.wheat.detectors import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parent / "reference"
MADE = "<!-- Made by docs/generate.py; change the code, then `make docs`. -->\n"


def tables() -> str:
    """Every table with its key and columns."""
    parts = [MADE, "# Tables\n", f"{schema.__doc__.split('.', 1)[1].strip()}\n"]
    for table in {t.name: t for t in schema.READING_TABLES + schema.HARVEST_TABLES}.values():
        key = ", ".join(f"`{name}`" for name in table.key)
        parts.append(f"## {table.name}\n\n{table.meaning} Key: {key}.\n")
        parts.append("| Column | Type | Meaning |\n|---|---|---|")
        parts += [
            f"| `{c.name}` | {c.type}{', may be null' if c.null else ''} | {c.meaning} |"
            for c in table.columns
        ]
        parts.append("")
    return "\n".join(parts)


def command() -> str:
    """Every command with its help, arguments and options."""
    group = typer.main.get_command(app)
    parts = [MADE, "# The `harvester` command\n", "Exit codes: 0 done; 2 something you can mend;"]
    parts.append(
        "1 or 3 a fault of ours; 130 stopped with Ctrl-C. `HARVESTER_HOME` moves the store.\n"
    )
    for name, one in _commands(group.commands):
        parts.append(f"## harvester {name}\n\n{one.help.strip()}\n")
        parts.append("| | |\n|---|---|")
        for option in one.params:
            is_option = option.param_type_name == "option"
            flags = " ".join(option.opts) if is_option else option.name.upper()
            parts.append(f"| `{flags}` | {' '.join((getattr(option, 'help', '') or '').split())} |")
        parts.append("")
    return "\n".join(parts)


def _commands(named: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its whole name; a group is followed by its own."""
    for name, one in named.items():
        yield f"{before}{name}", one
        yield from _commands(getattr(one, "commands", {}), f"{before}{name} ")


def indicators() -> str:
    """Every indicator with formula, reading and source."""
    parts = [MADE, "# Indicators\n"]
    for one in INDICATORS:
        parts.append(f"## {one.id} {one.name}\n\n{one.reading}\n")
        parts.append(f"- Formula: {one.formula}\n- Unit: {one.unit}\n- Source: {one.source}\n")
    return "\n".join(parts)


def detectors() -> str:
    """Every detector with its question, offering and forum."""
    parts = [MADE, "# Detectors\n"]
    for one in DETECTORS:
        parts.append(f"## {one.id} {one.title}\n\n{one.question}\n")
        parts.append(f"- Offering: {one.offering}\n- Forum: {one.forum}\n- Source: {one.source}\n")
    return "\n".join(parts)


PAGES = {
    "tables.md": tables,
    "command.md": command,
    "indicators.md": indicators,
    "detectors.md": detectors,
    "procedures.md": lambda: f"{MADE}\n{law.procedures()}",
    "calendar.md": lambda: f"{MADE}\n{law.calendar()}",
    "forums.md": lambda: f"{MADE}\n{law.forums()}",
}


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), "utf-8")


if __name__ == "__main__":
    main()
