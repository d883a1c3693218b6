"""Every rule file says its reference, its date and whether it was verified."""

import datetime as dt

import pytest

from harvester.rules import codes, expectations, forums, institutions, parameters, responsibilities
from harvester.rules.text import key

OWNED_ELSEWHERE = ("mappings", "lexicon")
FILES = sorted(
    path
    for path in parameters.DATA.rglob("*.yaml")
    if path.relative_to(parameters.DATA).parts[0] not in OWNED_ELSEWHERE
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_rule_file_has_a_whole_head(path):
    head = parameters.read(path).head

    assert head.title
    assert len(head.reference) > 10
    assert len(head.source) > 10
    assert head.notes
    assert isinstance(head.verified, bool)
    assert dt.date(1994, 1, 1) <= head.from_date <= dt.date(2030, 1, 1)


def test_every_csv_belongs_to_a_file_with_a_head():
    named = {path.parent / parameters.read(path).whole().text("table", "-") for path in FILES}

    assert {p for p in parameters.DATA.rglob("*.csv") if p.parent.name != "lexicon"} <= named


@pytest.mark.parametrize("name", codes.NAMES)
def test_every_code_list_resolves_its_own_words(name):
    known = codes.load(name)

    for item in known:
        for word in (item.label, *item.aliases):
            assert known.resolve(word) == item.code, word


@pytest.mark.parametrize("name", codes.NAMES)
def test_a_vague_word_is_no_alias(name):
    known = codes.load(name)

    assert [w for w in known.vague if known.resolve(w) != codes.UNKNOWN] == []
    aliases = {key(w) for item in known for w in (item.label, *item.aliases)}
    assert [w for w in known.vague if key(w) in aliases] == []


def test_grants_name_institutions_that_exist():
    book = institutions.load()
    givers = {item.extra.get("transferred_by", "") for item in codes.load("grants")} - {""}

    assert {code for code in givers if code not in book} == set()


def test_asset_classes_and_sectors_name_functions_that_exist():
    functions = set(codes.load("functions").codes)
    named = {item.extra.get("function", "") for item in codes.load("asset_classes")}
    named |= set(institutions.load().functions_of_sectors.values())

    assert named - functions == {""}


def test_every_function_has_a_responsible_sphere():
    assert set(responsibilities.load()) == set(codes.load("functions").codes)


def test_what_was_not_read_in_a_source_is_not_called_verified():
    """The marks of the sources: IDP, budget and BEPP law were read, an agency's duty is policy."""
    rules = {rule.id: rule for rule in expectations.load()}

    assert rules["metro-budget"].verified
    assert rules["metro-budget"].statutory
    assert not rules["agency-prasa"].statutory
    assert not rules["agency-prasa"].verified
    assert not forums.load().get("CBF").verified
    assert not responsibilities.load()["housing"].verified
