"""A broken rule file says which file, which key and what is wrong."""

import datetime as dt

import pytest

from harvester.domain.errors import ConfigurationError
from harvester.rules import codes, expectations, forums, institutions, parameters, regions

HEAD = "title: T\nreference: R\nfrom: 2018-07-01\nverified: true\n"


def written(folder, text, name="rule.yaml"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_head_says_what_where_from_and_whether_it_was_verified(tmp_path):
    head = parameters.read(written(tmp_path, HEAD + "notes: N\n")).head

    assert head == parameters.Head("T", "R", "R", dt.date(2018, 7, 1), True, "N")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD.replace("title: T\n", ""), "title is missing"),
        (HEAD.replace("reference: R\n", ""), "reference is missing"),
        (HEAD.replace("from: 2018-07-01\n", ""), "from is missing"),
        (HEAD.replace("2018-07-01", "soon"), "from must be a date"),
        (HEAD.replace("verified: true\n", ""), "verified must be true or false"),
        (HEAD.replace("true", "maybe"), "verified must be true or false, not 'maybe'"),
        ("- a\n", "the file must be a mapping"),
        ("a: [", "the file is not good YAML"),
        (HEAD + "table: gone.csv\n", "gone.csv"),
        (HEAD + "a: [{why: too far, and too late}]\n", "a[0].and too late is the end of words"),
    ],
)
def test_a_broken_head_is_refused(tmp_path, text, says):
    with pytest.raises(ConfigurationError) as refused:
        parameters.read(written(tmp_path, text))

    assert says in str(refused.value)
    assert "rule file" in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        parameters.read(tmp_path / "none.yaml")


@pytest.mark.parametrize("rows", ["code,name\nA\n", "code,name\nA,B,C\n"])
def test_a_table_with_ragged_rows_is_refused(tmp_path, rows):
    written(tmp_path, rows, "list.csv")

    with pytest.raises(ConfigurationError, match="row 2 has not 2 columns"):
        parameters.read(written(tmp_path, HEAD + "table: list.csv\n"))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("codes: 3\n", "codes must be a mapping"),
        ("codes: {a: 1}\n", "codes.a must be a mapping"),
        ("codes: {a: {aliases: [x]}}\n", "codes.a.label is missing"),
        ("codes: {a: {label: A, aliases: [yes]}}\n", "quote words such as yes"),
        ("codes: {a: {label: A, aliases: {x: y}}}\n", "codes.a.aliases must be a list"),
        ("codes: {a: {label: A}, b: {label: a}}\n", "codes.b and codes.a both claim 'a'"),
        ("codes: {unknown: {label: U}}\n", "is reserved"),
        ("codes: {a: {label: A}}\npatterns: [{starts: x, code: b}]\n", "names no code"),
        ("codes: {a: {label: A}}\npatterns: [{code: a}]\n", "must have one of starts"),
        ("codes: {a: {label: A}}\nparts: {separators: x}\n", "parts.separators must be a list"),
    ],
)
def test_a_broken_code_list_is_refused(tmp_path, body, says):
    written(tmp_path, HEAD + body, "natures.yaml")

    with pytest.raises(ConfigurationError) as refused:
        codes.load("natures", tmp_path)

    assert says in str(refused.value)


RULE = (
    "expectations:\n- {id: a, title: t, document: budget, publisher: metro, calendar: municipal, "
    "stage: adopted, due: [{year: 0, month: 6, day: 30}], statutory: true, reference: r, "
    "verified: true}\n"
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (RULE.replace("budget", "novel"), "must be one of pipeline"),
        (RULE.replace("metro", "somebody"), "must be metro, sector"),
        (RULE.replace("metro", "'sector:'"), "must be metro, sector"),
        (RULE.replace("day: 30", "day: 31"), "is no date"),
        (RULE.replace("month: 6", "month: six"), "must be a whole number"),
        (RULE + RULE.removeprefix("expectations:\n"), "stands in it twice"),
    ],
)
def test_a_broken_expectation_is_refused(tmp_path, body, says):
    with pytest.raises(ConfigurationError) as refused:
        expectations.load(written(tmp_path, HEAD + body))

    assert says in str(refused.value)


def test_a_forum_without_a_law_is_refused(tmp_path):
    body = "matters: {money: m}\nforums: [{code: X, name: N, members: M, decides: D, verified: true}]\n"

    with pytest.raises(ConfigurationError, match=r"forums\[0\].law is missing"):
        forums.load(written(tmp_path, HEAD + body))


def test_a_region_must_be_a_mapping(tmp_path):
    body = "metros: {BUF: {ward_prefix: '29200', regions: [Coastal]}}\n"

    with pytest.raises(ConfigurationError, match="regions must be a mapping"):
        regions.load(written(tmp_path, HEAD + body))


def test_two_institutions_cannot_have_one_code(tmp_path):
    source = parameters.DATA / "institutions"
    for path in source.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "municipalities.csv"
    table.write_text(table.read_text("utf-8") + "BUF,Twice,local,EC,DC12,\n", "utf-8")

    with pytest.raises(ConfigurationError, match="BUF is the code of two institutions"):
        institutions.load(tmp_path)
