"""What people without an account do: report an issue, and answer once through a signed link."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.web.actions import answers, reports
from harvester.web.actions.acting import Actor
from harvester.web.models import AnswerLink, Event, Matter, MatterStep
from harvester.web.rights import Level, Role
from tests.web import matters
from tests.web.conftest import person_of
from tests.web.matters import admit, client_of, done, hidden, send

pytestmark = pytest.mark.django_db
ANSWER = {"name": "J. Naidoo, Housing", "answer": "The R 640 m covers four years."}


@pytest.fixture
def case() -> Matter:
    return admit(client_of(matters.secretariat()), matters.planner(), matters.official())


@pytest.fixture
def address(case: Matter) -> str:
    """An address the secretariat made through the form on the case's page."""
    told = {"institution": "KZN-HS", "name": "J. Naidoo", "question": "Which years is it for?"}
    page = (
        client_of(matters.secretariat()).post(f"/cases/{case.number}/ask/", told).content.decode()
    )
    return re.search(r"http://testserver(/answer/[^<\s]+)", page)[1]


def test_an_official_without_an_account_answers_once(case: Matter, address: str) -> None:
    guest = Client()
    assert "Which years is it for?" in guest.get(address).content.decode()
    response = guest.post(address, ANSWER)
    assert response.status_code == 200
    step = MatterStep.objects.get(step="answer")
    assert (step.institution, step.kind, step.person) == ("KZN-HS", "party", None)
    assert step.name == "guest:J. Naidoo, Housing (KZN-HS)"
    event = Event.objects.get(action="stepped")
    assert (event.subject, event.actor) == (case.key, step.name)
    assert "covers four years" in guest.get(f"/cases/{case.number}/").content.decode()

    again = guest.get(address)
    assert again.status_code == 410
    assert "an answer was given through this link already" in again.content.decode()
    assert guest.post(address, ANSWER).status_code == 410
    assert MatterStep.objects.filter(step="answer").count() == 1


def test_a_link_ends_with_its_last_day(case: Matter, address: str) -> None:
    link = AnswerLink.objects.get()
    signed = address.split("/")[2]
    assert answers.opened(signed, link.last_day) == link
    with pytest.raises(answers.SpentLinkError, match="could be used up to"):
        answers.opened(signed, link.last_day + dt.timedelta(days=1))
    late = timezone.now() + dt.timedelta(days=answers.DAYS + 1)
    with pytest.raises(answers.SpentLinkError):
        answers.answer_by_link(signed, **ANSWER, at=late)
    assert not MatterStep.objects.filter(step="answer").exists()


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1] + ("A" if s[-1] != "A" else "B"), lambda s: "x" + s[1:],
               lambda s: s[: len(s) // 2], lambda _: signing.dumps("another", salt=answers.SALT),
               lambda _: signing.dumps("another")],
)  # fmt: skip
def test_an_address_that_was_changed_leads_nowhere(address: str, change) -> None:
    response = Client().get(f"/answer/{change(address.split('/')[2])}/")
    assert response.status_code == 404
    assert "Which years" not in response.content.decode()


def test_the_address_is_kept_nowhere_and_shown_once(case: Matter, address: str) -> None:
    token = AnswerLink.objects.get().token
    for event in Event.objects.all():
        assert token not in event.payload + event.subject
    page = client_of(matters.secretariat()).get(f"/cases/{case.number}/").content.decode()
    assert address not in page


def test_only_a_party_is_asked_and_only_by_the_secretariat(case: Matter) -> None:
    told = {"institution": "CPT", "name": "A", "question": "B?"}
    sec = matters.secretariat()
    assert client_of(sec).post(f"/cases/{case.number}/ask/", told).status_code == 400
    with pytest.raises(UserError, match="not a party"):
        answers.make_link(Actor.of(sec), case, **told)
    told["institution"] = "ETH"
    assert client_of(matters.planner()).post(f"/cases/{case.number}/ask/", told).status_code == 403
    assert Client().post(f"/cases/{case.number}/ask/", told).status_code == 302
    assert not AnswerLink.objects.exists()


def test_an_answer_to_a_case_that_is_over_is_given_back(case: Matter, address: str) -> None:
    sec = client_of(matters.secretariat())
    done(
        send(
            sec, case.number, "dismiss", told_why_dismissed="Both agreed.", text_consent="Letters."
        )
    )
    page = Client().post(address, ANSWER)
    assert page.status_code == 400
    assert "takes no answer now" in page.content.decode()
    assert "covers four years" in page.content.decode(), "what was typed is still there"


# --- Reports ---------------------------------------------------------------------------------------

