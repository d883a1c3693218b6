"""Pages in a real browser: they fit, they are silent, and they need no JavaScript."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKED_AT = [
    "/",
    "/projects/",
    "/projects/U-0001/",
    "/wheat/",
    "/wheat/W07:U-0001:2018/19/",
    "/map/",
    "/indicators/",
    "/indicators/V1/",
    "/submissions/",
    "/submissions/coverage/",
    "/submissions/cccc:0/",
    "/about/",
    "/entries/cccc:0:119/",
    "/accounts/login/",
    "/cases/",
    "/report/",
]
WIDTHS = [1280, 390]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter(e => !e.labels || !e.labels.length).map(e => e.outerHTML)"""
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])"
CONTRAST = """() => {
  const light = c => { const v = c.map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const parse = s => { const m = s.match(/[\\d.]+/g).map(Number); return {c: m.slice(0, 3), a: m[3] ?? 1}; };
  const poor = [];
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest('svg, .unknown, .leaflet-container')) continue;
    let ground = null; for (let p = e; p; p = p.parentElement) {
      const b = parse(getComputedStyle(p).backgroundColor); if (b.a > .99) { ground = b.c; break; } }
    if (!ground) continue;
    const a = light(parse(getComputedStyle(e).color).c), b = light(ground);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(e.className + ' ' + e.textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return poor;
}"""


def opened(
    browser: Browser, width: int, *, script: bool = True, scheme: str = "light"
) -> tuple[Page, list[str]]:
    """A page of this width that notes every complaint of the browser."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, java_script_enabled=script, color_scheme=scheme
    )
    complaints: list[str] = []
    page.on(
        "console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "requestfailed",  # a picture given up because its page was left is no complaint
        lambda request: (
            complaints.append(f"failed: {request.url} {request.failure}")
            if request.failure != "net::ERR_ABORTED"
            else None
        ),
    )
    return page, complaints


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_and_the_browser_has_nothing_to_complain_of(
    chromium: Browser, site: Site, width: int
) -> None:
    page, complaints = opened(chromium, width)
    for address in LOOKED_AT:
        page.goto(site.address + address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(OVERFLOW) <= 0, f"{address} scrolls sideways at {width}"
        assert complaints == [], address
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_and_every_control_has_its_label(
    chromium: Browser, site: Site, scheme: str
) -> None:
    page, _ = opened(chromium, 1280, scheme=scheme)
    for address in LOOKED_AT:
        page.goto(site.address + address)
        assert page.evaluate(CONTRAST) == [], address
        assert page.evaluate(UNNAMED) == [], address
        levels = page.evaluate(HEADINGS)
        assert levels[0] == 1
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), address
    page.close()


def test_nothing_comes_from_another_host(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 1280)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in LOOKED_AT:
        page.goto(site.address + address)
        page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith((site.address, "data:"))] == []
    page.close()


def test_the_map_shows_areas_and_projects_that_lead_on(chromium: Browser, site: Site) -> None:
    page, complaints = opened(chromium, 1280)
    page.goto(site.address + "/map/")
    page.wait_for_selector("#map path.place")
    assert page.locator("#map path.area").count() == 3
    assert page.locator("#map path.place").count() == 2
    page.locator("#map path.place").first.click(force=True)
    # The map glides until the popup is in sight: a click on its way would miss.
    page.locator(".leaflet-popup a[href^='/projects/']").wait_for()
    page.wait_for_selector("#map .leaflet-pan-anim", state="detached")
    page.locator(".leaflet-popup a[href^='/projects/']").click()
    page.wait_for_url("**/projects/**")
    assert "landing ladder" in page.content()
    assert complaints == []
    page.close()


def test_everything_works_without_javascript(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 1280, script=False)
    page.goto(site.address + "/map/")
    page.locator("#map img").wait_for()
    page.goto(site.address + "/")
    page.get_by_label("Metro").select_option("ETH")
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("?metro=ETH&from=&to=")
    page.get_by_role("link", name="See the findings").click()
    page.get_by_label("How bad").select_option("high")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Amounts disagree").first.click()
    page.get_by_text("260000000").wait_for()
    page.get_by_role("link", name="Cornubia integrated housing, phase 2").click()
    assert page.locator("svg rect.bar").count() > 5
    page.close()


def test_a_planner_signs_in_and_gives_a_file(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 390, script=False)
    page.goto(site.address + "/upload/")
    page.get_by_label("Name or e-mail").fill("planner")
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    assert page.url.endswith("/upload/")
    page.get_by_label("Files").set_input_files(
        {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"Dear sir, the list follows."}
    )
    page.get_by_role("button", name="Read the files").click()
    page.get_by_role("heading", name="Nothing could be read of letter.txt").wait_for()
    page.goto(site.address + "/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()
    page.close()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 1280)
    page.goto(site.address + "/projects/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
