"""Sample countries made once for the tests that only look at them."""

from __future__ import annotations

import csv

import pytest

from harvester.sample.stage import make_sample

TINY = 0.01


def rows_of(folder, name):
    """A table of ``truth/``."""
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def country(tmp_path_factory):
    """A small country with everything planted."""
    folder = tmp_path_factory.mktemp("sample") / "country"
    make_sample(folder, seed=7, scale=TINY)
    return folder


@pytest.fixture(scope="session")
def aligned_country(tmp_path_factory):
    """The same with nothing planted."""
    folder = tmp_path_factory.mktemp("sample") / "aligned"
    make_sample(folder, seed=7, scale=TINY, aligned=True)
    return folder
