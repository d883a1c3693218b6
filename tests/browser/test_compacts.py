"""A compact in a real browser: written without JavaScript, checked by both parties; every page fits."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accounts import sign_in
from tests.browser.test_pages import CONTRAST, HEADINGS, OVERFLOW, UNNAMED, WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AGREED = "2018-02-01"
SINGLE = {
    "outcomes": "1 200 houses that can be lived in", "indicators": "Houses occupied",
    "oversight": "Each quarter at the metropolitan forum", "dispute_clause": "Facilitation first",
    "begins": "2018-03-01", "ends": "2021-06-30",
}  # fmt: skip
FIRST_ROWS = {
    "challenges-0-what": "The outfall sewer is full", "roles-0-what": "Bulk sewer",
    "challenges-0-response": "The city builds it first", "roles-1-what": "Houses",
    "contributions-0-what": "outfall sewer", "contributions-0-year": "2018/19",
    "contributions-0-amount": "45 000 000", "contributions-0-condition": "Bulk services",
    "commitments-0-action": "Build the outfall sewer", "commitments-0-year": "2018/19",
    "commitments-0-amount": "R 45m", "commitments-0-undertaking": "cornubia",
}  # fmt: skip
CHOSEN = {
    "contributions-0-party": "ETH", "contributions-0-fund": "USDG", "commitments-0-party": "ETH",
    "commitments-0-document": "budget", "trigger": "service_in_area",
}  # fmt: skip


def step(page: Page, site: Site, number: str, name: str, **told: str) -> None:
    """Take a step by its form on the matter's page."""
    page.goto(f"{site.address}/cases/{number}/")
    form = page.locator(f"form.step:has(input[name=step][value={name}])")
    fold = form.locator("xpath=ancestor::details")
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    for field, value in told.items():
        box = form.locator(f"[name={field}]")
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    form.locator("[name=on]").fill(AGREED)
    form.locator("button").last.click()
    # The answer is a page of its own: under load it is not there yet when the click is done.
    expect(page.get_by_text("Done:")).to_have_count(1, timeout=20_000)


def fits(page: Page, address: str) -> None:
    """The page at this address fits, can be read, and every control has its label."""
    page.goto(address)
    assert page.evaluate(OVERFLOW) <= 0, f"{address} scrolls sideways"
    assert page.evaluate(CONTRAST) == [], address
    assert page.evaluate(UNNAMED) == [], address
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (address, levels)


def test_a_compact_is_written_without_javascript_and_passes_the_checks(
    chromium: Browser, site: Site
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    other = chromium.new_context(viewport={"width": 1280, "height": 900})
    metro, province = context.new_page(), other.new_page()
    sign_in(metro, site, "planner")
    sign_in(province, site, "official")
    metro.goto(
        f"{site.address}/cases/open/?parties=ETH+KZN-HS&procedure=protocol&title=Sewer+first"
        "&opened=2018-01-15"
    )
    metro.get_by_role("button", name="Open it: Implementation protocol").click()
    number = re.search(r"/cases/(\d+)/", metro.url)[1]
    compact = f"{site.address}/cases/{number}/compact/"

    plain = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False,
        storage_state=context.storage_state(),
    )  # fmt: skip
    writer = plain.new_page()
    writer.goto(compact)
    writer.get_by_role("link", name="Write the contents").click()
    for name, value in {**SINGLE, **FIRST_ROWS}.items():
        writer.fill(f"[name={name}]", value)
    for name, value in CHOSEN.items():
        writer.select_option(f"[name={name}]", value)
    writer.get_by_role("button", name="Look up Commitment 1").click()
    writer.select_option("[name=commitments-0-chosen]", "U-0001")
    writer.get_by_role("button", name="Add a contribution").click()
    assert writer.url.endswith("#contributions-1")
    writer.select_option("[name=contributions-1-party]", "KZN-HS")
    writer.select_option("[name=contributions-1-brings]", "staff")
    writer.fill("[name=contributions-1-what]", "project office")
    writer.get_by_role("button", name="Keep as a version").first.click()
    assert "Write a financial year such as 2019/20." in writer.content()
    writer.fill("[name=contributions-1-year]", "2018/19")
    writer.get_by_role("button", name="Keep as a version").first.click()
    assert "drafted and whole, not in force" in writer.locator("h1").inner_text()

    step(metro, site, number, "consider", told_trigger="service_in_area", told_consulted="KZN-HS",
         text_consultation_record="Minutes")  # fmt: skip
    step(metro, site, number, "draft", text_draft="As written here")
    for name, paper in (("check", "opinion"), ("authorise", "authorisation")):
        for page in (metro, province):
            step(page, site, number, name, **{f"text_{paper}": "as agreed"})
    known = province.context.storage_state()
    for width, scheme in itertools.product(WIDTHS, ("light", "dark")):
        reader = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=known
        )
        page = reader.new_page()
        for address in (
            compact, f"{compact}edit/", f"{compact}versions/1/", f"{site.address}/commitments/",
        ):  # fmt: skip
            fits(page, address)
        reader.close()
    for one in (context, other, plain):
        one.close()
