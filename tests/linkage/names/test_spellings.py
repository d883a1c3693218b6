"""The spellings a run learns, and which words are left as they are."""

from __future__ import annotations

import pytest

from harvester.linkage.names.spellings import Census, Spellings
from harvester.rules.lexicon import load


@pytest.mark.parametrize("place", ["sidolo", "kezolo", "zetala", "sitolo"])
def test_a_place_name_is_not_taken_for_a_word_of_open_syllables(place: str) -> None:
    """ "Sidolo" is one slip from "sikolo", school; so are many places. English words are safe."""
    learnt = Spellings.learn([([place, "clinic"], "BUF")] * 3 + [(["libary"], "BUF")], load())
    assert place not in learnt.respelt
    assert learnt.respelt["libary"] == "library"


def test_a_misspelt_place_that_the_lexicon_lists_is_that_place() -> None:
    texts = [(["umlazi", "hall", str(n)], "ETH") for n in range(4)] + [(["ummlazi", "road"], "ETH")]
    learnt = Spellings.learn(texts, load())
    assert learnt.respelt == {"ummlazi": "umlazi"}


def test_a_listed_place_is_rightly_spelt_however_rare() -> None:
    texts = [(["umlazo", "hall", str(n)], "ETH") for n in range(9)] + [(["umlazi", "road"], "ETH")]
    assert "umlazi" not in Spellings.learn(texts, load()).respelt


def test_a_place_added_to_a_linked_country_is_measured_against_listed_ones() -> None:
    settled = Spellings.learn([(["umlazi", "hall"], "ETH")], load())
    census = Census.under(load())
    census.add(["umlaazi", "pool"], "ETH")
    assert settled.extended(census, load()).respelt == {"umlaazi": "umlazi"}


def test_words_of_phrases_are_meant_too() -> None:
    learnt = Spellings.learn([(["infformal", "settlement"], "CPT")], load())
    assert learnt.respelt == {"infformal": "informal"}
