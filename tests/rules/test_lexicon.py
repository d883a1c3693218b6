"""The lexicon: data with sources, and no word of two meanings."""

from __future__ import annotations

import copy
from importlib.resources import files

import pytest
import yaml

from harvester.domain.errors import ConfigurationError
from harvester.rules import lexicon

NAMES = lexicon.FILES


def raw() -> dict[str, dict[str, object]]:
    folder = files("harvester.rules") / "data" / "lexicon"
    return {n: yaml.safe_load((folder / f"{n}.yaml").read_text("utf-8")) for n in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_file_says_where_it_comes_from_and_whether_that_was_checked(name: str) -> None:
    data = raw()[name]
    assert data["reference"]
    assert data["from"]
    assert isinstance(data["verified"], bool)


def test_every_kind_belongs_to_a_group_and_has_english_words() -> None:
    kinds = lexicon.load().kinds
    assert len(kinds) > 60
    assert {k.group for k in kinds.values()} <= set(kinds)
    assert all(k["words"]["en"] for k in raw()["kinds"]["kinds"])


def test_what_abbreviations_stand_for_exists() -> None:
    words = lexicon.load()
    assert {c.kind for choices in words.ambiguous.values() for c in choices} <= set(words.kinds)


def test_a_word_of_two_kinds_is_refused_by_name() -> None:
    data = copy.deepcopy(raw())
    data["kinds"]["kinds"][0]["words"]["en"].append("library")
    with pytest.raises(ConfigurationError, match="'library' means both"):
        lexicon.build(data)


def test_a_word_yaml_reads_as_yes_or_no_is_refused() -> None:
    data = copy.deepcopy(raw())
    data["words"]["stop"].append(False)
    with pytest.raises(ConfigurationError, match="stop is not a list of words"):
        lexicon.build(data)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hoërskool & Saal", ["hoerskool", "and", "saal"]),
        ("King William's Town", ["king", "williams", "town"]),
        ("W.W.T.W./Ph.2", ["wwtw", "ph", "2"]),
        ("Dumani P.S", ["dumani", "ps"]),
        ("", []),
    ],
)
def test_folding(text: str, folded: list[str]) -> None:
    assert lexicon.fold(text) == folded
