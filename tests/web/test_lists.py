"""Lists filter, sort, page and download by their address."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from harvester.web import harvest_store
from harvester.web.downloads import safe_text
from harvester.web.permissions import Role
from tests.web.conftest import sign_in
from tests.web.country import HOSTILE, MOST_QUESTIONS

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)


def names(client: Client, query: str) -> list[str]:
    rows = json.loads(body(client.get(f"/projects/download.json?{query}")))
    return [row["undertaking_id"] for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["U-0001", "U-0003", "U-0002", "U-0004"]),
        ("sphere=provincial", ["U-0001", "U-0003"]),
        ("function=water", ["U-0002"]),
        ("owner=KZN-EDU", ["U-0003"]),
        ("document=pipeline", ["U-0001"]),
        ("document=idp&sphere=local", []),
        ("place=unknown", ["U-0002"]),
        ("q=waterloo+school", ["U-0003"]),
        ("q=P-118", ["U-0001"]),
        ("q=HSG+CORNUBIA", ["U-0001"]),
        ("metro=ETH&from=2019/20", ["U-0001"]),
        ("metro=CPT", []),
        ("box=31.04,-29.68,31.06,-29.60", ["U-0003"]),
        ("sort=name", ["U-0002", "U-0001", "U-0003", "U-0004"]),
        ("sort=-amount", ["U-0001", "U-0003", "U-0002", "U-0004"]),
        ("sort=amount", ["U-0002", "U-0003", "U-0001", "U-0004"]),
    ],
)
def test_filters_and_sorts_of_projects(client: Client, query: str, expected: list[str]) -> None:
    assert names(client, query) == expected
    page = client.get(f"/projects/?{query}").content.decode()
    assert all(f"/projects/{name}/" in page for name in expected)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("severity=high", 1),
        ("detector=W04", 1),
        ("party=PRASA", 1),
        ("sphere=provincial", 2),
        ("from=2018/19&to=2018/19", 3),
        ("from=2020/21", 1),
        ("q=cornubia", 1),
        ("function=education", 1),
    ],
)
def test_filters_of_findings(client: Client, query: str, count: int) -> None:
    rows = json.loads(body(client.get(f"/wheat/download.json?{query}")))
    assert len(rows) == count


def test_filters_of_submissions_and_problems(client: Client) -> None:
    rows = json.loads(body(client.get("/submissions/download.json?document=budget")))
    assert [(row["file"], row["errors"], row["problems"]) for row in rows] == [
        ("SA36-2018.xlsx", 1, 3)
    ]
    problems = json.loads(
        body(client.get("/submissions/problems.json?submission=cccc:0&severity=error"))
    )
    assert [(row["row"], row["column"]) for row in problems] == [(119, "R")]


def test_csv_is_exact_and_no_cell_is_a_formula(client: Client) -> None:
    text = body(client.get("/projects/download.csv?sort=name")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["name"] == HOSTILE
    assert rows[0]["amount_rand"] == "8500000.00"
    assert rows[3]["amount_rand"] == "", "unknown is empty, not nought"
    assert rows[1]["first_year"] == "2017/18"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1"])
def test_text_that_begins_like_a_formula_is_made_safe(text: str) -> None:
    assert safe_text(text) == f"'{text}"
    assert safe_text("plain = text") == "plain = text"


def test_xlsx_holds_the_same_rows_as_values(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(body(client.get("/projects/download.xlsx?sort=name"))))
    rows = list(book.active.values)
    assert rows[0][:2] == ("undertaking_id", "name")
    assert rows[1][1] == HOSTILE
    assert rows[1][rows[0].index("amount_rand")] == 8_500_000
    book.close()


def test_every_list_downloads_in_every_format(client: Client) -> None:
    for address in (
        "/projects/download",
        "/wheat/download",
        "/submissions/download",
        "/areas/download",
        "/indicators/V1/download",
        "/submissions/problems",
    ):
        for form in ("csv", "json", "xlsx"):
            response = client.get(f"{address}.{form}")
            assert response.status_code == 200
            assert "attachment" in response.headers["Content-Disposition"]
            assert body(response)


@pytest.mark.parametrize(
    "address", ["/projects/", "/wheat/", "/submissions/", "/projects/U-0001/", "/"]
)
def test_the_number_of_questions_does_not_grow_with_the_rows(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = harvest_store.Tables.rows
    monkeypatch.setattr(
        harvest_store.Tables,
        "rows",
        lambda self, query, values=(): asked.append(query) or ask(self, query, values),
    )
    client.get(address)
    assert len(asked) == len(set(asked)), "each question is asked once"
    asked.clear()
    client.get(address)
    assert len(asked) <= MOST_QUESTIONS, "what is the same for a whole harvest is remembered"


def test_pages_ask_the_database_of_people_little(
    client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(0):
        client.get("/projects/")
    sign_in(client, Role.PLANNER)
    client.get("/about/")  # the first page of a session notes when it began
    with django_assert_max_num_queries(3):
        client.get("/projects/")