REPORT = {
    "title": "School without water", "text": "The clinic and the school share a pipe & a budget.",
    "metro": "ETH", "institution": "KZN-EDU", "name": "A teacher", "contact": "083 000 0000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    cache.clear()


def test_anyone_reports_and_it_becomes_a_grain_for_triage() -> None:
    response = Client().post("/report/", REPORT)
    assert response.status_code == 200
    assert "case:1" in response.content.decode()
    grain = Matter.objects.get()
    assert (grain.level, grain.known["marked"], grain.opened_by) == ("parties", "reported", None)
    assert grain.parties == ["KZN-EDU", "ETH"]
    assert Event.objects.get(subject="case:1").actor == "guest:A teacher"
    assert Client().get("/cases/1/").status_code == 404, "not published unseen"
    sec = client_of(matters.secretariat())
    assert "083 000 0000" in sec.get("/cases/1/").content.decode()
    assert "School without water" in sec.get("/tasks/").content.decode()
    party = client_of(matters.planner()).get("/cases/1/").content.decode()
    assert "share a pipe &amp; a budget" in party
    assert "083 000 0000" not in party, "how to reach them is for the secretariat"
    matters.official(name="pieter")
    done(send(sec, 1, "admit", told_owner="planner-eth", told_delegate="pieter",
              told_offering="agreements"))  # fmt: skip
    assert matters.course(1).state == "open"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "<b>bold</b>"}, "without markup"),
        ({"title": "<script>alert(1)</script>"}, "without markup"),
        ({"text": "[url=http://x]y[/url]"}, "without markup"),
        ({"text": ""}, "Say what does not line up"),
        ({"title": ""}, "in a few words"),
        ({"metro": "", "institution": ""}, "which city or institution"),
        ({"institution": "Nowhere"}, "no institution is known"),
        ({"text": "x" * 5000}, "at most"),
    ],
)
def test_a_report_that_cannot_be_kept_says_why(change: dict, why: str) -> None:
    response = Client().post("/report/", REPORT | change)
    assert response.status_code == 400
    assert why in response.content.decode()
    assert not Matter.objects.exists()


def test_reports_from_one_address_are_counted() -> None:
    codes = [Client().post("/report/", REPORT).status_code for _ in range(reports.MOST_AN_HOUR + 2)]
    assert codes == [200] * reports.MOST_AN_HOUR + [429, 429]
    assert Matter.objects.count() == reports.MOST_AN_HOUR


# --- Rights in a matter ----------------------------------------------------------------------------

NOBODY: set[str] = set()


@pytest.mark.parametrize(
    ("who", "kinds", "steps"),
    [
        (("public", ""), NOBODY, NOBODY),
        (("secretariat", ""), {"secretariat"}, {"merge", "dismiss", "hand_over"}),
        (("owner", "ETH"), {"owner", "party"}, {"begin", "hand_over", "answer"}),
        (("delegate", "KZN-HS"), {"owner", "party"}, {"begin", "hand_over", "answer"}),
        (("party", "ETH"), {"party"}, {"answer"}),
        (("another party's", "KZN-HS"), {"party"}, {"answer"}),
        (("another metro's", "CPT"), NOBODY, NOBODY),
        (("another department's", "KZN-EDU"), NOBODY, NOBODY),
        (("facilitator", ""), NOBODY, NOBODY),
        (("auditor", ""), NOBODY, NOBODY),
        (("analyst", "NT"), NOBODY, NOBODY),
    ],
)
def test_who_is_what_in_a_case_and_which_steps_the_page_offers(
    case: Matter, who: tuple[str, str], kinds: set[str], steps: set[str]
) -> None:
    name, code = who
    person = {
        "public": lambda: None, "secretariat": matters.secretariat, "owner": matters.planner,
        "delegate": matters.official, "auditor": lambda: person_of(Role.AUDITOR),
        "facilitator": lambda: person_of(Role.FACILITATOR), "analyst": lambda: person_of(Role.ANALYST, code),
    }.get(name, lambda: (matters.planner if len(code) == 3 else matters.official)(code, "x"))()  # fmt: skip
    client = client_of(person) if person else Client()
    page = client.get(f"/cases/{case.number}/").content.decode()
    offered = set(re.findall(r'name="step" value="(\w+)"', page))
    assert offered == steps
    if person is not None:
        from harvester.web.matters import people

        assert people.kinds_of(person, matters.course(case.number), frozenset()) == kinds
    for step in {"begin", "hand_over", "answer", "merge", "dismiss", "close"} - steps:
        told = {"step": step, "seen": "1", "on": "2030-01-01", "told_plan": "x", "told_answer": "x",
                "told_owner": "lindiwe", "told_delegate": "official-kzn-hs", "text_consent": "x",
                "told_why_dismissed": "x", "told_finding_gone": "true", "told_shown_by": "x",
                "on_": ""} | {"on": timezone.localdate().isoformat()}  # fmt: skip
        assert client.post(f"/cases/{case.number}/step/", told).status_code in {302, 400, 403}
    assert len(matters.course(case.number).taken) == 1, (
        "nothing was taken by those without the right"
    )


def test_a_delegate_acts_for_the_owner_and_the_log_says_so(case: Matter) -> None:
    from harvester.web.actions.people import name_delegate

    owner, other = matters.planner(), matters.planner(name="stand-in")
    today = timezone.localdate()
    name_delegate(Actor.of(owner), owner, other, first_day=today,
                  last_day=today + dt.timedelta(days=5), reason="leave")  # fmt: skip
    client = client_of(other)
    assert 'value="begin"' not in client.get("/cases/1/").content.decode()
    client.post("/account/acting/", {"for": str(owner.pk)})
    done(send(client, 1, "begin", told_plan="Meet."))
    step = MatterStep.objects.get(step="begin")
    assert (step.name, step.on_behalf_of) == ("stand-in", "planner-eth")


def test_papers_of_a_case_are_for_its_parties_unless_told_otherwise(case: Matter) -> None:
    own = client_of(matters.planner())
    done(send(own, 1, "begin", told_plan="Meet."))
    done(send(own, 1, "agree", text_agreement="We agree on R 640 m."))
    assert "We agree" not in Client().get("/papers/").content.decode()
    assert Client().get("/papers/download.json").json()["total"] == 0
    done(send(own, 1, "take_force", text_instrument="Gazette 42.", public="on"))
    (only,) = Client().get("/papers/download.json").json()["papers"]
    assert (only["level"], only["matter"]) == (Level.PUBLIC, "case:1")
    assert hidden(own.get("/cases/1/").content.decode(), "reopen")["seen"] == "4"
