"""Settling places in doubt from the command line."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from harvester.cli import app
from harvester.domain.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, sample_home: Path) -> Path:
    """A copy of the harvested sample that the test may write to."""
    return shutil.copytree(sample_home, tmp_path / "home")


def told(home: Path, *words: str):
    done = runner.invoke(
        app, ["places", *words, "--home", str(home), "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_place_in_doubt_is_listed_decided_on_and_listed_as_decided(home):
    [first, *_] = told(home, "list")["places"]
    words = ("--actor", "N Dlamini", "--reason", "site plan")
    told(home, "confirm", first["mend_id"], "--verdict", "given", "--point", "-33.0 27.9", *words)
    [decision] = told(home, "decisions")["decisions"]
    assert (decision["longitude"], decision["latitude"]) == ("27.9", "-33.0")
    assert decision["published"] == first["published"]
    for wrong in (["--point", "here"], ["--verdict", "given"], ["--verdict", "perhaps"]):
        with pytest.raises(UserError):
            told(home, "confirm", first["mend_id"], *wrong, *words)
    with pytest.raises(UserError, match="harvester places list"):
        told(home, "confirm", "no such", *words)
