"""Disputes through the pages: the router, the parties' forms, privilege, two people at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from harvester.processor.workflow.course import Course
from harvester.rules.law import procedures
from harvester.web.actions import signatures
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import save_version
from harvester.web.matters import people, tasks
from harvester.web.models import Edition, Event, Matter, MatterStep, Paper, Party
from harvester.web.rights import Level, Role
from tests.web import matters
from tests.web.compacts import WHOLE
from tests.web.conftest import person_of
from tests.web.matters import SECRET, client_of, done, hidden, send

pytestmark = pytest.mark.django_db


def begin(client: Client, parties: str, title: str, **told: str) -> Matter:
    """Open a dispute or compact by the form: what is told is shown first, then the button pressed."""
    asked = {"parties": parties, "title": title, **told}
    page = client.get("/cases/open/", asked)
    assert page.status_code == 200
    assert "Open it:" in page.content.decode(), page.content.decode()[-3000:]
    response = client.post("/cases/open/", asked | {"procedure": told.get("procedure", "route")})
    done(response)
    return Matter.objects.order_by("-number").first()


def file(name: str, word: str = "words") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"%PDF {word}".encode())


def test_the_johannesburg_housing_grant_runs_to_mediation(client: Client) -> None:
    """As ``tests/processor/stories/johannesburg_hsdg_2018.yaml`` tells it, through the forms."""
    city, province = matters.planner("JHB"), matters.official("GP-HS")
    treasury, other = matters.official("NT"), matters.planner("CPT")
    jhb, gp, nt = client_of(city), client_of(province), client_of(treasury)
    matter = begin(jhb, "JHB GP-HS", "Housing grant cut", subject="money",
                   agreement_clause="false", opened="2018-11-23")  # fmt: skip
    assert (matter.procedure, matter.level) == ("financial_dispute", "parties")
    assert matters.course(1).state == "raised"
    assert nt.get("/cases/1/").status_code == 404, "it has no part in it yet"
    refused = send(jhb, 1, "report", on="2018-11-26")
    assert refused.status_code == 400
    assert "Missing: Report to the National Treasury" in refused.content.decode()
    done(send(jhb, 1, "begin", on="2018-11-26", file_letter=file("letter.pdf")))
    assert [t.late for t in tasks.tasks_of(city, dt.date(2018, 12, 28))] == [True]
    early = send(jhb, 1, "report", on="2018-11-20", file_report=file("report.pdf"))
    assert "is before the step before it" in early.content.decode()
    done(send(jhb, 1, "report", on="2019-01-10", file_report=file("report.pdf")))
    assert Party.objects.filter(matter=matter.key, institution="NT").exists()
    assert "not known whether a party asked for it" in nt.get("/cases/1/").content.decode()
    done(send(jhb, 1, "ask_mediation", on="2019-01-10", text_request="Please name a mediator."))
    (waits,) = tasks.tasks_of(treasury, dt.date(2019, 1, 10))
    assert waits.what.startswith("Begin mediation")
    done(send(nt, 1, "mediate", on="2019-02-04", told_mediator="A Mediator",
              file_process=file("process.pdf")))  # fmt: skip
    assert matters.course(1).state == "mediated"
    page = jhb.get("/cases/1/").content.decode()
    assert "stopped late" in page
    done(send(jhb, 1, "settle", on="2019-02-20", file_settlement=file("settlement.pdf")))
    assert matters.course(1).state == "mediated", "each party settles"
    assert "your institution has done it" in jhb.get("/cases/1/").content.decode()
    done(send(gp, 1, "settle", on="2019-02-22", text_settlement="The same paper."))
    assert matters.course(1).state == "settled"
    assert client_of(other).get("/cases/1/").status_code == 404


@pytest.fixture
def declared() -> Matter:
    """A dispute of eThekwini and a province's department, declared with a privileged notice."""
    metro, province = matters.planner("ETH"), matters.official("KZN-HS")
    eth = client_of(metro)
    matter = begin(eth, "ETH KZN-HS", "Houses without a sewer", subject="other",
                   agreement_clause="false")  # fmt: skip
    done(send(eth, 1, "negotiate", file_issue_sheet=file("sheet.pdf")))
    done(send(client_of(province), 1, "log_effort", told_effort="We met on Monday.",
              file_effort_record=file("minutes.pdf")))  # fmt: skip
    done(send(eth, 1, "declare", reason=f"{SECRET}, because", file_notice=file(f"{SECRET}.pdf", SECRET),
              text_notice=f"{SECRET} in words", file_proof_of_service=file("proof.pdf")))  # fmt: skip
    return matter


