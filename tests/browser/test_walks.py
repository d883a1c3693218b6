"""Two walks through the whole mechanism, as people do them in their browsers, on files.

Cape Town's houses at Epping wait for a sewer that stands in the negotiated pipeline and in no
statutory plan. The finding becomes a case, the case a compact, the compact is signed; the next
season's IDP and budget carry the sewer, and the case closes itself.

Johannesburg's housing grant was cut after its budget was adopted (2018/19): reported by somebody,
taken up as a case, and brought to mediation under section 44 of the MFMA.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import harvester
from harvester.domain.documents import Document
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.entry import LegalEntry, earliest_legal_entry
from harvester.processor.compacts.protocol import Commitment
from tests.browser import season
from tests.browser.conftest import served
from tests.browser.walking import PASSWORD, Person, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Site

TITLE = "The outfall sewer first, then the houses at Epping"

ADDED = {
    "contributions-1-party": "Add a contribution", "commitments-1-party": "Add a commitment"
}  # fmt: skip

CUT = "Johannesburg's human settlements grant was cut after its budget was adopted"
TODAY = dt.datetime.now(ZoneInfo("Africa/Johannesburg")).date()

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERVE = f"""
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background is deaf to it
from harvester.web.server import prepare, serve
home = Path(sys.argv[1])
print(prepare(home), flush=True)
from harvester.web.actions.acting import Actor
from harvester.web.actions.people import appoint
from harvester.web.rights import Role
for name, role, institution in (("cape", Role.PLANNER, "CPT"), ("sewers", Role.PLANNER, "CPT"),
                                ("housing", Role.OFFICIAL, "WC-HS"), ("joburg", Role.PLANNER, "JHB"),
                                ("gauteng", Role.OFFICIAL, "GP-HS"), ("treasury", Role.OFFICIAL, "NT")):
    appoint(Actor.operator(), username=name, email=name + "@sample.invalid", name=name.title(),
            role=role, password="{PASSWORD}", institution=institution)
serve(home, "127.0.0.1", 0, ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory, sample_country: Path) -> Path:
    """The small sample country, with the sewer in the pipeline alone."""
    folder = shutil.copytree(sample_country, tmp_path_factory.mktemp("walk") / "country")
    season.begin(folder)
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, country: Path) -> Iterator[Site]:
    """That country harvested and served, with people of Cape Town and of the Western Cape."""
    home = tmp_path_factory.mktemp("home")
    harvester.ingest(home, [country])
    harvester.run(home)
    with served(home, SERVE) as found:
        yield found


