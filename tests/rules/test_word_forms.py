"""Forms a noun takes in a sentence."""

from __future__ import annotations

import pytest

from harvester.rules import lexicon, word_forms


@pytest.mark.parametrize(
    ("word", "form"),
    [("isikole", "kwesikole"), ("isikolo", "esikolweni"), ("umtholampilo", "lomtholampilo"),
     ("imigwaqo", "yemigwaqo"), ("isibhedlela", "esibhedleleni"), ("iiklinik", "kweklinik")],
)  # fmt: skip
def test_nguni(word: str, form: str) -> None:
    assert form in set(word_forms.nguni(word, ["kw", "l", "y"]))


def test_a_short_stem_has_no_forms() -> None:
    assert list(word_forms.nguni("idla", ["kw"])) == []


@pytest.mark.parametrize(("word", "form"), [("sekolo", "sekolong"), ("tsela", "tseleng")])
def test_sotho(word: str, form: str) -> None:
    assert list(word_forms.sotho(word)) == [form]


def test_venda() -> None:
    assert list(word_forms.venda("tshikolo")) == ["tshikoloni"]


@pytest.mark.parametrize("word", ["kwesikole", "esikolweni", "sekolong", "emtholampilo"])
def test_forms_mean_what_the_noun_means(word: str) -> None:
    assert lexicon.load().phrases[(word,)].role is lexicon.Role.KIND
