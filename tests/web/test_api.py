"""The API answers what the pages show, typed, with faults a program can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

ASKED = [
    "/api/statements/dora-s14?metro=ETH",
    "/api/statements/dora-s14",
    "/api/statements/cef?metro=eThekwini&year=2018/19",
    "/api/statements/spatial?metro=ETH&layer=integration_zone",
    "/api/statements/spatial/rows?metro=ETH&layer=integration_zone&sort=-total",
    "/api/cascade?metro=ETH",
    "/api/certificates/metro",
    "/api/certificates/metro?code=ETH",
    "/api/certificates/province",
    "/api/benchmark",
    "/api/layers",
]


@pytest.mark.parametrize("address", ASKED)
def test_every_question_is_answered(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    told = answer.json()
    for one in told if isinstance(told, list) else [told]:
        assert one.get("finding") or "layer" in one


def test_the_document_describes_every_question(client: Client) -> None:
    told = client.get("/api/openapi.json").json()

    paths = {address.partition("?")[0] for address in ASKED}
    described = set(told["paths"])
    assert {
        p.replace("/dora-s14", "/{kind}")
        .replace("/cef", "/{kind}")
        .replace("/metro", "/{kind}")
        .replace("/province", "/{kind}")
        for p in paths
    } == described
    for methods in told["paths"].values():
        assert methods["get"]["summary"]
        assert "400" in methods["get"]["responses"]


def test_rows_reconcile_in_cents_and_page_by_page(client: Client) -> None:
    address = "/api/statements/spatial/rows?metro=ETH&layer=integration_zone"
    told = client.get(address).json()

    assert told["count"] == len(told["rows"]) == 3
    for row in told["rows"]:
        assert (
            row["total_cents"]
            == row["located_cents"] + row["allocable_cents"] + row["unlocated_cents"]
        )
    assert sum(row["total_cents"] for row in told["rows"]) == 56_500_000_00
    second = client.get(f"{address}&limit=1&offset=1").json()
    assert second["rows"] == told["rows"][1:2]
    assert client.get(f"{address}&area_id=integration_zone:1").json()["count"] == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/statements/poetry", 422),
        ("/api/statements/cef?metro=Atlantis", 400),
        ("/api/statements/cef?metro=ETH&basis=moon", 400),
        ("/api/statements/spatial?layer=moon", 400),
        ("/api/statements/spatial/rows?sort=1;drop", 400),
        ("/api/statements/spatial/rows?limit=0", 422),
        ("/api/statements/spatial?year=soon", 400),
        ("/api/certificates/metro?code=XXX", 400),
        ("/api/nothing", 404),
    ],
)
def test_a_question_that_cannot_be_says_why(client: Client, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    if status == 400:
        assert answer.json()["detail"]


def test_nothing_yet_is_said(client: Client, settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HARVESTER_HOME = tmp_path

    answer = client.get("/api/benchmark")

    assert answer.status_code == 404
    assert "no harvest yet" in answer.json()["detail"]


def test_whoever_may_not_read_the_pages_may_not_read_this(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvester.web.rights.RIGHTS", ())

    assert client.get("/api/benchmark").status_code == 401


def test_nothing_can_be_written(client: Client) -> None:
    assert client.post("/api/benchmark", {}).status_code == 405
