"""Tables on a screen: words fold, money and ids stand whole, however narrow the screen."""

from __future__ import annotations

import io
import re

import pyarrow as pa
import pytest
from rich.console import Console

from harvester.cli import console

ROWS = pa.table({
    "rank": [1, 2],
    "amount_cents": [40_800_000_00, None],
    "name_a": ["Upgrading of sewer rising main, Gugulethu Site 7 phase 1", "[bold]Vroxton[/] clinic"],
    "name_b": ["Lavender Hill: bulk sewer (provision) phase 1", ""],
    "entry_a": ["6ea5133f7af9295e:0:15", "6ea5133f7af9295e:0:1"],
    "entry_b": ["73a98b2c8c6abc74:0:22", "73a98b2c8c6abc74:0:2"],
})  # fmt: skip


def printed(monkeypatch: pytest.MonkeyPatch, rows: pa.Table, width: int) -> str:
    into = io.StringIO()
    monkeypatch.setattr(console, "out", Console(file=into, width=width))
    console.print_rows(rows)
    return into.getvalue()


@pytest.mark.parametrize("width", [40, 80, 100, 120, 160])
def test_money_and_ids_are_never_cut(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    said = printed(monkeypatch, ROWS, width)
    assert "R 40 800 000" in said
    for column in ("entry_a", "entry_b"):
        assert all(entry in said for entry in ROWS.column(column).to_pylist())
    assert max(map(len, said.splitlines())) <= width
    assert "2 rows." in said


@pytest.mark.parametrize("width", [40, 160])
def test_every_word_is_there_and_markup_is_only_text(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    said = re.sub(r"\s+", "", printed(monkeypatch, ROWS, width))
    assert "[bold]Vroxton[/]" in said
    assert all(word in said for word in ("rising", "Gugulethu", "bulksewer", "name_a", "rank"))


def test_no_rows_are_a_head_and_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    said = printed(monkeypatch, ROWS.slice(0, 0), 160)
    assert "entry_a" in said
    assert "0 rows." in said
