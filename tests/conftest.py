"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parent.parent

# A machine that is busy is slow, not wrong.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests go to workers file by file; those of the engines all to one, so that Java starts once."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "engines" if file.startswith("tests/engines/") else file

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real published files beside the checkout; skips, saying so, where it is not."""
    folder = Path(os.environ.get("HARVESTER_SHARED", CHECKOUT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"REAL FILES NOT TRIED: no folder {folder}; set HARVESTER_SHARED to try them")
    return folder


@pytest.fixture(scope="session")
def sample_country(tmp_path_factory) -> Path:
    """Folder of a small sample country, made once."""
    import harvester

    folder = tmp_path_factory.mktemp("sample") / "country"
    harvester.make_sample(folder, seed=1, scale=0.02)
    return folder


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory, sample_country) -> Path:
    """A home in which the sample country has been ingested and harvested. Read, never write."""
    import harvester

    home = tmp_path_factory.mktemp("home")
    harvester.ingest(home, [sample_country])
    harvester.run(home)
    return home
