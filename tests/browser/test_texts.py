"""Two people in two browsers negotiate one text and sign it; one of them without JavaScript."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.browser.test_pages import CONTRAST, HEADINGS, OVERFLOW, UNNAMED, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def signed_in(browser: Browser, site: Site, name: str, width: int, **more: object) -> Page:
    page, _ = opened(browser, width, **more)
    page.goto(f"{site.address}/accounts/login/")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    return page


def sound(page: Page) -> None:
    """It fits, can be read, and every control has its label."""
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url} scrolls sideways"
    assert page.evaluate(CONTRAST) == [], page.url
    assert page.evaluate(UNNAMED) == [], page.url
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), page.url


def seal(page: Page, password: str) -> None:
    page.get_by_role("link", name="Go on to confirm").click()
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Go on").click()
    sound(page)
    page.get_by_role("button", name="Sign for").click()


def test_a_text_is_negotiated_crossed_agreed_and_sealed(chromium: Browser, site: Site) -> None:
    city = signed_in(chromium, site, "planner", 1280, script=False)
    province = signed_in(chromium, site, "official", 390, scheme="dark")
    asked = {"parties": "ETH KZN-HS", "title": "School sites", "subject": "other",
             "agreement_clause": "false"}  # fmt: skip
    city.goto(f"{site.address}/cases/open/?{urlencode(asked)}")
    city.get_by_role("button", name="Open it").click()
    matter = city.url.rstrip("/").rsplit("/", 1)[-1]
    city.get_by_role("link", name="Negotiated texts").click()
    city.get_by_label("What it is").select_option("norm")
    city.get_by_label("Title").fill("Site size")
    sound(city)
    city.get_by_role("button", name="Open it").click()
    city.get_by_label("Heading").fill("Primary school")
    city.get_by_label("Words").fill("A site of 2.8 hectares.")
    city.get_by_role("button", name="Propose it").click()
    sound(city)
    text = city.url.split("#")[0]
    for page in (city, province):
        page.goto(f"{text}clauses/1/")
    city.get_by_label("Your words").fill("A site of 1.5 hectares.")
    province.get_by_label("Your words").fill("A site of 2.4 hectares.")
    city.get_by_role("button", name="Offer these words").click()
    province.get_by_role("button", name="Offer these words").click()
    assert "offered something else for the same version" in province.inner_text("main")
    province.get_by_text("A site of 1.5 hectares.").first.wait_for()
    sound(province)
    city.reload()
    assert "2 offers crossed" in city.inner_text("h1")
    sound(city)
    city.get_by_role("button", name="Choose the words of version 3").click()
    province.goto(f"{site.address}/tasks/")
    sound(province)
    province.get_by_role("link", name="clause 1, Primary school").click()
    province.get_by_label("accepts", exact=True).check()
    province.get_by_label("Dissent to be recorded").fill("Noted.")
    province.get_by_role("button", name="Record it").click()
    assert "agreed by every party" in province.inner_text("h1")
    city.goto(text)
    city.get_by_role("button", name="Lay it out to be signed").click()
    sound(city)
    edition = city.url
    seal(city, site.password)
    assert "1 of 2 parties have signed" in city.inner_text("h1")
    province.goto(edition)
    seal(province, site.password)
    assert "signed by every party" in province.inner_text("h1")
    sound(province)
    city.goto(f"{site.address}/cases/{matter}/signing/")
    assert "all have signed" in city.inner_text("main")
    sound(city)
    for page in (city, province):
        page.close()
