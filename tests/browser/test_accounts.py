"""Accounts in a real browser: a passkey set up and used, pages that fit, and a log that is walked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import CONTRAST, HEADINGS, OVERFLOW, UNNAMED, WIDTHS, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ["/account/", "/accounts/2fa/", "/accounts/2fa/webauthn/", "/audit/", "/papers/", "/about/"]
GUARDED = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]
"""Pages for which the password is asked once more."""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto(site.address + "/accounts/login/")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password").fill(site.password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(site.address + "/", wait_until="networkidle")


def confirm(page: Page, site: Site) -> None:
    page.goto(site.address + GUARDED[0])
    page.get_by_label("Your password").fill(site.password)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**" + GUARDED[0])


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_an_account_fit_and_can_be_read(chromium: Browser, site: Site, width: int) -> None:
    for scheme in ("light", "dark"):
        page, complaints = opened(chromium, width, scheme=scheme)
        sign_in(page, site, "auditor")
        confirm(page, site)
        for address in PAGES + GUARDED:
            page.goto(site.address + address)
            page.wait_for_load_state("networkidle")
            assert page.evaluate(OVERFLOW) <= 0, f"{address} scrolls sideways at {width}"
            assert page.evaluate(CONTRAST) == [], (address, scheme)
            assert page.evaluate(UNNAMED) == [], address
            levels = page.evaluate(HEADINGS)
            assert levels[0] == 1
            assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), address
            assert complaints == [], address
        page.close()


def test_a_passkey_is_added_and_signs_in_without_a_password(chromium: Browser, site: Site) -> None:
    """The address is ``localhost``: passkeys belong to names, not to numbers."""
    named = type(site)(site.address.replace("127.0.0.1", "localhost"), site.password)
    page, complaints = opened(chromium, 1280)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, named, "analyst")
    confirm(page, named)
    page.goto(named.address + "/accounts/2fa/webauthn/add/")
    page.get_by_label("What you call it").fill("My telephone")
    page.get_by_label("Use it instead of the password, too").check()
    page.get_by_role("button", name="Add it now").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert page.locator("ol.codes li").count() == 10
    page.get_by_role("link", name="I have them on paper").click()
    page.get_by_text("A passkey or security key: My telephone").wait_for()
    page.goto(named.address + "/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(named.address + "/", wait_until="networkidle")
    page.goto(named.address + "/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(named.address + "/", wait_until="networkidle")
    page.get_by_role("link", name="Thabo Nkosi").wait_for()
    assert complaints == []
    page.close()


def test_a_passkey_that_is_not_there_is_told_on_the_page(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 390)
    page.goto(site.address.replace("127.0.0.1", "localhost") + "/accounts/login/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").wait_for()
    assert "sign in another way" in page.get_by_role("alert").inner_text().lower()
    page.close()


def test_the_auditor_walks_the_log_without_javascript(chromium: Browser, site: Site) -> None:
    page, _ = opened(chromium, 1280, script=False)
    sign_in(page, site, "auditor")
    page.get_by_role("link", name="Audit log").click()
    page.get_by_label("Did what").select_option(label="Account made or renewed")
    page.get_by_role("button", name="Filter").click()
    page.get_by_text("6 events as filtered").wait_for()
    page.get_by_role("button", name="Walk the whole log now").click()
    page.get_by_role("heading", name="events stand as they were written").wait_for()
    page.close()
