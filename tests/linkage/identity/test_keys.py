"""What a row is remembered by, whatever happens to its file."""

from __future__ import annotations

import pytest

from harvester.linkage.identity.keys import RowKey, entry_keys, row_keys
from tests.linkage.invented import entries, entry

Row = dict[str, object]


def keys_of(rows: list[Row]) -> dict[str, RowKey]:
    """Keys by the project's own mark, which each test keeps in `status_text`."""
    ordered = sorted(rows, key=lambda r: str(r["entry_id"]))
    found = row_keys(entries(ordered))
    return dict(zip((str(r["status_text"]) for r in ordered), found, strict=True))


def row(mark: str, n: int, name: str, submission: str = "s", **more: object) -> Row:
    return entry(submission, n, name, status_text=mark, **more)


LIST = [
    row("road", 1, "Vroxton gravel road"),
    row("clinic", 2, "Gxarhana clinic", source_code="PC001002006001_00019"),
    row("hall", 3, "Quelmara hall", metro="unknown"),
    row("north", 4, "Public toilets", location_text="Ward 7"),
    row("south", 5, "Public toilets", location_text="Ward 9"),
]


def test_a_key_says_publisher_document_and_code_or_name() -> None:
    found = {mark: key.entry for mark, key in keys_of(LIST).items()}
    assert found == {
        "road": "BUF|budget|vroxton gravel road|BUF",
        "clinic": "BUF|budget|PC00100200600100019",
        "hall": "BUF|budget|quelmara hall|unknown",
        "north": "BUF|budget|public toilets|BUF",
        "south": "BUF|budget|public toilets|BUF#2",
    }


def test_row_keys_differ_even_where_nothing_tells_rows_apart() -> None:
    rows = [entry(f"s{n % 3}", n, "Furniture", status_text="") for n in range(30)]
    assert len({key.row for key in row_keys(entries(rows))}) == 30


def shifted(rows: list[Row]) -> list[Row]:
    """A row put in above: every row number grows by one."""
    new = row("new", 1, "Zerrust library")
    return [new, *({**r, "row": int(str(r["row"])) + 1, "entry_id": f"s:{int(str(r['row'])) + 1}"} for r in rows)]  # fmt: skip


def renamed_sheet(rows: list[Row]) -> list[Row]:
    return [{**r, "submission_id": "t", "sheet": "Sheet1 (2)", "entry_id": f"t:{r['row']}"} for r in rows]  # fmt: skip


def swapped(rows: list[Row]) -> list[Row]:
    """The two rows of one name change places."""
    other = {4: 5, 5: 4}
    return [
        {**r, "row": n, "entry_id": f"s:{n}"}
        for r in rows
        for n in [other.get(int(str(r["row"])), int(str(r["row"])))]
    ]


@pytest.mark.parametrize("change", [shifted, renamed_sheet, swapped])
def test_rows_keep_their_row_keys_when_a_sheet_changes_shape(change) -> None:
    before, after = keys_of(LIST), keys_of(change(LIST))
    assert {mark: after[mark].row for mark in before} == {m: k.row for m, k in before.items()}


def test_a_corrected_letter_does_not_touch_a_row_that_has_a_code() -> None:
    wrong = row("x", 2, "Gxarana clinic", source_code="PC001002006001_00019")
    right = row("x", 2, "Gxarhana clinic", source_code="PC 001002006001/00019")
    assert keys_of([wrong])["x"].entry == keys_of([right])["x"].entry


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ({}, {"source_code": "PC001002006001_00019"}),
        ({"metro": "unknown"}, {}),
        ({"metro": "unknown"}, {"source_code": "PC001002006001_00019"}),
        ({"institution": "unknown"}, {}),
        ({"institution": "unknown", "metro": "unknown"}, {"source_code": "PC001002006001_00019"}),
    ],
)
def test_what_is_learnt_of_a_row_later_leads_back_to_its_older_key(
    first: dict[str, str], later: dict[str, str]
) -> None:
    before = keys_of([row("x", 2, "Gxarhana clinic", **first)])["x"]
    after = keys_of([row("x", 2, "Gxarhana clinic", **later)])["x"]
    assert before.base in after.former


def test_a_programme_and_a_project_of_one_name_are_two_rows() -> None:
    both = [row("a", 1, "Vroxton"), row("b", 2, "Vroxton", kind="programme")]
    assert len(set(entry_keys(entries(both)))) == 2


def test_a_code_on_rows_of_many_names_is_a_heading_and_no_key() -> None:
    rows = [row(str(n), n, f"Work {n}", source_code="VOTE12345") for n in range(4)]
    assert entry_keys(entries(rows)) == [f"BUF|budget|work {n}|BUF" for n in range(4)]


def test_rows_without_codes_have_keys_of_their_own_however_long_the_list() -> None:
    rows = entries([entry("s", n, f"Road {n}") for n in range(40_000)])
    assert len(set(entry_keys(rows))) == 40_000