def test_houses_without_a_sewer_end_in_a_budget_and_the_case_closes_itself(
    town: Site, chromium: Browser, country: Path, tmp_path: Path
) -> None:
    secretariat = Person.signed_in(chromium, town.address, "secretariat", town.password)
    cape = Person.signed_in(chromium, town.address, "cape")
    housing = Person.signed_in(chromium, town.address, "housing")

    budget = first_budget()
    year = budget.year

    # The finding becomes a case with an owner.
    secretariat.goes("/wheat/?detector=W08&metro=CPT")
    secretariat.main.get_by_role("link", name="Housing without bulk services").first.click()
    admit = secretariat.page.locator("form.step:has(input[name=step][value=admit])")
    if not admit.is_visible():
        secretariat.page.locator("details", has=admit).locator("summary").first.click()
    for name, value in (("owner", "cape"), ("delegate", "sewers"), ("offering", "compacts")):
        fill(admit.locator(f"[name=told_{name}]"), value)
    secretariat.sends(admit)
    assert "open" in secretariat.heading
    assert "to be triaged" not in secretariat.heading

    # Its owner begins, and opens a compact under it.
    assert "being worked" in cape.takes(1, "begin", plan="A protocol for the outfall sewer")
    cape.page.get_by_role("link", name="Open a dispute or compact under it").click()
    opening = cape.main.locator("form").first
    for name, value in (
        ("parties", "CPT WC-HS"), ("title", TITLE), ("procedure", "protocol"),
    ):  # fmt: skip
        fill(opening.locator(f"[name={name}]"), value)
    opening.get_by_role("button").click()
    cape.page.get_by_role("button", name="Open it: Implementation protocol").click()
    assert "need identified" in cape.heading
    assert "considered" in cape.takes(
        2, "consider", trigger="service_in_area", consulted="WC-HS",
        paper_consultation_record="Minutes of 12 August",
    )  # fmt: skip
    assert "drafted" in cape.takes(2, "draft", paper_draft="First draft")

    # The contents, each commitment with the paper in which it must land.
    cape.goes("/cases/2/compact/")
    cape.page.get_by_role("link", name="Write the contents").first.click()
    editor = cape.page.locator("form.compact")
    for name, value in contents(year).items():
        if added := ADDED.get(name):
            editor.get_by_role("button", name=added).click()
            editor = cape.page.locator("form.compact")
        fill(editor.locator(f"[name='{name}']"), value)
    for n in (0, 1):
        editor.locator(f"[name='commitments-{n}-undertaking']").fill(season.SEWER)
        editor.get_by_role("button", name="Look up").nth(n).click()
        editor = cape.page.locator("form.compact")
        found = editor.locator(f"[name='commitments-{n}-chosen']")
        found.select_option(found.locator("option", has_text=season.SEWER).get_attribute("value"))
    cape.sends(editor)
    assert "drafted" in cape.heading
    assert "missing" not in cape.heading

    assert f"{budget.on:%-d %b %Y}, for {year.label}" in cape.says
    assert "Later than agreed" not in cape.says

    # Each party's adviser passes it, its authority authorises it, its signatory signs it.
    for step, kind in (("check", "opinion"), ("authorise", "authorisation")):
        for party in (cape, housing):
            party.takes(2, step, **{f"paper_{kind}": "In writing"})
    assert "authorised by every party" in housing.heading
    cape.goes("/cases/2/signing/")
    cape.page.get_by_role("button", name="Lay out the protocol").click()
    for party in (cape, housing):
        seals(party, "/cases/2/signing/1/")
    assert "signed by every party" in housing.goes("/cases/2/signing/1/")
    assert "signed" in cape.goes("/cases/2/")
    assert "in force" in cape.takes(2, "begin")

    # The case waits for what was signed, and no person can close it.
    cape.takes(1, "agree", paper_agreement="The protocol")
    assert "in force" in cape.takes(1, "take_force", paper_instrument="The signed protocol")
    assert not cape.page.locator("form.step:has(input[name=step][value=close])").count()

    # Next season's pipeline, IDP and budget come in, and a harvest is run.
    cape.goes("/upload/")
    cape.page.get_by_label("Files").set_input_files(season.follow(country, tmp_path, year.start))
    cape.page.get_by_role("button", name="Read the files").click()
    cape.page.get_by_text("All 3 files are read").wait_for(timeout=120_000)
    secretariat.goes("/upload/")
    secretariat.page.get_by_role("button", name="Run a harvest now").click()
    secretariat.page.get_by_role("heading", name="is in service").wait_for(timeout=240_000)

    # The compact is kept and the case has closed itself; both say by which paper.
    told = secretariat.goes("/cases/1/") + secretariat.says
    assert "closed by data" in told
    assert f"CPT_BEPP_{year.label.replace('/', '-')}.xlsx" in told
    cape.goes("/cases/2/compact/")
    verdicts = cape.page.locator(".promise").all_inner_texts()
    assert sum("kept" in one for one in verdicts) == 2
    assert "CPT!O" in verdicts[1], "the cell of the budget that shows it"
    public = chromium.new_page()
    public.goto(f"{town.address}/wheat/?detector=W08&metro=CPT")
    assert "Epping" not in public.get_by_role("main").inner_text()


