"""What tests of matters share: people, forms as a browser sends them, the next harvest."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from harvester.web.matters import courses
from harvester.web.models import Matter
from harvester.web.rights import Role
from tests.web import country
from tests.web.conftest import person_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.http import HttpResponse

FINDING = "W07:U-0001:2018/19"
SECRET = "Zanzibar"
"""A word that stands in what is privileged only."""


def client_of(person: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def secretariat() -> User:
    return person_of(Role.SECRETARIAT, username="lindiwe")


def planner(code: str = "ETH", name: str = "") -> User:
    return person_of(Role.PLANNER, code, name or f"planner-{code.lower()}")


def official(code: str = "KZN-HS", name: str = "") -> User:
    return person_of(Role.OFFICIAL, code, name or f"official-{code.lower()}")


def hidden(page: str, step: str) -> dict[str, str]:
    """The hidden fields of a step's form on a page, as a browser sends them back."""
    form = next(f for f in page.split("<form ")[1:] if f'name="step" value="{step}"' in f)
    form = form.split("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found.pop("csrfmiddlewaretoken", None)
    return found


def send(client: Client, number: int, step: str, **told: Any) -> HttpResponse:
    """Open the matter's page, fill in the form of a step, and send it."""
    page = client.get(f"/cases/{number}/").content.decode()
    sent = hidden(page, step) | {"on": timezone.localdate().isoformat()}
    return client.post(f"/cases/{number}/step/", sent | told)


def done(response: HttpResponse) -> None:
    """The step was taken: the page leads back to the matter."""
    assert response.status_code == 302, re.sub(r"\s+", " ", response.content.decode())[-6000:]


def course(number: int) -> courses.Course:
    return courses.course_of(Matter.objects.get(number=number))


def admit(client: Client, owner: User, delegate: User, finding: str = FINDING) -> Matter:
    """The secretariat admits a finding as a case, through the form on the finding's page."""
    page = client.get(f"/wheat/{finding}/").content.decode()
    response = client.post("/cases/triage/", hidden(page, "admit") | {
        "on": timezone.localdate().isoformat(), "told_owner": owner.get_username(),
        "told_delegate": delegate.get_username(), "told_offering": "compacts",
    })  # fmt: skip
    done(response)
    return Matter.objects.get(finding=finding)


def next_harvest(home: Path, *, cause: str = "submission", document: str = "budget") -> None:
    """The same country a season on: the finding is gone, and the metro's new paper mended it."""
    made = country.tables()
    gone = made["findings"].to_pylist()
    made["findings"] = _rows("findings", [row for row in gone if row["finding_id"] != FINDING])
    papers = made["submissions"].to_pylist()
    old = next(row for row in papers if row["submission_id"] == "cccc:0")
    new = {
        **old, "submission_id": "abcd:0", "sha256": "d" * 64, "file": "SA36-2019.xlsx",
        "document": document, "financial_year": "2019/20", "published_on": dt.date(2019, 6, 1),
    }  # fmt: skip
    made["submissions"] = _rows("submissions", [*papers, new])
    lost = next(row for row in gone if row["finding_id"] == FINDING)
    names = ("finding_id", "detector", "title", "statement", "severity", "metro", "year", "parties")
    made["mended"] = _rows("mended", [
        {**{name: lost[name] for name in names}, "cause": cause, "submissions": "abcd:0",
         "files": "SA36-2019.xlsx", "mended_on": dt.date(2019, 6, 1)}
    ])  # fmt: skip
    country.store(home, made, run="h0002")


def _rows(name: str, rows: list[dict[str, Any]]) -> Any:
    from harvester.engine import schema

    table = next(one for one in schema.HARVEST_TABLES if one.name == name)
    return table.from_rows(rows)
