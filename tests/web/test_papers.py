"""Confidential papers leak through no side door: page, search, count, file, export, JSON, log, words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harvester.domain.errors import UserError
from harvester.web.actions.acting import Actor
from harvester.web.actions.papers import add_paper, name_parties, paper_seal
from harvester.web.models import Event, Paper
from harvester.web.permissions import Level, Role, visible
from harvester.web.rights import Action
from tests.web.conftest import person_of, sign_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

pytestmark = pytest.mark.django_db
MATTER = "dispute:1"
SECRET = "Zanzibar"
"""A word that stands in title, body, file name and content of the confidential papers only."""


@pytest.fixture
def papers() -> dict[Level, Paper]:
    """One paper of each level in a dispute between eThekwini and KwaZulu-Natal Human Settlements."""
    secretariat = person_of(Role.SECRETARIAT, username="convenor")
    facilitator = person_of(Role.FACILITATOR, username="seated")
    name_parties(Actor.of(secretariat), MATTER, ["ETH", "KZN-HS"], [facilitator], reason="declared")
    giver = person_of(Role.PLANNER, "ETH", "giver")
    made = {}
    for level in Level:
        word = "open" if level is Level.PUBLIC else SECRET
        made[level] = add_paper(
            giver,
            MATTER,
            level,
            f"{word} {level} letter",
            body=f"We say {word} to {level}.",
            file_name=f"{word}-{level}.pdf",
            content=f"%PDF {word}".encode(),
            reason=f"{word}, because",
        )
    return made


def reader(name: str) -> tuple[User | None, set[Level]]:
    """A person, and the levels of papers of this dispute they may see."""
    everything = set(Level)
    return {
        "nobody": lambda: (None, {Level.PUBLIC}),
        "party": lambda: (person_of(Role.PLANNER, "ETH", "p1"), everything),
        "other party": lambda: (person_of(Role.OFFICIAL, "KZN-HS", "p2"), everything),
        "facilitator": lambda: (person_of(Role.FACILITATOR, username="seated"), everything),
        "another facilitator": lambda: (person_of(Role.FACILITATOR, username="f2"), {Level.PUBLIC}),
        "another metro": lambda: (person_of(Role.PLANNER, "CPT", "p3"), {Level.PUBLIC}),
        "another department": lambda: (person_of(Role.OFFICIAL, "KZN-EDU", "p4"), {Level.PUBLIC}),
        "secretariat": lambda: (
            person_of(Role.SECRETARIAT, username="s2"),
            {Level.PUBLIC, Level.PARTIES},
        ),
        "auditor": lambda: (person_of(Role.AUDITOR, username="a1"), {Level.PUBLIC}),
        "analyst": lambda: (person_of(Role.ANALYST, username="n1"), {Level.PUBLIC}),
    }[name]()


READERS = [
    "nobody", "party", "other party", "facilitator", "another facilitator", "another metro",
    "another department", "secretariat", "auditor", "analyst",
]  # fmt: skip


@pytest.fixture(params=READERS)
def reading(
    request: pytest.FixtureRequest, client: Client, papers: dict[Level, Paper]
) -> tuple[Client, set[Level]]:
    """A client of each kind of reader."""
    who, levels = reader(request.param)
    if who is not None:
        client.force_login(who)
    return client, levels


def test_page_file_and_json_answer_those_only_who_may_see(
    reading: tuple[Client, set[Level]], papers: dict[Level, Paper]
) -> None:
    client, levels = reading
    for level, paper in papers.items():
        for address in (
            f"/papers/{paper.token}/",
            f"/papers/{paper.token}/file",
            f"/papers/{paper.token}.json",
        ):
            response = client.get(address)
            if level in levels:
                assert response.status_code == 200, (address, level)
            else:
                assert response.status_code == 404, (address, level)
                assert SECRET not in response.content.decode()
                assert SECRET not in str(response.headers)


def test_lists_counts_and_exports_know_only_what_may_be_seen(
    reading: tuple[Client, set[Level]],
) -> None:
    client, levels = reading
    page = client.get("/papers/").content.decode()
    assert f"{len(levels)} paper" in re.sub(r"\s", " ", page)
    told = client.get("/papers/download.json").json()
    assert told["total"] == len(levels)
    assert {row["level"] for row in told["papers"]} == set(levels)
    rows = client.get("/papers/download.csv").content.decode("utf-8-sig").strip().splitlines()
    assert len(rows) == 1 + len(levels)
    if levels == {Level.PUBLIC}:
        assert SECRET not in page + json.dumps(told) + "".join(rows)


@pytest.mark.parametrize("word", [SECRET, SECRET.lower(), "Zanz", f"{SECRET}-privileged.pdf"])
def test_a_search_finds_and_counts_only_what_may_be_seen(
    reading: tuple[Client, set[Level]], word: str
) -> None:
    client, levels = reading
    secret = levels - {Level.PUBLIC}
    if word.endswith("pdf"):
        secret &= {Level.PRIVILEGED}
    for address in ("/papers/download.json", "/papers/"):
        response = client.get(address, {"q": word})
        assert response.status_code == 200
    assert client.get("/papers/download.json", {"q": word}).json()["total"] == len(secret)
    assert f"{len(secret)} paper" in client.get("/papers/", {"q": word}).content.decode().replace(
        "\u00a0", " "
    )


def test_forbidden_and_not_there_are_one_answer(
    reading: tuple[Client, set[Level]], papers: dict[Level, Paper]
) -> None:
    """The same status, the same words, the same questions to the database: nothing tells them apart."""
    client, levels = reading
    client.get("/papers/")  # what is asked once for a session has been asked
    if Level.PRIVILEGED in levels:
        return
    for address in ("/papers/{}/", "/papers/{}/file", "/papers/{}.json"):
        answers = []
        for token in (papers[Level.PRIVILEGED].token, "a" * len(papers[Level.PRIVILEGED].token)):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                response = client.get(address.format(token))
            body = response.content.decode().replace(token, "")
            statements = [
                re.sub(r"'20\d\d-[\d: .-]+'", "now", one["sql"].replace(token, ""))
                for one in asked.captured_queries
            ]
            answers.append((response.status_code, body, statements))
        assert answers[0] == answers[1]


def test_a_reference_cannot_be_counted_or_guessed(papers: dict[Level, Paper]) -> None:
    tokens = [paper.token for paper in papers.values()]
    assert len(set(tokens)) == len(tokens)
    assert all(len(token) == 16 and not token.isdigit() for token in tokens)


def test_the_log_holds_neither_title_nor_file_name_and_withholds_the_reason(
    client: Client, papers: dict[Level, Paper]
) -> None:
    payloads = "".join(Event.objects.values_list("payload", flat=True))
    assert SECRET not in payloads
    for role in (Role.AUDITOR, Role.SECRETARIAT):
        sign_in(client, role)
        everything = client.get("/audit/").content.decode()
        everything += b"".join(client.get("/audit/download.csv").streaming_content).decode()
        everything += b"".join(client.get("/audit/download.jsonl").streaming_content).decode()
        privileged = Event.objects.get(level="privileged")
        assert privileged.payload not in everything
        assert privileged.salt not in everything
        assert privileged.seal in everything
        assert (SECRET in everything) is (role is Role.SECRETARIAT), "reasons at the parties' level"


def test_a_paper_can_be_proved_to_be_the_one_that_was_added(papers: dict[Level, Paper]) -> None:
    for paper in papers.values():
        event = Event.objects.get(payload__contains=paper.token)
        assert json.loads(event.payload)["seal"] == paper_seal(paper)
        paper.content = b"another"
        assert json.loads(event.payload)["seal"] != paper_seal(paper)


@pytest.mark.parametrize("level", list(Level))
def test_only_parties_and_those_seated_add_to_a_dispute(level: Level, papers: object) -> None:
    before = Paper.objects.count()
    for who in (
        person_of(Role.PLANNER, "CPT", "x1"),
        person_of(Role.AUDITOR, username="x2"),
        person_of(Role.FACILITATOR, username="x3"),
    ):
        with pytest.raises(Exception, match="may not add papers"):
            add_paper(who, MATTER, level, "A word")
    assert Paper.objects.count() == before
    for who in (
        person_of(Role.OFFICIAL, "KZN-HS", "x4"),
        person_of(Role.FACILITATOR, username="seated"),
    ):
        add_paper(who, MATTER, level, "A word")
    assert Paper.objects.count() == before + 2


def test_nobody_gives_themselves_a_seat_and_no_stranger_becomes_a_party(papers: object) -> None:
    secretary = person_of(Role.SECRETARIAT, username="convenor")
    with pytest.raises(UserError, match="gives themselves a seat"):
        name_parties(Actor.of(secretary), MATTER, [], [secretary], reason="to read")
    with pytest.raises(UserError, match="no institution"):
        name_parties(Actor.of(secretary), MATTER, ["ATLANTIS"], reason="x")
    with pytest.raises(Exception, match="may not name who is party"):
        name_parties(Actor.of(person_of(Role.PLANNER, "CPT", "x1")), MATTER, ["CPT"], reason="x")
    assert visible(secretary, Action.READ_PAPER, Paper.objects.all()).count() == 2


def test_an_institution_that_is_nobodys_is_no_party(papers: object) -> None:
    """An empty institution matches no party, even where a party were recorded without a code."""
    from harvester.web.actions.guard import writing
    from harvester.web.models import Party

    with writing():
        Party.objects.create(matter=MATTER, institution="")
    stranger = person_of(Role.FACILITATOR, username="x3")
    assert visible(stranger, Action.READ_PAPER, Paper.objects.all()).count() == 1


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_paper_needs_a_title_of_fair_length(title: str, papers: object) -> None:
    with pytest.raises(UserError, match="give a title"):
        add_paper(person_of(Role.PLANNER, "ETH", "giver"), MATTER, Level.PUBLIC, title)


def test_a_file_name_is_made_safe_and_its_header_cannot_be_broken(
    client: Client, papers: object
) -> None:
    giver = person_of(Role.PLANNER, "ETH", "giver")
    made = add_paper(
        giver, MATTER, Level.PUBLIC, "A", file_name='../a"b\r\nX-Evil: 1.pdf', content=b"x"
    )
    header = client.get(f"/papers/{made.token}/file").headers["Content-Disposition"]
    assert header.startswith("attachment")
    assert "\n" not in header
    assert "/" not in made.file_name
