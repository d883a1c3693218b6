"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real published files beside the checkout; skips, saying so, where it is not."""
    folder = Path(os.environ.get("HARVESTER_SHARED", CHECKOUT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"REAL FILES NOT TRIED: no folder {folder}; set HARVESTER_SHARED to try them")
    return folder
