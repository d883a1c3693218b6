"""``harvester commitments``: what the operator sees of promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.web import compacts, country, matters
from typer.testing import CliRunner

from harvester.cli import app
from harvester.web import harvest_store, server
from harvester.web.actions.verdicts import judge_all

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


@pytest.mark.django_db
def test_commitments_are_listed_worst_first_and_by_party(
    tmp_path: Path, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HARVESTER_HOME = tmp_path
    settings.SECRET_KEY = "for tests only"
    country.store(tmp_path, country.tables())
    compacts.in_force((matters.planner("ETH"), matters.official("KZN-HS")))
    judge_all(harvest_store.current())
    monkeypatch.setattr(server, "make_ready", lambda _: None)
    (tmp_path / "db.sqlite3").touch()
    runner = CliRunner()
    told = runner.invoke(app, ["commitments", "--home", str(tmp_path), "--json"])
    found = json.loads(told.stdout)
    assert [row["verdict"] for row in found] == ["not known", "not due yet", "kept"]
    asked = [
        "commitments",
        "--home",
        str(tmp_path),
        "--party",
        "eth",
        "--verdict",
        "kept",
        "--json",
    ]
    (row,) = json.loads(runner.invoke(app, asked).stdout)
    assert (row["number"], row["amount_cents"], row["run"]) == ("k1", 45_000_000_00, "h0001")
    assert (
        "Build the outfall sewer"
        in runner.invoke(
            app, ["commitments", "--home", str(tmp_path)], env={"COLUMNS": "200"}
        ).stdout
    )
    assert (
        json.loads(
            runner.invoke(app, ["commitments", "--home", str(tmp_path / "x"), "--json"]).stdout
        )
        == []
    )
