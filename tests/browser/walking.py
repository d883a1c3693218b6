"""People in their own browsers, who do what the pages offer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PASSWORD = "a long enough password"


@dataclass
class Person:
    """Somebody signed in, in a browser of their own."""

    page: Page
    site: str
    password: str

    @classmethod
    def signed_in(cls, browser: Browser, site: str, name: str, password: str = PASSWORD) -> Person:
        page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
        page.goto(f"{site}/accounts/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", password)
        page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_load_state()
        return cls(page, site, password)

    def goes(self, path: str) -> str:
        """Open a page; what its heading says."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.heading

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def says(self) -> str:
        """What the page says, with plain spaces."""
        return self.main.inner_text().replace("\u00a0", " ")

    def takes(self, number: int, step: str, **told: str) -> str:
        """Take a step of a matter: its form is opened, filled in and sent. What the heading says then.

        Answers by fact; papers, as words, by kind with ``paper_`` before it; others by field.
        """
        self.goes(f"/cases/{number}/")
        form = self.page.locator(f"form.step:has(input[name=step][value={step}])")
        assert form.count(), f"{step} is not open: {self.main.inner_text()[:1500]}"
        if not form.is_visible():
            self.page.locator("details.move", has=form).locator("summary").click()
        for name, value in told.items():
            if name.startswith("paper_"):
                form.locator(f"[name=text_{name.removeprefix('paper_')}]").fill(value)
            else:
                fill(form.locator(f"[name=told_{name}], [name={name}]"), value)
        self.sends(form)
        return self.heading

    def sends(self, form: Locator) -> None:
        """Press the form's own button, and see that nothing was refused."""
        form.locator("button:not([value]), button[value=save]").first.click()
        self.page.wait_for_load_state()
        wrong = self.page.locator(".note.bad, .error")
        assert wrong.count() == 0, wrong.all_inner_texts()


def fill(field: Locator, value: str) -> None:
    """Choose or write, as the field asks."""
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
