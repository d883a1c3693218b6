"""A forum meets, in a real browser: called, a case tabled, decided with dissent, answered by its owner."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import CONTRAST, HEADINGS, OVERFLOW, UNNAMED, WIDTHS, opened
from tests.web.matters import FINDING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORUM = "/forums/TECHNICAL:METRO:ETH/"
PAGES = ["/forums/", FORUM, "/forums/MINMEC/", "/forums/calendar/", "/decisions/", "/programme/", "/tasks/",
         "/account/telling/", f"{FORUM}call/"]  # fmt: skip


def enter(page: Page, site: Site, name: str) -> None:
    """Sign in; where somebody has tasks the pages begin with those."""
    page.goto(site.address + "/accounts/login/")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Sign out").wait_for()


def staff(chromium: Browser, site: Site, width: int, scheme: str = "light") -> Page:
    page, _ = opened(chromium, width, scheme=scheme)
    enter(page, site, "secretariat")
    return page


def test_a_forum_meets_and_its_decision_is_answered(chromium: Browser, site: Site) -> None:
    desk = staff(chromium, site, 1280)
    desk.goto(f"{site.address}/wheat/{FINDING}/")
    admit = desk.locator("details", has=desk.locator("input[name=step][value=admit]")).first
    admit.locator("summary").first.click()
    admit.locator("select[name=told_owner]").select_option("planner")
    admit.locator("select[name=told_delegate]").select_option("official")
    admit.locator("select[name=told_offering]").select_option("compacts")
    admit.get_by_role("button").click()
    desk.wait_for_url("**/cases/*/")
    case = desk.url

    planner, complaints = opened(chromium, 390)
    enter(planner, site, "planner")
    planner.goto(case)
    begin = planner.locator("details", has=planner.locator("input[name=step][value=begin]"))
    begin.locator("summary").click()
    begin.locator("textarea[name=told_plan]").fill("Lay the lists side by side.")
    begin.get_by_role("button").click()
    planner.wait_for_url("**#thread")

    desk.goto(site.address + FORUM)
    desk.get_by_role("link", name="Call a meeting").click()
    desk.get_by_label("Day", exact=True).fill(dt.date.today().isoformat())  # noqa: DTZ011
    desk.get_by_role("button", name="Call the meeting").click()
    desk.wait_for_url("**/meetings/*/")
    assert "1 item" in desk.locator("h1").inner_text()
    item = desk.locator("ol.agenda > li").first
    item.get_by_text("Record what is decided").click()
    item.get_by_label("What was decided").fill("One line in the draft budget.")
    item.get_by_label("Who dissents").select_option("KZN-HS")
    item.get_by_label("Who is to do it").select_option("ETH")
    item.get_by_role("button", name="Record the decision").click()
    # A dissent without words: what was written is still there.
    item = desk.locator("ol.agenda > li").first
    assert "in which words" in item.inner_text()
    assert item.get_by_label("What was decided").input_value() == "One line in the draft budget."
    item.get_by_label("In which words").fill("Half of it is paid already.")
    item.get_by_role("button", name="Record the decision").click()
    desk.wait_for_url("**#item-*")
    meeting = desk.url.partition("#")[0]

    planner.goto(site.address + "/tasks/")
    planner.get_by_role("link", name="what became of it?").first.click()
    planner.get_by_label("What was done").fill("It is in.")
    planner.get_by_label("Paper or document that shows it").fill("SA36, row 118")
    planner.get_by_role("button", name="Record the answer").click()
    assert "done" in planner.locator("h1").inner_text()
    planner.goto(case)
    told = planner.locator("#forums").inner_text()
    assert "Half of it is paid already." in told
    assert "SA36, row 118" in told
    assert complaints == []

    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page = staff(chromium, site, width, scheme)
            for address in (meeting, case, *(site.address + path for path in PAGES)):
                page.goto(address)
                page.wait_for_load_state("networkidle")
                page.evaluate(
                    "document.querySelectorAll('main details').forEach(d => d.open = true)"
                )
                assert page.evaluate(OVERFLOW) <= 0, f"{address} scrolls sideways at {width}"
                assert page.evaluate(CONTRAST) == [], (address, scheme)
                assert page.evaluate(UNNAMED) == [], address
                levels = page.evaluate(HEADINGS)
                assert levels[0] == 1
                assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), address
