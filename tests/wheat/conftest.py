"""Fixtures of the wheat room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from harvester.engine.engine import Engine
from harvester.wheat.stage import detect
from tests.alignment.country import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

AS_AT = dt.date(2020, 1, 1)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine of its own for each test."""
    made = Engine(memory="1GB", threads=1)
    yield made
    made.close()


@pytest.fixture
def found(engine: Engine) -> Callable[..., dict[str, dict[str, object]]]:
    """Findings of a country by id, each with its evidence under ``cells``; one detector's only."""

    def some(tables: dict[str, pa.Table], detector: str = "") -> dict[str, dict[str, object]]:
        findings, evidence = detect(engine, load(engine, tables), AS_AT)
        rows = {r["finding_id"]: {**r, "cells": []} for r in engine.arrow(findings).to_pylist()}
        for cell in engine.arrow(evidence).to_pylist():
            rows[cell["finding_id"]]["cells"].append(
                (cell["file"], cell["sheet"], cell["cell"], cell["value"]),
            )
        return {k: r for k, r in rows.items() if r["detector"] == detector or not detector}

    return some
