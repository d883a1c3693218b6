"""Pages, files and addresses of statements, certificates and the benchmark."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from django.urls import reverse

from harvester.web.pictures import sparks, stacks
from harvester.web.templatetags.harvester import points, unbroken

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

FILES = [
    "/statements/dora-s14/download.{}?metro=ETH",
    "/statements/dora-s14/download.{}",
    "/statements/cef/download.{}?metro=ETH&basis=idp",
    "/statements/spatial/download.{}?metro=ETH",
    "/statements/spatial/download.{}?metro=ETH&sphere=local&layer=integration_zone",
    "/cascade/download.{}?metro=ETH",
    "/cascade/download.{}",
    "/certificates/metro/ETH/download.{}",
    "/certificates/benchmark/download.{}",
    "/certificates/benchmark/download.{}?kind=institution",
]


@pytest.mark.parametrize("address", FILES)
def test_every_statement_comes_as_workbook_csv_and_json(client: Client, address: str) -> None:
    workbook = client.get(address.format("xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.streaming_content)))
    told = json.loads(client.get(address.format("json")).content)
    table = client.get(address.format("csv"))

    assert book.sheetnames[0] == "Statement"
    assert table.status_code == 200
    assert len(book.sheetnames) > 1 or not told
    for one in told:
        assert one["harvest"]["run"] == "h0001"
        assert one["finding"]


def test_a_file_of_another_kind_is_not_there(client: Client) -> None:
    assert client.get("/statements/cef/download.pdf?metro=ETH").status_code == 404
    assert client.get("/statements/cef/download.csv?metro=ETH&table=moon").status_code == 404
    assert client.get("/statements/poetry/").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/statements/dora-s14/?metro=ETH&basis=gazette",
        "/statements/dora-s14/?metro=ETH&year=1066",
        "/statements/spatial/?layer=moon",
        "/statements/spatial/?sort=1;drop",
        "/statements/spatial/?page=99",
        "/statements/spatial/?by=colour",
        "/certificates/?kind=galaxy",
        "/certificates/?year=2090/91",
        "/certificates/benchmark/?indicator=Z9",
    ],
)
def test_an_address_that_cannot_be_is_400_and_says_why(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_the_spatial_budget_on_the_page_reconciles_with_its_file(client: Client) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(
                client.get(
                    "/statements/spatial/download.csv?metro=ETH&layer=integration_zone"
                ).content.decode("utf-8-sig")
            )
        )
    )
    *parts, whole = [float(row["Total"]) for row in rows]

    assert whole == sum(parts) == 56_500_000
    page = client.get("/statements/spatial/?metro=ETH&layer=integration_zone").content.decode()
    assert "R\u00a056\u00a0m planned, of it R\u00a048\u00a0m located" in page
    assert "R\u00a08.5\u00a0m unlocated" in page


def test_filters_and_sort_stay_in_the_address(client: Client) -> None:
    page = client.get(
        "/statements/spatial/?metro=ETH&layer=integration_zone&sphere=local&sort=-total"
    ).content.decode()

    assert "sphere=local" in page
    assert "sort=total" in page, "the other way is one click away"
    assert 'aria-sort="descending"' in page


def test_a_picture_has_its_table_and_unknown_is_not_nought(client: Client) -> None:
    page = client.get("/statements/cef/?metro=ETH").content.decode()

    assert "no capital of any year was read" in page.partition("<h1>")[2].partition("</h1>")[0]
    assert "says how many households are poor" in page
    certificate = client.get("/certificates/metro/ETH/").content.decode()
    assert "left out of the score, never bad" in certificate
    assert "no grade, for that needs 50" in certificate


def test_a_certificate_of_nobody_is_404(client: Client) -> None:
    for address in ("/certificates/metro/XXX/", "/certificates/galaxy/ETH/"):
        assert client.get(address).status_code == 404


def test_statements_stand_in_the_navigation(client: Client) -> None:
    assert reverse("statements") in client.get("/map/").content.decode()
    assert reverse("certificates") in client.get("/indicators/").content.decode()


def test_bars_are_as_long_as_their_money() -> None:
    picture = stacks.draw(
        [
            {"year": "a", "x": 300, "y": 100, "total": 400},
            {"year": "b", "x": 100, "y": None, "total": 100},
            {"year": "c", "x": -5, "total": -5},
        ],
        "year",
        [("x", "c4", "first"), ("y", "c2", "second")],
    )

    first, second, third = picture.bars
    assert [part.width for part in first.parts] == [300.0, 100.0]
    assert [part.width for part in second.parts] == [100.0]
    assert (third.parts, third.cents) == ((), -5)
    assert stacks.draw([{"year": "a", "x": None}], "year", [("x", "c4", "first")]) is None


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        (
            "R 3.0 bn of R 1 234 567 is 92 % of 8 metros",
            "R\u00a03.0\u00a0bn of R\u00a01\u00a0234\u00a0567 is 92\u00a0% of 8 metros",
        ),
        ("R 9.4 m", "R\u00a09.4\u00a0m"),
    ],
)
def test_no_figure_is_broken_over_two_lines(sentence: str, kept: str) -> None:
    assert unbroken(sentence) == kept


def test_a_change_of_nothing_has_no_sign() -> None:
    assert [points(x) for x in (0.001, -0.001, 0.12, -0.07)] == [
        f"{t}\u00a0points" for t in ("0", "0", "+12", "-7")
    ]


def test_the_cascade_is_a_tree_that_works_without_scripts_and_marks_gaps(client: Client) -> None:
    page = client.get("/cascade/?metro=ETH&year=2018/19").content.decode()

    assert "<details" in page
    assert "<script" not in page
    assert 'class="gap"' in page
    assert "/entries/bbbb:0:12/" in page, "every found rung leads to its row"


def test_a_line_is_broken_where_a_year_is_unknown() -> None:
    drawn = sparks.draw(
        [("a", 0.0, "0 %"), ("b", 1.0, "100 %"), ("c", None, "unknown"), ("d", 0.5, "50 %")]
    )

    assert len(drawn.lines) == 1
    assert [y for _, y in drawn.points] == [22.0, 4.0, 13.0]
    assert drawn.text == "a 0 %, b 100 %, c unknown, d 50 %"
