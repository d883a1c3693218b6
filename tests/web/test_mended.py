"""Findings that have mended: the list, its file, and each as it last stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harvester.web import harvest_store
from tests.web import country, matters
from tests.web.matters import FINDING

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(tmp_path: Path, settings: SettingsWrapper) -> Path:
    """A store whose second harvest no longer has one finding of the first."""
    country.store(tmp_path, country.tables())
    matters.next_harvest(tmp_path)
    settings.HARVESTER_HOME = tmp_path
    return tmp_path


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("later")
def test_the_list_says_what_mended_each(client: Client) -> None:
    page = text(client, "/wheat/mended/")
    assert "1 finding mended" in page
    assert f'href="/wheat/{FINDING}/"' in page
    assert 'href="/submissions/abcd:0/"' in page
    assert "SA36-2019.xlsx" in page
    assert "None has mended" not in text(client, "/wheat/")
    assert "/wheat/mended/" in text(client, "/")


@pytest.mark.usefixtures("later")
def test_it_filters_sorts_and_keeps_the_scope(client: Client) -> None:
    assert FINDING in text(client, "/wheat/mended/?cause=submission&q=Cornubia&sort=-rand")
    assert "Nothing matches" in text(client, "/wheat/mended/?cause=withdrawn")
    assert FINDING not in text(client, "/wheat/mended/?metro=BUF")
    assert client.get("/wheat/mended/?sort=statement").status_code == 400
    assert client.get("/findings/mended/?metro=ETH").headers["Location"] == (
        "/wheat/mended/?metro=ETH"
    )


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_it_downloads_as_every_list_does(client: Client, form: str) -> None:
    response = client.get(f"/wheat/mended/download.{form}?detector=W07")
    assert response.status_code == 200
    told = b"".join(response.streaming_content)
    assert form == "xlsx" or FINDING.encode() in told
    assert client.get("/wheat/mended/download.pdf").status_code == 404


def test_a_mended_finding_keeps_its_address_and_its_cells(client: Client, later: Path) -> None:
    page = text(client, f"/wheat/{FINDING}/")
    assert "Mended by 1\u00a0Jun\u00a02019" in page
    assert "as harvest h0001 kept them" in page
    assert "R 45 000 000" in page
    assert 'href="/entries/cccc:0:118/"' in page
    assert client.get("/wheat/W99:nothing/").status_code == 404
    (later / "granary" / "harvests" / "h0001").rename(later / "granary" / "elsewhere")
    harvest_store._open.clear()
    assert "not in this store any more" in text(client, f"/wheat/{FINDING}/")


def test_before_anything_has_mended_the_list_says_when_it_will(client: Client) -> None:
    page = text(client, "/wheat/mended/")
    assert "no finding has mended yet" in page
    assert "None has mended yet" in text(client, "/wheat/")


def test_a_case_is_linked_for_those_who_may_know_of_it(client: Client, later: Path) -> None:
    """The list asks the same table of rights as the list of cases."""
    lindiwe, nomsa, pieter = matters.secretariat(), matters.planner(), matters.official()
    current = later / "granary" / "current"
    current.write_text("h0001\n")
    matters.admit(matters.client_of(lindiwe), nomsa, pieter)
    current.write_text("h0002\n")
    assert 'href="/cases/1/"' in text(client, "/wheat/mended/")
    assert 'href="/cases/1/"' in text(client, f"/wheat/{FINDING}/")