def readers() -> dict[str, Client]:
    """Everybody who is neither party nor seated nor convening."""
    return {
        "anybody": Client(),
        "secretariat": client_of(matters.secretariat()),
        "auditor": client_of(person_of(Role.AUDITOR)),
        "another metro": client_of(matters.planner("CPT")),
        "another department": client_of(matters.official("KZN-EDU")),
        "a facilitator without a seat": client_of(person_of(Role.FACILITATOR, username="other")),
        "the Minister's department": client_of(matters.official("DCOG")),
        "analyst": client_of(person_of(Role.ANALYST, "NT")),
    }


def test_what_is_put_in_from_the_declaration_on_leaks_through_no_side_door(
    declared: Matter,
) -> None:
    papers = Paper.objects.filter(matter=declared.key, level=Level.PRIVILEGED)
    assert papers.count() == 2
    later = send(client_of(matters.planner("ETH")), 1, "meet", told_issues=f"{SECRET} one",
                 told_non_issues="none", told_mechanisms="none", told_mechanism="facilitation",
                 file_meeting_record=file(f"{SECRET}2.pdf", SECRET))  # fmt: skip
    done(later)
    tokens = [paper.token for paper in papers]
    assert SECRET in client_of(matters.official("KZN-HS")).get("/cases/1/").content.decode()
    addresses = [
        "/cases/1/", "/cases/", "/tasks/", "/", "/papers/", f"/papers/?q={SECRET}", "/audit/",
        "/cases/download.csv", "/cases/download.json", f"/cases/?q={SECRET}", "/papers/download.json",
        "/papers/download.csv", "/audit/download.jsonl", "/audit/download.csv",
        *(f"/papers/{token}/" for token in tokens), *(f"/papers/{token}/file" for token in tokens),
        *(f"/papers/{token}.json" for token in tokens),
    ]  # fmt: skip
    for who, client in readers().items():
        for address in addresses:
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told = body.decode("utf-8", "replace") + str(response.headers)
            # A search that was typed is shown again in its box: that is no leak.
            told = told.replace(f'value="{SECRET}"', "").replace(f'value="{SECRET.lower()}"', "")
            told = (
                re.sub(f'[‘?]?(q=)?{SECRET}[’"]?( you may read)?', "", told)
                if "q=" in address
                else told
            )
            assert SECRET not in told, (who, address)
            assert "Parties met" not in _stands(told), (who, address)
            assert "proof.pdf" not in told, (who, address)
        for kind in tokens:
            assert client.get(f"/papers/{kind}/").status_code == 404, who


def _stands(page: str) -> str:
    """The heading and lists of a page, without the picture of the procedure, which names every state."""
    page = page.split("The procedure, and where this matter stands in it", maxsplit=1)[0]
    return re.sub(r'<ol class="steps".*?</ol>', "", page, flags=re.DOTALL)


def test_the_secretariat_knows_that_it_became_privileged_and_no_more(declared: Matter) -> None:
    page = client_of(matters.secretariat()).get("/cases/1/").content.decode()
    assert "formal dispute declared" in page
    assert "the rest is privileged" in page
    before = re.findall(r"<h1>.*?</h1>|\d+ steps? taken", page)
    done(send(client_of(matters.planner("ETH")), 1, "meet", told_issues="one",
              told_non_issues="none", told_mechanisms="none", told_mechanism="facilitation",
              file_meeting_record=file("m.pdf")))  # fmt: skip
    after = client_of(matters.secretariat()).get("/cases/1/").content.decode()
    assert re.findall(r"<h1>.*?</h1>|\d+ steps? taken", after) == before
    steps = {"step": "withdraw", "seen": "4", "on": "2026-01-01"}
    assert client_of(matters.secretariat()).post("/cases/1/step/", steps).status_code == 404


def test_privileged_events_withhold_their_payload(declared: Matter) -> None:
    told = Event.objects.filter(subject=declared.key, action="step_matter").order_by("number")
    assert [event.level for event in told] == ["parties", "parties", "privileged"]
    page = client_of(matters.secretariat()).get("/audit/").content.decode()
    assert "withheld: privileged" in page
    assert SECRET not in page


def test_the_mec_s_department_learns_of_it_when_it_may_convene(declared: Matter) -> None:
    mec = matters.official("KZN-COGTA")
    page = client_of(mec).get("/cases/1/").content.decode()
    assert "The MEC convenes the parties" in page
    done(send(client_of(mec), 1, "convene_mec", file_convening_notice=file("notice.pdf")))
    assert matters.course(1).state == "convened"
    assert MatterStep.objects.get(step="convene_mec").kind == "mec"
    assert client_of(matters.official("DCOG")).get("/cases/1/").status_code == 404


