"""The spellings a run learns, and which words are left as they are."""

from __future__ import annotations

import pytest

from harvester.linkage.names.spellings import Spellings
from harvester.rules.lexicon import load


@pytest.mark.parametrize("place", ["sidolo", "kezolo", "zetala", "sitolo"])
def test_a_place_name_is_not_taken_for_a_word_of_open_syllables(place: str) -> None:
    """ "Sidolo" is one slip from "sikolo", school; so are many places. English words are safe."""
    learnt = Spellings.learn([([place, "clinic"], "BUF")] * 3 + [(["libary"], "BUF")], load())
    assert place not in learnt.respelt
    assert learnt.respelt["libary"] == "library"
