"""Negotiated texts through the pages: two parties, crossed offers, rungs, dissent, and who sees none."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from docx import Document

from harvester.domain.errors import UserError
from harvester.processor.negotiation.text import Position
from harvester.web import text_urls, triggers
from harvester.web.actions import texts
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import open_matter, take_step
from harvester.web.actions.people import name_delegate
from harvester.web.audit import checking
from harvester.web.models import Event, Matter, NegotiatedText, TextMove
from harvester.web.rights import Level, Role
from harvester.web.texts import reading, waiting
from tests.web import matters
from tests.web.conftest import person_of
from tests.web.matters import SECRET, client_of, done, send

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User

pytestmark = pytest.mark.django_db
AT = "/cases/1/texts/1/"


def a_matter(by: User, *, level: Level = Level.PARTIES, title: str = "School sites") -> Matter:
    return open_matter(
        Actor.of(by), "dispute", title=title, parties=["ETH", "KZN-HS"], level=level,
        known={"special_mechanism": "none", "convener": "mec"}, opened=timezone.localdate(),
    )  # fmt: skip


def a_text(by: User, number: int = 1, title: str = "Site size", **told: object) -> NegotiatedText:
    return texts.open_text(
        Actor.of(by), number, kind="norm", title=title, parties=["ETH", "KZN-HS"], **told
    )


@pytest.fixture
def people() -> tuple[User, User]:
    return matters.planner(), matters.official()


@pytest.fixture
def text(people: tuple[User, User]) -> NegotiatedText:
    """A norm between the city and the province, with one clause of the province."""
    a_matter(people[0])
    made = a_text(people[0])
    texts.propose(Actor.of(people[1]), made, heading="Primary school", words="2.8 hectares.")
    return made


def now(text: NegotiatedText) -> reading.Text:
    return reading.text_of(text, text.moves.order_by("number"))


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return body.decode("utf-8", "replace")


def test_two_parties_settle_a_norm_clause_by_clause_in_their_browsers(
    people: tuple[User, User],
) -> None:
    eth, kzn = (client_of(one) for one in people)
    a_matter(people[0])
    opened = {"kind": "norm", "title": "Site size", "parties": ["ETH", "KZN-HS"], "reason": "BEPP"}
    done(client_of(matters.secretariat()).post("/cases/1/texts/", opened))
    done(kzn.post(f"{AT}propose/", {"heading": "Primary school", "words": "2.8 hectares.",
                                    "reason": "The provincial norm."}))  # fmt: skip
    assert "1 text wait" in page(eth, "/tasks/") or "1 text in which" in page(eth, "/tasks/")
    assert "1 text in which" not in page(kzn, "/tasks/"), "who offered waits for nobody's word"
    done(eth.post(f"{AT}clauses/1/offer/", {"answers": "1", "words": "1.5 hectares."}))
    shown = page(kzn, f"{AT}clauses/1/?from=1&to=2")
    assert "<del>2.8</del><ins>1.5</ins>" in re.sub(r"\s*\n\s*", "", shown)
    assert "The provincial norm." in shown
    done(
        kzn.post(f"{AT}clauses/1/say/", {"version": "2", "accepts": "no", "dissent": "Too small."})
    )
    assert "does not accept" in page(eth, AT)
    done(kzn.post(f"{AT}refer/", {"rung": "political", "reason": "Officials cannot settle it."}))
    assert "political rung" in page(eth, AT)
    done(eth.post(f"{AT}clauses/1/offer/", {"answers": "2", "words": "2 hectares."}))
    done(
        kzn.post(
            f"{AT}clauses/1/say/", {"version": "3", "accepts": "yes", "dissent": "We note 2.8."}
        )
    )
    shown = page(eth, AT)
    assert "agreed by every party" in shown
    assert "We note 2.8." in shown, "dissent stands beside what is agreed"
    moves = NegotiatedText.objects.get().moves.order_by("number")
    assert [(m.kind, m.institution, m.rung) for m in moves][-3:] == [
        ("refer", "KZN-HS", "political"), ("offer", "ETH", "political"),
        ("accept", "KZN-HS", "political"),
    ]  # fmt: skip
    plain = page(kzn, f"{AT}text.txt")
    assert "Dissent of KZN-HS on 1\n    We note 2.8." in plain
    word = Document(io.BytesIO(kzn.get(f"{AT}text.docx").content))
    assert "2 hectares." in [one.text for one in word.paragraphs]
    assert "We note 2.8." in page(kzn, f"{AT}rounds.csv")
    assert Event.objects.filter(action="negotiate_text").count() == 5
    assert "refer_text" in page(client_of(matters.secretariat()), "/audit/")


def test_a_clause_is_struck_and_restored_in_the_browser(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    eth, kzn = (client_of(one) for one in people)
    texts.propose(Actor.of(people[1]), text, heading="Parking", words="Forty bays.")
    at = f"{AT}clauses/2/"
    assert "Or offer to strike the clause" in page(eth, at)
    refused = eth.post(f"{at}strike/", {"answers": "1", "reason": ""})
    assert refused.status_code == 400
    assert "Say why the clause is to be struck." in refused.content.decode()
    done(eth.post(f"{at}strike/", {"answers": "1", "reason": "The by-law says it."}))
    shown = page(kzn, at)
    assert "to be struck, if you agree" in shown
    assert "(struck out)" in shown
    assert "The by-law says it." in shown
    assert "Or offer to strike the clause" not in shown
    assert "Offer words to restore it" in shown
    assert "Forty bays.</textarea>" in shown, "what stood last is where other words begin"
    done(kzn.post(f"{at}say/", {"version": "2", "accepts": "yes", "dissent": ""}))
    done(eth.post(f"{AT}clauses/1/say/", {"version": "1", "accepts": "yes", "dissent": ""}))
    agreed = page(eth, AT)
    assert "agreed, struck out" in agreed
    assert "agreed by every party" in agreed
    plain = page(eth, f"{AT}text.txt")
    assert "2. Parking [struck out]" in plain
    word = eth.get(f"{AT}text.docx")
    told = [one.text for one in Document(io.BytesIO(b"".join(word))).paragraphs]
    assert "(struck out)" in told
    done(kzn.post(f"{at}offer/", {"answers": "2", "words": "Thirty bays."}))
    assert "waits for your word" in page(eth, at)
    last = TextMove.objects.filter(kind="strike").get()
    assert (last.institution, last.clause, last.version, last.reason) == (
        "ETH", "2", 1, "The by-law says it.",
    )  # fmt: skip


def test_two_offer_on_one_version_and_both_see_both(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    eth, kzn = (client_of(one) for one in people)
    seen = {"answers": "1"}
    done(eth.post(f"{AT}clauses/1/offer/", seen | {"words": "1.5 hectares."}))
    told = kzn.post(f"{AT}clauses/1/offer/", seen | {"words": "2.4 hectares."}, follow=True)
    second = told.content.decode()
    assert "While you were writing, eThekwini offered something else" in second
    for shown in (second, page(eth, f"{AT}clauses/1/")):
        assert "2 offers crossed" in shown
        assert "1.5 hectares." in shown
        assert "2.4 hectares." in shown
        assert "Choose the words of version 3" in shown
    assert [w.crossed for w in waiting.waiting_for(people[0], timezone.localdate())] == [1]
    done(kzn.post(f"{AT}clauses/1/choose/", {"version": "2", "seen": "2,3"}))
    (stands,) = now(text).clause("1").current
    assert (stands.words, stands.answers) == ("1.5 hectares.", (2, 3))
    assert [v.words for v in now(text).clause("1").versions][:3] == [
        "2.8 hectares.", "1.5 hectares.", "2.4 hectares.",
    ]  # fmt: skip


def test_a_choice_or_bridge_never_passes_over_an_offer_that_was_not_seen(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    eth, kzn = (client_of(one) for one in people)
    for client, words in ((eth, "1.5"), (kzn, "2.4")):
        done(client.post(f"{AT}clauses/1/offer/", {"answers": "1", "words": words}))
    done(eth.post(f"{AT}clauses/1/offer/", {"answers": "1", "words": "1.6"}))
    refused = kzn.post(f"{AT}clauses/1/choose/", {"version": "3", "seen": "2,3"})
    assert refused.status_code == 400
    assert "the offers are not those you saw" in refused.content.decode()
    refused = kzn.post(f"{AT}clauses/1/bridge/", {"answers": "3", "words": "2 flat", "seen": "2,3"})
    assert refused.status_code == 400
    assert "2 flat" in refused.content.decode(), "what was typed is kept"
    done(kzn.post(f"{AT}clauses/1/bridge/", {"answers": "3", "words": "2 flat", "seen": "2,3,4"}))
    assert now(text).clause("1").current[0].answers == (2, 3, 4)


def test_a_word_on_words_that_changed_is_told_and_kept(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    eth = client_of(people[0])
    texts.offer(Actor.of(people[1]), text, "1", answers=1, words="2.6 hectares.")
    told = {"version": "1", "accepts": "yes", "dissent": "With regret."}
    refused = eth.post(f"{AT}clauses/1/say/", told)
    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "version 1 has been answered" in shown
    assert "With regret." in shown
    assert 'name="version" value="2"' in shown, "what is sent next is of the words on the page"
    same = eth.post(f"{AT}clauses/1/offer/", {"answers": "2", "words": "2.6 hectares."})
    assert "the words are the same" in same.content.decode()


def test_a_delegate_speaks_for_the_institution_and_both_are_named(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    deputy = matters.planner(name="deputy")
    today = timezone.localdate()
    name_delegate(
        Actor.of(people[0]), people[0], deputy, first_day=today, last_day=today, reason="Leave"
    )
    client = client_of(deputy)
    done(client.post("/account/acting/", {"for": str(people[0].pk)}))
    done(client.post(f"{AT}clauses/1/say/", {"version": "1", "accepts": "yes"}))
    row = text.moves.latest("number")
    assert (row.name, row.on_behalf_of, row.institution) == ("deputy", people[0].username, "ETH")
    assert now(text).clause("1").position("ETH", 1) is Position.ACCEPTS


@pytest.mark.parametrize(
    ("who", "opens", "offers", "refers"),
    [
        ("secretariat", True, False, True),
        ("planner", True, True, True),
        ("another metro", False, False, False),
        ("auditor", False, False, False),
        ("a facilitator with a seat", True, False, False),
        ("an analyst of a party", False, False, False),
    ],
)
def test_who_may_do_what_to_a_text(
    text: NegotiatedText, who: str, opens: bool, offers: bool, refers: bool
) -> None:
    from harvester.web.actions.papers import name_parties

    lindiwe = matters.secretariat()
    ayesha = person_of(Role.FACILITATOR, username="ayesha")
    name_parties(Actor.of(lindiwe), "dispute:1", [], [ayesha], reason="designated")
    person = {
        "secretariat": lindiwe, "planner": matters.planner(), "auditor": person_of(Role.AUDITOR),
        "another metro": matters.planner("CPT"), "a facilitator with a seat": ayesha,
        "an analyst of a party": person_of(Role.ANALYST, "NT"),
    }[who]  # fmt: skip
    client = client_of(person)
    tried = {
        "open": client.post("/cases/1/texts/", {"kind": "norm", "title": "T", "parties": ["ETH", "KZN-HS"]}),
        "offer": client.post(f"{AT}clauses/1/offer/", {"answers": "1", "words": f"of {who}"}),
        "refer": client.post(f"{AT}refer/", {"rung": "political", "reason": "Stuck."}),
    }  # fmt: skip
    assert {name: response.status_code == 302 for name, response in tried.items()} == {
        "open": opens, "offer": offers, "refer": refers,
    }  # fmt: skip
    assert TextMove.objects.filter(words=f"of {who}").exists() is offers


def test_whoever_knows_of_a_matter_and_is_no_party_to_the_text_offers_nothing(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    from harvester.web.actions.papers import name_parties

    name_parties(Actor.of(matters.secretariat()), "dispute:1", ["KZN-COGTA"], reason="convenes")
    mec = matters.official("KZN-COGTA")
    assert "2.8 hectares." in page(client_of(mec), AT)
    assert (
        client_of(mec).post(f"{AT}clauses/1/offer/", {"answers": "1", "words": "x"}).status_code
        == 400
    )
    with pytest.raises(UserError, match="no party"):
        texts.say(Actor.of(mec), text, "1", version=1, accepts=True)


def test_every_address_of_a_text_asks_the_table() -> None:
    assert [
        str(p.pattern) for p in text_urls.urlpatterns if not hasattr(p.callback, "action")
    ] == []


def test_nothing_is_negotiated_in_a_matter_that_is_over(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    take_step(Actor.of(people[0]), 1, "withdraw", on=timezone.localdate(),
              told={"why_withdrawn": "Settled."})  # fmt: skip
    shown = page(client_of(people[0]), f"{AT}clauses/1/")
    assert "Offer these words" not in shown
    assert (
        client_of(people[0]).post(f"{AT}propose/", {"heading": "H", "words": "w"}).status_code
        == 404
    )
    assert waiting.waiting_for(people[0], timezone.localdate()) == []
    with pytest.raises(UserError, match="is over"):
        texts.offer(Actor.of(people[0]), text, "1", answers=1, words="x")


def test_a_text_of_a_public_case_is_for_its_parties_unless_opened_to_all() -> None:
    nomsa, pieter = matters.planner(), matters.official()
    matters.admit(client_of(matters.secretariat()), nomsa, pieter)
    a_text(nomsa, title="Kept")
    a_text(nomsa, title="Open to all", public=True)
    shown = page(Client(), "/cases/1/texts/")
    assert "Open to all" in shown
    assert "Kept" not in shown
    assert Client().get("/cases/1/texts/1/").status_code == 404
    assert Client().get("/cases/1/texts/2/").status_code == 200


# --- What is privileged -----------------------------------------------------------------------------


def addresses(text: int = 1) -> list[str]:
    at = f"/cases/1/texts/{text}/"
    return [
        "/", "/tasks/", "/cases/", "/cases/1/", "/cases/1/texts/", f"/cases/1/texts/?q={SECRET}",
        "/cases/1/texts/download.csv", "/cases/1/texts/download.json", "/cases/download.json", at,
        f"{at}clauses/1/", f"{at}clauses/2/", f"{at}text.txt", f"{at}text.docx", f"{at}rounds.csv",
        f"{at}rounds.json", "/cases/1/signing/", "/cases/1/signing/1/", "/cases/1/signing/1/text.txt",
        "/cases/1/signing/1/text.pdf", "/cases/1/signing/1/signatures/1.pdf", "/papers/",
        "/papers/download.csv", "/audit/", "/audit/download.csv", "/audit/download.jsonl",
        "/api/openapi.json",
    ]  # fmt: skip


def readers() -> dict[str, Client]:
    return {
        "anybody": Client(), "secretariat": client_of(matters.secretariat()),
        "auditor": client_of(person_of(Role.AUDITOR)),
        "another metro": client_of(matters.planner("CPT")),
        "a facilitator without a seat": client_of(person_of(Role.FACILITATOR, username="other")),
        "the Minister's department": client_of(matters.official("DCOG")),
        "analyst": client_of(person_of(Role.ANALYST, "NT")),
    }  # fmt: skip


def test_what_is_negotiated_once_a_dispute_is_declared_leaks_through_no_side_door(
    people: tuple[User, User], text: NegotiatedText
) -> None:
    from harvester.web.actions.editions import lay_out, seal_for

    eth, kzn = (Actor.of(one) for one in people)
    city = client_of(people[0])
    done(send(city, 1, "negotiate", text_issue_sheet="sheet"))
    done(send(client_of(people[1]), 1, "log_effort", told_effort="We met.", text_effort_record="m"))
    done(send(city, 1, "declare", text_notice="n", text_proof_of_service="p"))
    assert matters.course(1).privileged
    before = {who: page(client, AT) if client.get(AT).status_code == 200 else ""
              for who, client in readers().items()}  # fmt: skip
    assert [who for who, shown in before.items() if shown] == ["secretariat"]
    texts.say(eth, text, "1", version=1, accepts=True, dissent=f"{SECRET} dissent")
    texts.propose(kzn, text, heading=f"{SECRET} heading", words=f"{SECRET} words", reason=SECRET)
    texts.say(eth, text, "2", version=1, accepts=True)
    hidden = a_text(people[0], title=f"{SECRET} title")
    assert hidden.level == Level.PRIVILEGED
    edition = lay_out(eth, Matter.objects.get(), text)
    assert edition.level == Level.PRIVILEGED
    seal_for(eth, edition, confirmed="password")
    assert SECRET in page(client_of(people[1]), AT)
    assert SECRET in page(client_of(people[1]), "/cases/1/signing/1/text.txt")
    for who, client in readers().items():
        for address in [*addresses(), *addresses(2)]:
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told = body.decode("utf-8", "replace") + str(response.headers)
            response.close()
            told = re.sub(rf'value="{SECRET}"|q={SECRET}|{SECRET.lower()}', "", told)
            if address.endswith(".docx") and response.status_code == 200:
                told = "".join(p.text for p in Document(io.BytesIO(body)).paragraphs)
            assert SECRET not in told, (who, address)
            if "/signing/1/" in address or "/texts/2/" in address or "clauses/2" in address:
                assert response.status_code in {302, 404}, (who, address)
        shown = client.get(AT)
        if shown.status_code == 200:
            # All that follows the declaration is as if it were not: no count, no position, no hash.
            assert "1 move," in shown.content.decode()
            assert "agreed by every party" not in shown.content.decode()
            assert "This matter became privileged" in shown.content.decode()
        assert client.post(f"{AT}refer/", {"rung": "political", "reason": "x"}).status_code in {
            302,
            403,
            404,
        }
        assert client.post("/cases/1/signing/lay-out/", {"text": "1"}).status_code in {
            302,
            403,
            404,
        }


def test_forbidden_and_not_there_are_one_answer(text: NegotiatedText) -> None:
    stranger = client_of(matters.planner("CPT"))
    for there, nowhere in ((AT, "/cases/9/texts/1/"), ("/cases/1/signing/", "/cases/9/signing/")):
        one, other = (stranger.get(address) for address in (there, nowhere))
        assert (one.status_code, other.status_code) == (404, 404)
        assert one.content.decode().replace(there, "") == other.content.decode().replace(
            nowhere, ""
        )


# --- Lists, the record ------------------------------------------------------------------------------


def test_the_list_is_filtered_sorted_and_downloaded(people: tuple[User, User]) -> None:
    a_matter(people[0])
    for title in ("Clinics", "Schools"):
        a_text(people[0], title=title)
    eth = client_of(people[0])
    assert page(eth, "/cases/1/texts/download.csv?q=school").count("\n") == 2
    assert page(eth, "/cases/1/texts/download.json?stands=agreed").strip() == "[]"
    listed = page(eth, "/cases/1/texts/?sort=title")
    assert listed.index("Clinics") < listed.index("Schools")
    assert eth.get("/cases/1/texts/?sort=wrong").status_code == 400
    assert eth.get("/cases/1/texts/1/clauses/7/").status_code == 404
    assert b"xl/workbook" in b"".join(eth.get("/cases/1/texts/download.xlsx").streaming_content)


def test_a_text_needs_two_institutions_of_the_matter(people: tuple[User, User]) -> None:
    a_matter(people[0])
    for parties in (["ETH"], ["ETH", "CPT"]):
        with pytest.raises(UserError, match="two or more institutions"):
            texts.open_text(Actor.of(people[0]), 1, kind="norm", title="T", parties=parties)
    refused = client_of(people[0]).post(
        "/cases/1/texts/", {"kind": "norm", "title": "Kept title", "parties": ["ETH"]}
    )
    assert refused.status_code == 400
    assert "Choose two or more." in refused.content.decode()
    assert "Kept title" in refused.content.decode()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE web_textmove SET words = '9 hectares.'", "does not say what the log says"),
        ("DELETE FROM web_textmove", "it is gone"),
        ("UPDATE web_negotiatedtext SET title = 'x'", "does not say what the log says"),
        ("UPDATE web_textmove SET institution = 'ETH'", "does not say what the log says"),
    ],
)
def test_a_move_that_somebody_touched_is_found_out(
    text: NegotiatedText, served: Path, statement: str, fault: str
) -> None:
    assert checking.check(served).faults == []
    with connection.cursor() as cursor:
        for one in triggers._wanted(connection.vendor):
            cursor.execute(f"DROP TRIGGER {one.name}")
        cursor.cursor.execute(statement)
    assert any(fault in one for one in checking.check(served).faults)


def test_tasks_are_few_questions_however_many_texts(
    people: tuple[User, User], django_assert_max_num_queries: object
) -> None:
    a_matter(people[0])
    for n in range(12):
        made = a_text(people[0], title=f"Text {n}")
        texts.propose(Actor.of(people[1]), made, heading="H", words="w")
    list(waiting.waiting_for(people[0], timezone.localdate()))
    with django_assert_max_num_queries(6):
        assert len(waiting.waiting_for(people[0], timezone.localdate())) == 12