def test_a_facilitator_acts_once_the_secretariat_has_given_the_seat(declared: Matter) -> None:
    eth = client_of(matters.planner("ETH"))
    done(send(eth, 1, "meet", told_issues="one\ntwo", told_non_issues="none",
              told_mechanisms="none", told_mechanism="facilitation",
              file_meeting_record=file("m.pdf")))  # fmt: skip
    assert matters.course(1).facts["issues"] == ["one", "two"]
    done(send(eth, 1, "designate", told_facilitator="Ayesha Patel"))
    ayesha = person_of(Role.FACILITATOR, username="ayesha")
    assert client_of(ayesha).get("/cases/1/").status_code == 404
    seat = {"person": "ayesha", "reason": "designated by the parties"}
    assert client_of(matters.planner("ETH")).post("/cases/1/seat/", seat).status_code == 403
    done(client_of(matters.secretariat()).post("/cases/1/seat/", seat))
    done(send(client_of(ayesha), 1, "report_initial", file_initial_report=file("report.pdf")))
    assert [t.what for t in tasks.tasks_of(ayesha, dt.date(2030, 1, 1))] != []


def test_the_second_of_two_people_is_told_and_loses_nothing(declared: Matter) -> None:
    metro, province = client_of(matters.planner("ETH")), client_of(matters.official("KZN-HS"))
    page = province.get("/cases/1/").content.decode()
    sent = hidden(page, "withdraw") | {
        "on": timezone.localdate().isoformat(), "told_why_withdrawn": "We agreed on the telephone.",
    }  # fmt: skip
    done(send(metro, 1, "meet", told_issues="one", told_non_issues="none", told_mechanisms="none",
              told_mechanism="facilitation", file_meeting_record=file("m.pdf")))  # fmt: skip
    response = province.post("/cases/1/step/", sent)
    page = response.content.decode()
    assert response.status_code == 400
    assert "Somebody acted while you were writing" in page
    assert "The parties meet" in page
    assert "We agreed on the telephone." in page
    assert matters.course(1).state == "met"
    again = hidden(page, "withdraw")
    assert again["seen"] == "4", "sending again says that it was seen"
    done(province.post("/cases/1/step/", sent | again))
    assert matters.course(1).state == "withdrawn"


def test_what_is_no_longer_open_comes_back_to_be_copied(declared: Matter) -> None:
    metro, province = client_of(matters.planner("ETH")), client_of(matters.official("KZN-HS"))
    page = province.get("/cases/1/").content.decode()
    sent = hidden(page, "withdraw") | {"on": timezone.localdate().isoformat(),
                                       "told_why_withdrawn": "No longer needed."}  # fmt: skip
    done(send(metro, 1, "withdraw", told_why_withdrawn="Settled otherwise."))
    page = province.post("/cases/1/step/", sent).content.decode()
    assert "cannot be done any more" in page
    assert "No longer needed." in page
    assert MatterStep.objects.filter(step="withdraw").count() == 1


@pytest.mark.parametrize(
    ("procedure", "parties", "facts", "kind", "institutions"),
    [
        ("dispute", ("ETH", "KZN-HS"), {"convener": "mec"}, "mec", {"KZN-COGTA"}),
        ("dispute", ("CPT", "WC-EDU"), {"convener": "mec"}, "mec", {"WC-LG"}),
        ("dispute", ("ETH", "KZN-HS"), {"convener": "mec"}, "minister", set()),
        ("dispute", ("CPT", "PRASA"), {"convener": "minister"}, "minister", {"DCOG"}),
        ("dispute", ("CPT", "PRASA"), {"convener": "minister"}, "mec", set()),
        ("dispute", ("CPT", "PRASA"), {}, "party", {"CPT", "PRASA"}),
        ("dispute", ("CPT", "PRASA"), {}, "court", {"CPT", "PRASA"}),
        ("financial_dispute", ("JHB", "GP-HS"), {}, "national_treasury", {"NT"}),
        ("idp_alignment", ("BUF", "EC-EDU"), {}, "municipality", {"BUF"}),
        ("idp_alignment", ("BUF", "EC-EDU"), {}, "council", {"BUF"}),
        ("idp_alignment", ("BUF", "EC-EDU"), {}, "mec", {"EC-COGTA"}),
        ("idp_alignment", ("BUF", "EC-EDU"), {}, "committee", {"BUF", "EC-COGTA", "DCOG"}),
        ("long_contract", ("CPT", "PRASA"), {}, "treasury", {"NT", "WC-TRE", "DCOG"}),
        ("long_contract", ("CPT", "PRASA"), {}, "manager", {"CPT"}),
        ("protocol", ("BUF", "EC-HS"), {}, "lead", {"BUF"}),
        ("protocol", ("BUF", "EC-HS"), {"lead": "EC-HS"}, "drafter", {"EC-HS"}),
        ("protocol", ("BUF", "EC-HS"), {}, "signatory", {"BUF", "EC-HS"}),
        ("case", ("ETH",), {}, "secretariat", set()),
        ("case", ("ETH",), {}, "harvest", set()),
    ],
)
def test_kinds_of_actor_that_belong_to_institutions(
    procedure: str, parties: tuple[str, ...], facts: dict, kind: str, institutions: set[str]
) -> None:
    begun = procedures.in_force(procedure, dt.date(2019, 1, 1))
    course = Course(begun, dt.date(2019, 1, 1), parties, facts)
    assert people.institutions_as(kind, course) == institutions


