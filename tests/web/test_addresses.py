"""A wrong value in an address is a page that says so, never a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

BAD = [
    "/?metro=NOWHERE",
    "/?from=2018/21",
    "/?from=banana",
    "/?from=2020/21&to=2018/19",
    "/?metro=%3Cscript%3E",
    "/projects/?page=0",
    "/projects/?page=-1",
    "/projects/?page=9999",
    "/projects/?page=%C2%B2",
    "/projects/?page=99999999999999999999",
    "/projects/?sort=1;drop",
    "/projects/?sort=latitude",
    "/projects/?box=1,2,3",
    "/projects/?box=a,b,c,d",
    "/projects/?box=nan,nan,nan,nan",
    "/projects/?q=" + "x" * 300,
    "/projects/?q=%00",
    "/wheat/?detector=%27%20OR%201=1",
    "/map/?layer=nothing",
    "/map/?document=nothing",
    "/map/areas.json?layer=nothing",
    "/submissions/cccc:0/?show=nothing",
    "/submissions/coverage/?document=x",
]
GONE = [
    "/projects/U-9999/",
    "/projects/a/b/c/",
    "/wheat/W99/",
    "/entries/zzzz:0:1/",
    "/areas/nowhere/",
    "/indicators/V99/",
    "/indicators/%27/",
    "/submissions/zzzz/",
    "/projects/download.exe",
    "/wheat/download.html",
    "/indicators/V1/download.doc",
    "/nothing/",
]


@pytest.mark.parametrize("address", BAD)
def test_a_wrong_value_is_a_400_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "This address cannot be used" in response.content.decode()


@pytest.mark.parametrize("address", GONE)
def test_what_is_not_there_is_a_404_page(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


@pytest.mark.parametrize(
    "words", ["%27", "%25", "_", "%5C", "a%20b%20c%20d%20e%20f%20g%20h%20i", "%F0%9F%8C%BE"]
)
def test_any_words_can_be_searched_for(client: Client, words: str) -> None:
    for page in ("projects", "wheat", "submissions", "areas"):
        assert client.get(f"/{page}/?q={words}").status_code == 200


def test_a_fault_of_ours_shows_a_plain_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a hidden cause")

    monkeypatch.setattr("harvester.web.queries.overview.totals", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "A fault of ours" in response.content.decode()
    assert "hidden cause" not in response.content.decode()


def test_a_wrong_host_name_is_refused_without_telling_which_are_right(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "ALLOWED_HOSTS" not in response.content.decode()


def test_headers_keep_the_browser_strict(client: Client) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
