"""The pages of a compact: the editor without JavaScript, what it lacks, verdicts, files, the list."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from django.test import Client

from harvester.processor.compacts.written import read
from harvester.web import harvest_store
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import contest, replace_commitment, save_version
from harvester.web.actions.matters import NewPaper
from harvester.web.actions.verdicts import judge_all
from harvester.web.compacts.editing import draft_of
from harvester.web.models import CompactVersion, Replacement, VerdictContest
from harvester.web.rights import Role
from tests.web import compacts, matters
from tests.web.compacts import WHOLE
from tests.web.conftest import person_of
from tests.web.matters import client_of, done

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.http import HttpResponse

    from harvester.processor.compacts.protocol import Protocol

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> tuple[User, User]:
    return matters.planner("ETH"), matters.official("KZN-HS")


def typed(protocol: Protocol, seen: int = 0, **more: str) -> dict[str, str]:
    """What a browser sends for these contents."""
    draft = draft_of(protocol)
    sent = dict(draft.single)
    for section, rows in draft.rows.items():
        sent[f"{section}-rows"] = str(len(rows))
        for n, row in enumerate(rows):
            sent |= {f"{section}-{n}-{name}": value for name, value in row.items()}
    return sent | {"seen": str(seen), "do": "save"} | more


def sent_back(page: str) -> dict[str, str]:
    """Every field of the editor on a page, as a browser sends it back."""
    form = page.split('class="compact"')[1].split("</form>", maxsplit=1)[0]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', form))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)">(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found[name] = (chosen or first)[1] if chosen or first else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_what_is_typed_is_kept_and_read_back(people: tuple[User, User]) -> None:
    eth = client_of(people[0])
    matter = compacts.opened(people[0])
    assert "Write the contents" in text_of(eth.get(f"/cases/{matter.number}/compact/"))
    address = f"/cases/{matter.number}/compact/edit/"
    assert eth.get(address).status_code == 200
    done(eth.post(address, typed(WHOLE, reason="First draft")))
    assert read(CompactVersion.objects.get().contents) == WHOLE
    again = sent_back(text_of(eth.get(address)))
    assert again["seen"] == "1"
    done(eth.post(address, again | {"do": "save"}))
    assert CompactVersion.objects.count() == 1, "the form gives back what it was given"


def test_rows_are_added_and_removed_by_sending_the_form(people: tuple[User, User]) -> None:
    eth = client_of(people[0])
    address = f"/cases/{compacts.opened(people[0]).number}/compact/edit/"
    told = sent_back(text_of(eth.get(address)))
    assert (told["challenges-rows"], told["roles-rows"]) == ("1", "2"), "a role for each party"
    page = eth.post(address, told | {"challenges-0-what": "No sewer", "do": "add:challenges"})
    told = sent_back(text_of(page))
    assert told["challenges-rows"] == "2"
    assert told["challenges-0-what"] == "No sewer"
    told = sent_back(
        text_of(eth.post(address, told | {"challenges-1-what": "B", "do": "remove:challenges:0"}))
    )
    assert (told["challenges-rows"], told["challenges-0-what"]) == ("1", "B")
    assert not CompactVersion.objects.exists()


def test_a_project_is_looked_up_by_words_of_its_name(people: tuple[User, User]) -> None:
    eth = client_of(people[0])
    address = f"/cases/{compacts.opened(people[0]).number}/compact/edit/"
    page = text_of(
        eth.post(
            address, typed(WHOLE, do="find:2") | {"commitments-2-undertaking": "waterloo school"}
        )
    )
    assert "New primary school, Waterloo (U-0003)" in page
    told = sent_back(page) | {"commitments-2-chosen": "U-0003", "do": "save"}
    done(eth.post(address, told))
    assert read(CompactVersion.objects.get().contents).commitments[2].undertaking == "U-0003"
    page = text_of(
        eth.post(address, typed(WHOLE, do="find:0") | {"commitments-0-undertaking": "zzz"})
    )
    assert "Nothing in the harvest has these words" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"commitments-0-year": "2019"}, "Write a financial year such as 2019/20"),
        ({"commitments-0-amount": "a lot"}, "Write an amount in rand"),
        ({"commitments-0-undertaking": "Cornubia"}, "No project has this id"),
        ({"commitments-0-document": "provincial_projects"}, "This party publishes: BEPP pipeline"),
        ({"commitments-0-action": ""}, "Say what is promised"),
        ({"commitments-0-party": "CPT"}, "Choose a party"),
        ({"contributions-0-what": ""}, "Say what it is for"),
        ({"begins": "soon"}, "Write a day as 2019-07-01"),
        ({"title": ""}, "Give it a title"),
        ({"oversight": "x" * 4001}, "At most 4000 characters"),
    ],
)
def test_every_mistake_is_told_beside_its_field_and_what_was_typed_stays(
    people: tuple[User, User], change: dict[str, str], said: str
) -> None:
    eth = client_of(people[0])
    address = f"/cases/{compacts.opened(people[0]).number}/compact/edit/"
    response = eth.post(address, typed(WHOLE) | change)
    assert response.status_code == 400
    page = text_of(response)
    assert said in page
    assert "1 thing to mend" in page
    assert "Build the outfall sewer" in page or "commitments-0-action" in change
    assert not CompactVersion.objects.exists()


def test_the_second_of_two_editors_sees_both(people: tuple[User, User]) -> None:
    metro, province = people
    matter = compacts.opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0)
    address = f"/cases/{matter.number}/compact/edit/"
    before = sent_back(text_of(client_of(province).get(address)))
    done(client_of(metro).post(address, typed(replace(WHOLE, oversight="Monthly"), 1)))
    mine = before | {"dispute_clause": "The facilitator comes first", "do": "save"}
    response = client_of(province).post(address, mine)
    assert response.status_code == 409
    page = text_of(response)
    assert "Version 2 was written while you were writing: nothing of yours is lost" in page
    assert "<ins>Monthly</ins>" in page, "what the other changed"
    assert "<del>Monthly</del>" in page, "what would go if mine is kept as it is"
    assert "The facilitator comes first" in page
    assert CompactVersion.objects.count() == 2
    told = sent_back(page)
    assert told["seen"] == "2"
    page = text_of(client_of(province).post(address, told | {"do": "together:1"}))
    assert "This is version 2 with your changes put in. It is not kept yet." in page
    assert "Both of you changed" not in page
    assert CompactVersion.objects.count() == 2
    done(client_of(province).post(address, sent_back(page) | {"do": "save"}))
    last = read(CompactVersion.objects.last().contents)
    assert (last.oversight, last.dispute_clause) == ("Monthly", "The facilitator comes first")


def test_where_both_changed_the_same_the_second_is_told_which(people: tuple[User, User]) -> None:
    metro, province = people
    matter = compacts.opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0)
    address = f"/cases/{matter.number}/compact/edit/"
    theirs = replace(WHOLE, oversight="Monthly", commitments=WHOLE.commitments[:2])
    save_version(Actor.of(metro), matter.number, theirs, seen=1)
    mine = typed(replace(WHOLE, oversight="Weekly", outcomes=("Houses",)), 2, do="together:1")
    page = text_of(client_of(province).post(address, mine))
    assert "Both of you changed the following" in page
    assert page.count('<li><a href="#oversight">') == 1
    told = sent_back(page)
    assert (told["oversight"], told["outcomes"], told["commitments-rows"]) == (
        "Weekly",
        "Houses",
        "2",
    )


def test_the_page_says_what_is_missing_with_the_law_and_its_mark(people: tuple[User, User]) -> None:
    metro, _ = people
    matter = compacts.opened(metro)
    poor = replace(
        WHOLE, outcomes=(), indicators=(), commitments=WHOLE.commitments[1:],
        contributions=(replace(WHOLE.contributions[0], condition=""), WHOLE.contributions[1]),
    )  # fmt: skip
    save_version(Actor.of(metro), matter.number, poor, seen=0)
    page = text_of(client_of(metro).get(f"/cases/{matter.number}/compact/"))
    assert "drafted, 2 contents missing, 1 check open" in page
    assert "IGRFA 35(3)(d) (not verified)" in page
    assert "No condition is named for" in page
    assert "Money bound to no line" in page
    assert "Earliest legal entry</b>, if it were agreed today" in page
    assert "Later than agreed" in page, "2019/20 is long past"


def test_commitments_show_verdict_ladder_and_cells_and_take_a_partys_word(
    people: tuple[User, User],
) -> None:
    metro, province = people
    matter = compacts.in_force(people)
    judge_all(harvest_store.current())
    kzn, eth = client_of(province), client_of(metro)
    for address in (f"/cases/{matter.number}/compact/", f"/cases/{matter.number}/"):
        page = text_of(kzn.get(address))
        assert 'class="verdict v-kept"' in page
        assert "Capital budget (SA36) 2018/19" in page
        assert "ETH!R118" in page
        assert "In-year SC36 2018/19" in page
        assert "no project named" in page
    page = text_of(kzn.get(f"/cases/{matter.number}/compact/"))
    assert "3 commitments in force, 1 kept" in page
    verdict = matter.verdicts.get(commitment="k1")
    address = f"/cases/{matter.number}/compact/verdicts/{verdict.number}/contest/"
    refused = kzn.post(address, {"reason": ""})
    assert refused.status_code == 400
    assert "Say why." in text_of(refused)
    done(kzn.post(address, {"reason": "That line is for phase 3."}))
    assert "That line is for phase 3." in text_of(eth.get(f"/cases/{matter.number}/compact/"))
    assert VerdictContest.objects.get().institution == "KZN-HS"
    replaced = f"/cases/{matter.number}/compact/replace/k2/"
    done(kzn.post(replaced, {"by": "Amendment 1"}))
    page = text_of(eth.get(f"/cases/{matter.number}/compact/"))
    assert "We say so too" in page
    assert "We say so too" not in text_of(kzn.get(f"/cases/{matter.number}/compact/"))
    done(eth.post(replaced, {"confirms": str(Replacement.objects.get().pk)}))
    assert matter.verdicts.filter(commitment="k2").last().verdict == "overtaken"


READERS = [
    (lambda: matters.planner("ETH"), 200),
    (lambda: matters.official("KZN-HS"), 200),
    (matters.secretariat, 200),
    (lambda: matters.planner("CPT"), 404),
    (lambda: matters.official("DHS"), 404),
    (None, 404),
]


@pytest.mark.parametrize(("who", "status"), READERS)
def test_a_compact_is_for_its_parties_and_the_secretariat_by_every_address(
    who: Any, status: int
) -> None:
    both = (matters.planner("ETH", "first"), matters.official("KZN-HS", "second"))
    matter = compacts.in_force(both)
    judge_all(harvest_store.current())
    client = client_of(who()) if who else Client()
    base = f"/cases/{matter.number}/compact"
    for address in (
        f"{base}/", f"{base}/versions/1/", f"{base}/versions/1/protocol.docx",
        f"{base}/versions/1/protocol.pdf",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == status, address
        if status != 200:
            assert b"outfall" not in response.content
            missing = client.get(address.replace(f"/{matter.number}/", "/999/"))
            assert missing.status_code == 404
    listed = text_of(client.get("/commitments/"))
    download = client.get("/commitments/download.json").getvalue().decode()
    assert ("outfall" in listed) == ("outfall" in download) == (status == 200)
    assert ("3 commitments you may know of" in listed) == (status == 200)
    assert client.get(f"{base}/versions/9/").status_code == 404


SECRET = "Zanzibar"


def test_what_parties_say_leaks_through_no_side_door() -> None:
    """Versions, reasons, contested verdicts and their papers: not in log, search, list, file or count."""
    metro, province = matters.planner("ETH", "first"), matters.official("KZN-HS", "second")
    hidden = replace(WHOLE, title=f"{SECRET} sewer", oversight=SECRET)
    matter = compacts.in_force((metro, province), hidden)
    judge_all(harvest_store.current())
    verdict = matter.verdicts.get(commitment="k1")
    contest(
        Actor.of(province),
        verdict,
        reason=f"{SECRET}!",
        paper=NewPaper("contest", f"{SECRET} letter", file_name=f"{SECRET}.pdf", content=b"%PDF"),
    )
    replace_commitment(Actor.of(metro), matter.number, "k2", by=SECRET, reason=SECRET)
    mine = text_of(client_of(metro).get(f"/cases/{matter.number}/compact/"))
    assert SECRET in mine
    paper = VerdictContest.objects.get().paper
    for who in (matters.planner("CPT"), person_of(Role.AUDITOR), person_of(Role.FACILITATOR), None):
        client = client_of(who) if who else Client()
        for address in (
            "/", "/cases/", "/tasks/", "/papers/", "/audit/", "/commitments/", f"/cases/?q={SECRET}",
            f"/papers/?q={SECRET}", f"/audit/?q={SECRET}", f"/commitments/?q={SECRET}",
            "/cases/download.csv", "/papers/download.csv", "/audit/download.json",
            "/commitments/download.csv", f"/papers/{paper.token}/", f"/papers/{paper.token}.json",
        ):  # fmt: skip
            response = client.get(address)
            said = b"".join(response.streaming_content) if response.streaming else response.content
            # A page may say what was searched for; it may not find it.
            echoed = (
                f'value="{SECRET.lower()}"',
                f'value="{SECRET}"',
                f"‘{SECRET}’",
                f"%3Fq%3D{SECRET}",
            )
            shown = said.decode()
            for echo in echoed:
                shown = shown.replace(echo, "")
            assert SECRET not in shown, (who, address)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/", 404), ("/edit/", 404), ("/versions/1/", 404), ("/versions/1/protocol.docx", 404)],
)
def test_a_case_has_no_compact(people: tuple[User, User], address: str, status: int) -> None:
    matters.admit(client_of(matters.secretariat()), *people)
    assert client_of(people[0]).get(f"/cases/1/compact{address}").status_code == status


def test_the_secretariat_reads_and_does_not_write(people: tuple[User, User]) -> None:
    matter = compacts.opened(people[0])
    client = client_of(matters.secretariat())
    assert client.get(f"/cases/{matter.number}/compact/").status_code == 200
    assert client.get(f"/cases/{matter.number}/compact/edit/").status_code == 403
    assert client.post(f"/cases/{matter.number}/compact/edit/", typed(WHOLE)).status_code == 403
    assert not CompactVersion.objects.exists()


def test_a_version_is_a_word_document_and_a_pdf(people: tuple[User, User]) -> None:
    metro, _ = people
    matter = compacts.opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0)
    address = f"/cases/{matter.number}/compact/versions/1/protocol"
    client = client_of(metro)
    word = client.get(f"{address}.docx").content
    with ZipFile(io.BytesIO(word)) as book:
        text = book.read("word/document.xml").decode()
    for told in ("Build the outfall sewer", "R 45 000 000", "IGRFA 35(3)(d) (not verified)"):
        assert told in text
    assert client.get(f"{address}.docx").content == word, "the same version, the same bytes"
    assert client.get(f"{address}.pdf").content.startswith(b"%PDF")
    assert client.get(f"{address}.odt").status_code == 404


def test_a_version_shows_what_it_changed(people: tuple[User, User]) -> None:
    metro, _ = people
    matter = compacts.opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0)
    save_version(Actor.of(metro), matter.number, replace(WHOLE, oversight="Monthly"), seen=1)
    page = text_of(client_of(metro).get(f"/cases/{matter.number}/compact/versions/2/"))
    assert "1 section changed" in page
    assert "<ins>Monthly</ins>" in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 3), ("party=ETH", 2), ("party=CPT", 0), ("verdict=kept", 1), ("verdict=broken", 0),
        ("year=2019/20", 1), ("stands=in_force", 3), ("stands=drafted", 0), ("q=sewer", 3),
        ("q=build+houses", 2), ("metro=CPT", 0), ("sort=-amount", 3), ("sort=due", 3),
    ],
)  # fmt: skip
def test_the_list_of_commitments_is_filtered_sorted_and_downloaded(
    people: tuple[User, User], query: str, n: int
) -> None:
    compacts.in_force(people)
    judge_all(harvest_store.current())
    client = client_of(people[0])
    told = json.loads(client.get(f"/commitments/download.json?{query}").getvalue().decode())
    assert len(told) == n
    assert client.get(f"/commitments/?{query}").status_code == 200
    if query == "sort=-amount":
        assert [row["number"] for row in told] == ["k2", "k1", "k3"]
    if query == "verdict=kept":
        (row,) = told
        assert (row["amount_rand"], row["verdict"], row["run"]) == (45_000_000.0, "kept", "h0001")


def test_a_wrong_filter_is_told(people: tuple[User, User]) -> None:
    client = client_of(people[0])
    for query in ("verdict=fine", "sort=colour", "stands=up", "year=soon"):
        assert client.get(f"/commitments/?{query}").status_code == 400


def test_the_reason_it_was_considered_for_stands_in_the_form(people: tuple[User, User]) -> None:
    matter = compacts.opened(people[0])
    compacts.step(people[0], matter.number, "consider", "consultation_record",
                  trigger="lacks_capacity", consulted=["KZN-HS"])  # fmt: skip
    page = text_of(client_of(people[0]).get(f"/cases/{matter.number}/compact/edit/"))
    assert sent_back(page)["trigger"] == "lacks_capacity"


def test_a_project_shows_what_was_promised_of_it_to_those_who_may_know(
    people: tuple[User, User],
) -> None:
    compacts.in_force(people)
    judge_all(harvest_store.current())
    page = text_of(client_of(people[1]).get("/projects/U-0001/"))
    assert "2 commitments about it" in page
    assert "Build the outfall sewer" in page
    for client in (Client(), client_of(matters.planner("CPT"))):
        assert "outfall" not in text_of(client.get("/projects/U-0001/"))
    assert "commitments about it" not in text_of(client_of(people[1]).get("/projects/U-0003/"))
