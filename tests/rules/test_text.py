"""Two spellings of one name have one key; different names have different keys."""

import pytest

from harvester.rules.text import key, mend_encoding, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O.R.Tambo", "OR TAMBO"),
        ("Sport, Arts & Culture", "sport arts and culture"),
        ("Co-operative Governance", "Cooperative governance"),
        ("Khâi-Ma", "Khai-Ma"),
        ("KhÃ¢i-Ma", "Khâi-Ma"),
        ("The Msunduzi", "Msunduzi"),
        ("Thaba N'chu", "Thaba Nchu"),
        ("Thaba N\u2019chu", "Thaba Nchu"),
        ("  eThekwini\u00a0Municipality ", "ETHEKWINI MUNICIPALITY"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert key(one) == key(other)


def test_names_that_differ_have_different_keys():
    assert key("Ekurhuleni") != key("eThekwini")


def test_words_keep_their_order_and_their_spaces():
    assert words("Water Management - Core Function") == "water management core function"


@pytest.mark.parametrize("text", ["", "Á", "plain", "Â", "Ã un"])
def test_text_that_is_no_slip_is_left_alone(text):
    assert mend_encoding(text) == text
