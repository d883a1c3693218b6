"""An engine that is told no bound takes half of the memory there is, and no more in a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harvester.engine import engine as room
from harvester.engine.engine import Engine, half_of_memory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("told", ["max", None])
def test_half_of_the_machine_where_no_container_bounds_it(
    told: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = tmp_path / "memory.max"
    if told is not None:
        bound.write_text(f"{told}\n")
    monkeypatch.setattr(room, "_CONTAINER", bound)
    monkeypatch.setattr(room.os, "sysconf", {"SC_PAGE_SIZE": 4_000, "SC_PHYS_PAGES": 4_000_000}.get)
    assert half_of_memory() == "8000MB"


def test_half_of_the_container_that_has_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = tmp_path / "memory.max"
    bound.write_text("1000000000\n")
    monkeypatch.setattr(room, "_CONTAINER", bound)
    engine = Engine()
    ((told,),) = engine.rows("SELECT current_setting('memory_limit')")
    engine.close()
    assert told == "476.8 MiB"
