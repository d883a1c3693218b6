"""Every page opens, says a sentence with a number in it, and keeps its scope in the address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from harvester.web import harvest_store
from tests.web import country

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/wheat/",
    "/wheat/mended/",
    "/wheat/W07:U-0001:2018/19/",
    "/wheat/W20:PRASA:2018/19/",
    "/projects/",
    "/projects/U-0001/",
    "/projects/U-0004/",
    "/entries/cccc:0:118/",
    "/entries/cccc:0:119/",
    "/map/",
    "/areas/",
    "/areas/integration_zone:0/",
    "/indicators/",
    "/indicators/V1/",
    "/indicators/B1/",
    "/indicators/S2/",
    "/indicators/T1.inversion/",
    "/statements/",
    "/statements/?metro=ETH",
    "/statements/dora-s14/",
    "/statements/dora-s14/?metro=ETH",
    "/statements/cef/?metro=ETH",
    "/statements/spatial/",
    "/statements/spatial/?metro=ETH&from=2018/19&layer=integration_zone&by=area_id",
    "/cascade/",
    "/cascade/?metro=ETH",
    "/certificates/",
    "/certificates/?kind=province",
    "/certificates/metro/ETH/",
    "/certificates/benchmark/",
    "/certificates/benchmark/?indicator=V1",
    "/submissions/",
    "/submissions/coverage/",
    "/submissions/cccc:0/",
    "/submissions/cccc:0/?show=rows",
    "/about/",
    "/about/accessibility/",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_with_one_heading_a_title_and_its_age(
    client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    assert len(re.findall(r"<h1", page)) == 1
    assert "Harvest h0001" in page
    assert "files up to 12\u00a0Oct\u00a02018" in page
    assert "2 of 3 expected submissions in" in page
    assert 'style="' not in page, "the content security policy would drop it"
    assert "<script>" not in page


@pytest.mark.parametrize("address", ["/", "/projects/", "/wheat/"])
def test_the_first_view_is_under_100_kilobytes(client: Client, address: str) -> None:
    page = client.get(address)
    css = (
        harvest_store.Path(__file__).parents[2] / "src/harvester/web/static/harvester/harvester.css"
    )
    assert len(page.content) + css.stat().st_size < 100_000


@pytest.mark.parametrize("address", PAGES)
def test_what_a_file_says_never_becomes_markup(client: Client, address: str) -> None:
    assert "<script>alert" not in client.get(address).content.decode()


def test_home_says_the_finding_not_the_label(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "The whole country: 4 projects by 2 institutions, R\u00a0720\u00a0m" in page
    assert "not built yet" in page, "what is not there is said, not invented"


def test_scope_narrows_every_figure_and_is_kept_in_links(client: Client) -> None:
    page = client.get("/?metro=BUF&from=2018/19&to=2019/20").content.decode()
    assert "Buffalo City: 0 projects" in page
    assert "/wheat/?metro=BUF&amp;from=2018/19&amp;to=2019/20" in page


def test_the_ladder_draws_each_document_and_lists_its_cells(client: Client) -> None:
    page = client.get("/projects/U-0001/").content.decode()
    for words in (
        "BEPP 2017/18",
        "IDP 2018/19",
        "Budget SA36 2018/19",
        "Provincial list 2018/19",
        "national 2018/19",
        "municipal 2018/19",
        "ETH!R118",
        "R 45 000 000",
    ):
        assert words in page
    assert "b-provincial" in page


def test_related_projects_are_told_from_both_sides(client: Client) -> None:
    part = client.get("/projects/U-0003/").content.decode()
    assert "is part of" in part
    assert 'href="/projects/U-0001/"' in part
    assert "names the programme as its parent" in part
    assert "covers" in client.get("/projects/U-0001/").content.decode()


def test_an_earlier_id_leads_to_the_project_that_it_became(client: Client) -> None:
    answer = client.get(f"/projects/{country.MERGED}/", {"metro": "ETH"}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/projects/U-0001/?")
    assert "metro=ETH" in answer.redirect_chain[0][0]
    assert (
        f"{country.MERGED} (Cornubia houses) is now U-0001: both turned out to be one project."
        in answer.content.decode()
    )


def test_an_id_whose_project_was_split_or_withdrawn_says_so(client: Client) -> None:
    page = client.get(f"/projects/{country.SPLIT}/").content.decode()
    assert "turned out to be several projects: U-0003 and U-0004." in page
    assert 'href="/projects/U-0004/"' in page
    gone = client.get(f"/projects/{country.WITHDRAWN}/")
    assert gone.status_code == 410
    assert "Umlazi clinic" in gone.content.decode()
    assert "Part of what this id once held" in client.get("/projects/U-0002/").content.decode()


def test_a_mistyped_id_names_the_one_that_was_meant(client: Client) -> None:
    answer = client.get("/projects/ZA-ETH-00000010-8/")
    assert answer.status_code == 404
    assert f"Did you mean {country.MERGED}?" in answer.content.decode()


def test_an_earlier_id_finds_its_project_in_the_list(client: Client) -> None:
    page = client.get("/projects/", {"q": country.MERGED.lower()}).content.decode()
    assert 'href="/projects/U-0001/' in page


def test_a_project_without_months_says_so(client: Client) -> None:
    assert "there is nothing to draw" in client.get("/projects/U-0004/").content.decode()


def test_a_finding_shows_its_cells_as_cells(client: Client) -> None:
    page = client.get("/wheat/W07:U-0001:2018/19/").content.decode()
    assert "IRM-KZN-2018.csv" in page
    assert "<b>AB14</b>" in page
    assert "260000000" in page
    assert "Do two documents give the same project different amounts?" in page


def test_unknown_is_never_nought(client: Client) -> None:
    page = client.get("/indicators/B1/").content.decode()
    assert "not known" in page
    assert (
        "0\u00a0%"
        not in page.partition("Every metro")[0].partition("<h1>")[2].partition("</h1>")[0]
    )


def test_a_ratio_and_months_are_not_per_cent_and_a_band_may_have_no_end(client: Client) -> None:
    def heading(indicator: str) -> str:
        page = client.get(f"/indicators/{indicator}/").content.decode()
        return page.partition("<h1>")[2].partition("</h1>")[0].replace("\u00a0", " ")

    assert "0.43 times in 2018/19, in nine cases of ten at least 0.21 times" in heading("S2")
    assert (
        "7.5 months in 2018/19, in nine cases of ten between 3.0 months and 36.0 months"
        in heading("T1.inversion")
    )


def test_an_indicator_is_cut_by_province_institution_and_fund(client: Client) -> None:
    page = client.get("/indicators/V1/").content.decode()
    cut = page.partition("By province, institution and fund")[2].partition("</table>")[0]

    for words in ("KwaZulu-Natal", "Human Settlements", "Urban Settlements Development Grant"):
        assert words in cut


def test_an_entry_leads_to_the_figures_it_feeds(client: Client) -> None:
    page = client.get("/entries/cccc:0:118/").content.decode()
    assert reverse("indicator", args=["V1"]) in page
    assert reverse("finding", args=["W07:U-0001:2018/19"]) in page


def test_the_map_has_shapes_points_a_drawing_and_a_table(client: Client) -> None:
    shapes = client.get("/map/areas.json").json()
    assert [f["properties"]["shade"] for f in shapes["features"]] == [4, 0, -1]
    points = client.get("/map/points.json").json()
    assert points["count"] == 2
    assert points["points"][0]["href"] == "/projects/U-0001/"
    drawing = client.get("/map/picture.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert b"Cornubia" in drawing.content
    assert "illustrative boundary" in client.get("/map/").content.decode()


def test_without_a_harvest_the_page_says_what_to_do(
    client: Client, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.HARVESTER_HOME = tmp_path
    for address in ("/", "/projects/", "/wheat/download.csv"):
        page = client.get(address)
        assert page.status_code == 200
        assert "No harvest yet" in page.content.decode()


def test_a_new_harvest_is_seen_at_once_and_whole(
    client: Client, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.HARVESTER_HOME = tmp_path
    made = country.tables()
    country.store(tmp_path, made)
    assert "3 misalignments" in client.get("/wheat/").content.decode()
    fewer = {**made, "findings": made["findings"].slice(0, 1)}
    country.store(tmp_path, fewer, run="h0002")
    page = client.get("/wheat/").content.decode()
    assert "1 misalignment," in page
    assert "Harvest h0002" in page