def test_a_cut_of_johannesburgs_grant_is_reported_and_runs_to_mediation(
    town: Site, chromium: Browser
) -> None:
    """The dispute of 2018/19: gazetted in April, cut in November after the budget was adopted."""
    secretariat = Person.signed_in(chromium, town.address, "secretariat", town.password)
    joburg, gauteng, treasury, cape = (
        Person.signed_in(chromium, town.address, name)
        for name in ("joburg", "gauteng", "treasury", "cape")
    )

    # Somebody without an account reports it; the secretariat makes it a case of the city.
    anyone = chromium.new_page()
    anyone.goto(f"{town.address}/report/")
    for label, value in (
        ("What is wrong, in a few words", CUT),
        ("What does not line up, where", "R249 million in April, R68.9 million in November"),
        ("Institution it concerns", "GP-HS"),
    ):
        anyone.get_by_label(label).fill(value)
    anyone.get_by_label("City").select_option("JHB")
    anyone.get_by_role("main").get_by_role("button").click()
    secretariat.goes("/cases/?stands=grain")
    secretariat.main.get_by_role("link", name=CUT).first.click()
    case = number_of(secretariat)
    told = {"owner": "joburg", "delegate": "gauteng", "offering": "agreements"}
    assert "open" in secretariat.takes(case, "admit", **told)

    # The owner asks which mechanism comes first, and opens it as of the day of the cut.
    joburg.takes(case, "begin", plan="Ask the province to put it right")
    joburg.page.get_by_role("link", name="Open a dispute or compact under it").click()
    asked = joburg.main.locator("form").first
    for name, value in (
        ("parties", "JHB GP-HS"), ("title", CUT), ("opened", "2018-11-23"),
        ("procedure", "route"), ("subject", "money"), ("agreement_clause", "false"),
    ):  # fmt: skip
        fill(asked.locator(f"[name={name}]"), value)
    asked.get_by_role("button").click()
    assert "Financial dispute" in joburg.heading
    assert "MFMA 44" in joburg.says or "section 44" in joburg.says
    joburg.page.get_by_role("button", name=re.compile("^Open it")).click()
    dispute = number_of(joburg)

    # Letter, report, request; the Treasury mediates only once a party has asked for it.
    joburg.takes(dispute, "begin", on="2018-11-26", paper_letter="To the MEC")
    joburg.takes(dispute, "report", on="2019-01-10", paper_report="Section 44 letter")
    treasury.goes(f"/cases/{dispute}/")
    assert "a party asked for it" in (treasury.main.text_content() or "")
    joburg.takes(dispute, "ask_mediation", on="2019-01-10", paper_request="Please mediate")
    mediated = treasury.takes(
        dispute, "mediate", on="2019-02-04", mediator="A Mediator", paper_process="Three sittings"
    )  # fmt: skip
    assert "mediation" in mediated
    assert "stopped late, 4 Feb 2019" in " ".join(treasury.says.split())

    # Settled when both have put it in writing; nobody else knows of it.
    assert "mediation" in joburg.takes(
        dispute, "settle", on="2019-02-20", paper_settlement="R150 million"
    )
    assert "settled" in gauteng.takes(
        dispute, "settle", on="2019-02-22", paper_settlement="R150 million"
    )
    for outsider in (cape.page, anyone):
        answer = outsider.goto(f"{town.address}/cases/{dispute}/")
        assert answer is not None
        assert answer.status == 404
        outsider.goto(f"{town.address}/cases/?q=Johannesburg")
        assert f"/cases/{dispute}/" not in outsider.content()
    secretariat.goes("/audit/")
    secretariat.page.get_by_role("button", name="Walk the whole log now").click()
    assert "stand as they were written" in secretariat.heading


def number_of(person: Person) -> int:
    """The number of the matter whose page somebody is on."""
    found = re.search(r"/cases/(\d+)/", person.page.url)
    assert found, person.page.url
    return int(found[1])


def contents(year: FinancialYear) -> dict[str, str]:
    """What is written into the compact, by the name of the field."""
    return {
        "title": TITLE, "trigger": "service_in_area", "begins": TODAY.isoformat(),
        "ends": (year.last_day + dt.timedelta(days=366)).isoformat(),
        "challenges-0-what": "The houses have no outfall sewer",
        "challenges-0-response": "The city builds it before the houses are handed over",
        "roles-0-what": "Builds the sewer", "roles-1-what": "Builds the houses",
        "outcomes": "600 people in houses that can be lived in", "indicators": "Houses occupied",
        "oversight": "The metropolitan forum, each quarter", "dispute_clause": "Facilitation first",
        "contributions-0-party": "CPT", "contributions-0-brings": "money",
        "contributions-0-what": "The sewer", "contributions-0-year": year.label,
        "contributions-0-amount": "18 000 000", "contributions-0-fund": "own",
        "contributions-1-party": "WC-HS", "contributions-1-brings": "staff",
        "contributions-1-what": "A project office", "contributions-1-year": year.label,
        "commitments-0-party": "CPT", "commitments-0-action": "Put the sewer into the IDP",
        "commitments-0-document": "idp", "commitments-0-year": year.label,
        "commitments-1-party": "CPT", "commitments-1-action": "Budget for the sewer",
        "commitments-1-document": "budget", "commitments-1-year": year.label,
        "commitments-1-amount": "18 000 000",
    }  # fmt: skip


def first_budget() -> LegalEntry:
    """When a new project of the city that is agreed today can first stand in its budget."""
    anything = Commitment(
        "k1", "CPT", "", Document.BUDGET, FinancialYear(2020, Calendar.MUNICIPAL), 1
    )
    found = earliest_legal_entry(anything, TODAY)
    assert found is not None
    return found


def seals(person: Person, edition: str) -> None:
    """Sign by the platform's seal, with the password once more."""
    person.goes(edition)
    person.page.get_by_role("link", name="Go on to confirm").click()
    person.page.locator("input[type=password]").fill(person.password)
    person.page.locator("main form button").first.click()
    person.page.get_by_role("button", name=re.compile("^Sign for")).click()
    person.page.wait_for_load_state()
    assert person.page.locator(".note.bad").count() == 0