@pytest.mark.parametrize("procedure", sorted({p.id for p in procedures.load()}))
def test_every_kind_of_actor_of_every_procedure_is_somebody(procedure: str) -> None:
    """A procedure that names an actor nobody can be would stand still for ever."""
    begun = procedures.in_force(procedure, dt.date(2019, 1, 1))
    # Whoever presides is one by a decision of the meeting they keep: tests/web/test_meetings.py.
    by_person = {"secretariat", "owner", "harvest", "chair"} | people.SEATED
    for convener in ("minister", "mec"):
        course = Course(begun, dt.date(2019, 1, 1), ("ETH", "KZN-HS"), {"convener": convener})
        by_person |= {k for k, _ in begun.actors if people.institutions_as(k, course)}
    assert {kind for kind, _ in begun.actors} <= by_person


def test_nobody_opens_a_dispute_of_others() -> None:
    cpt = client_of(matters.planner("CPT"))
    asked = {"parties": "ETH KZN-HS", "title": "x", "subject": "other", "agreement_clause": "false"}
    assert "Open it:" not in cpt.get("/cases/open/", asked).content.decode()
    assert cpt.post("/cases/open/", asked).status_code == 400
    assert not Matter.objects.exists()


def test_what_is_not_known_is_asked_before_anything_is_opened() -> None:
    eth = client_of(matters.planner("ETH"))
    asked = {"parties": "ETH KZN-HS", "title": "x", "subject": "money"}
    page = eth.get("/cases/open/", asked).content.decode()
    assert "Still to be said" in page
    assert "Open it:" not in page
    assert eth.post("/cases/open/", asked).status_code == 400


def test_a_protocol_runs_from_a_case_into_force_through_the_forms() -> None:
    metro, province = matters.planner("ETH"), matters.official("KZN-HS")
    eth, kzn = client_of(metro), client_of(province)
    matters.admit(client_of(matters.secretariat()), metro, province)
    begin(eth, "ETH KZN-HS", "Sewer first, houses after", procedure="protocol", parent="1")
    assert Matter.objects.get(number=2).parent.key == "case:1"
    assert "Sewer first, houses after" in eth.get("/cases/1/").content.decode()
    done(send(eth, 2, "consider", told_trigger="support_local_government", told_consulted="KZN-HS",
              file_consultation_record=file("minutes.pdf")))  # fmt: skip
    done(send(eth, 2, "draft", file_draft=file("draft.pdf")))
    page = kzn.get("/cases/2/").content.decode()
    assert 'value="check"' not in page, "nobody checks a protocol whose contents are not stated"
    assert "not so: every content of section 35(3) is there" in page
    save_version(Actor.of(metro), 2, WHOLE, seen=0)
    for client in (eth, kzn):
        done(send(client, 2, "check", text_opinion="Sound."))
    for client in (eth, kzn):
        done(send(client, 2, "authorise", file_authorisation=file("resolution.pdf")))
    assert [t.shown.matter.number for t in tasks.tasks_of(province, dt.date(2030, 1, 1))] == [1, 2]
    refused = send(eth, 2, "sign", file_signed_text=file("signed.pdf"))
    assert "nothing is laid out to be signed" in refused.content.decode()
    done(eth.post("/cases/2/signing/lay-out/"))
    for person in (metro, province):
        signatures.seal(Actor.of(person), Edition.objects.get(), confirmed="password")
    done(send(eth, 2, "begin"))
    assert matters.course(2).state == "in_force"
