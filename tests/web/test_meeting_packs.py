"""The pack of a meeting: where the parties of each item stand, and their papers, for its reader."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from harvester.domain.errors import UserError
from harvester.engine.granary import Granary
from harvester.reports import packs
from harvester.web import server
from harvester.web.actions import texts
from harvester.web.actions.acting import Actor
from harvester.web.forums import annexes
from harvester.web.rights import Role
from tests.web import compacts, matters
from tests.web.conftest import person_of
from tests.web.forums import FORUM, call, declared_dispute, worked_case
from tests.web.matters import client_of

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User

    from harvester.web.models import Matter, Meeting

pytestmark = pytest.mark.django_db
DISSENT = "Too small for a double intake."


@pytest.fixture
def people() -> tuple[User, User]:
    return matters.planner(), matters.official()


def negotiated(matter: Matter, people: tuple[User, User], words: str = "1.5 hectares.") -> None:
    """A norm of the matter: one clause the province offered, answered by the city, not accepted."""
    eth, kzn = (Actor.of(one) for one in people)
    text = texts.open_text(
        Actor.of(matters.secretariat()), matter.number, kind="norm", title="Site size",
        parties=["ETH", "KZN-HS"],
    )  # fmt: skip
    texts.propose(kzn, text, heading="Primary school", words="2.8 hectares.")
    texts.offer(eth, text, "1", answers=1, words=words)
    texts.say(kzn, text, "1", version=2, accepts=False, dissent=DISSENT)


def archive_of(who: Client, meeting: Meeting) -> dict[str, bytes]:
    content = b"".join(who.get(f"/meetings/{meeting.number}/pack.zip"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def items(files: dict[str, bytes]) -> list[dict]:
    return json.loads(files["pack.json"])["meeting"]["items"]


def word(content: bytes) -> str:
    book = Document(io.BytesIO(content))
    cells = [cell.text for t in book.tables for row in t.rows for cell in row.cells]
    return "\n".join([p.text for p in book.paragraphs] + cells)


def test_a_pack_says_how_each_party_stands_to_the_words_on_the_table(
    people: tuple[User, User],
) -> None:
    case = worked_case()
    negotiated(case, people)
    files = archive_of(client_of(people[0]), call(FORUM))
    (item,) = items(files)
    (text,) = item["texts"]
    assert text["told"] == "0 of 1 clauses agreed; 1 not accepted"
    (clause,) = text["clauses"]
    assert (clause["words"], clause["version"], clause["stands"]) == ("1.5 hectares.", 2, "open")
    assert [(p["party"], p["position"], p["dissent"]) for p in clause["parties"]] == [
        ("eThekwini", "accepts", ""),
        ("KwaZulu-Natal: Human Settlements", "does not accept", DISSENT),
    ]
    assert [one["party"] for one in item["last"]] == ["eThekwini"]
    assert "Lay the two lists side by side." in item["last"][0]["told"]
    book = load_workbook(io.BytesIO(files["pack.xlsx"]))
    rows = list(book["Positions"].iter_rows(min_row=2, values_only=True))
    assert [row[9:12] for row in rows] == [
        ("eThekwini", "accepts", None),
        ("KwaZulu-Natal: Human Settlements", "does not accept", DISSENT),
    ]
    assert f"does not accept: “{DISSENT}”" in word(files["pack.docx"])
    assert files["pack.pdf"].startswith(b"%PDF")


def test_crossed_offers_both_stand_in_the_pack(people: tuple[User, User]) -> None:
    case = worked_case()
    negotiated(case, people)
    eth, kzn = (Actor.of(one) for one in people)
    text = case.texts.get()
    texts.offer(kzn, text, "1", answers=2, words="2 hectares.")
    texts.offer(eth, text, "1", answers=2, words="1.8 hectares.")
    (item,) = items(archive_of(client_of(people[0]), call(FORUM)))
    clauses = item["texts"][0]["clauses"]
    assert [c["words"] for c in clauses] == ["2 hectares.", "1.8 hectares."]
    assert {c["stands"] for c in clauses} == {"offers crossed"}


def test_a_protocol_on_the_agenda_brings_its_commitments(people: tuple[User, User]) -> None:
    matter = compacts.drafted(people)
    files = archive_of(client_of(people[0]), call(FORUM))
    (item,) = [one for one in items(files) if one["key"] == matter.key]
    told = item["protocol"]["commitments"]
    assert [one["id"] for one in told] == ["k1", "k2", "k3"]
    assert told[0]["words"].startswith("eThekwini: Build the outfall sewer; R 45 000 000;")
    assert item["protocol"]["stands"] == "draft, not in force"
    assert "Build the outfall sewer" in word(files["pack.docx"])


def test_papers_are_annexes_by_number_and_hash_and_the_seal_covers_them(
    people: tuple[User, User], tmp_path: Path
) -> None:
    matter = compacts.drafted(people)
    who, meeting = client_of(people[0]), call(FORUM)
    files = archive_of(who, meeting)
    (item,) = [one for one in items(files) if one["key"] == matter.key]
    assert [paper["number"] for paper in item["papers"]] == ["1.1", "1.2"]
    for paper in item["papers"]:
        assert hashlib.sha256(files[paper["annex"]]).hexdigest() == paper["sha256"]
        assert files[paper["annex"]] == b"as agreed"
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(who.get(f"/meetings/{meeting.number}/pack.zip")))
    assert packs.check(path) == []
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content + (b"!" if name == item["papers"][0]["annex"] else b""))
    assert packs.check(path) == [f"{item['papers'][0]['annex']} is not what was sealed"]


def test_papers_past_the_room_are_named_and_not_carried(
    people: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    compacts.drafted(people)
    monkeypatch.setattr(annexes, "MOST_BYTES", len(b"as agreed"))
    files = archive_of(client_of(people[0]), call(FORUM))
    papers = items(files)[0]["papers"]
    assert [bool(paper["annex"]) for paper in papers] == [True, False]
    assert [name for name in files if name.startswith("annexes/")] == [papers[0]["annex"]]


def test_positions_and_papers_are_in_the_packs_of_those_who_may_know_them_alone(
    people: tuple[User, User],
) -> None:
    """The case is public; the text and the dispute's papers are for the parties."""
    case, dispute = worked_case(), declared_dispute()
    negotiated(case, people, words=f"{matters.SECRET} words")
    meetings = [call("PCC", chair=people[0]), call(FORUM)]
    for who in (Client(), client_of(person_of(Role.AUDITOR)), client_of(matters.planner("CPT"))):
        for one in meetings:
            files = archive_of(who, one)
            assert not any(item["texts"] or item["papers"] for item in items(files))
            assert not any(name.startswith("annexes/") for name in files)
            assert matters.SECRET not in files["pack.json"].decode()
            page = who.get(f"/meetings/{one.number}/").content.decode()
            assert matters.SECRET not in page
            assert "Site size" not in page
    seen = [item for one in meetings for item in items(archive_of(client_of(people[0]), one))]
    assert any(item["texts"] for item in seen)
    assert any(
        item["key"] == dispute.key and item["papers"] for item in seen
    ) or dispute.key not in {item["key"] for item in seen}


def test_the_page_of_a_meeting_says_where_the_parties_stand(people: tuple[User, User]) -> None:
    case = worked_case()
    negotiated(case, people)
    page = client_of(people[0]).get(f"/meetings/{call(FORUM).number}/").content.decode()
    assert "0 of 1 clauses agreed; 1 not accepted" in page
    assert f"/cases/{case.number}/texts/1/" in page


def test_the_command_line_makes_the_pack_of_a_called_meeting_for_the_reader_it_names(
    people: tuple[User, User], served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name it is a pack for everyone."""
    negotiated(worked_case(), people)
    meeting = call(FORUM)
    monkeypatch.setattr(server, "has_log", lambda _: True)
    monkeypatch.setattr(server, "make_ready", lambda _: None)
    harvest = Granary(served).harvest()
    for reader, texts_seen in ((people[0].username, 1), ("", 0)):
        made = server.meeting_pack(served, harvest, FORUM, meeting.on, reader=reader)
        assert made is not None
        assert [len(item["texts"]) for item in made[0]["meeting"]["items"]] == [texts_seen]
    assert server.meeting_pack(served, harvest, "CBF", meeting.on) is None
    with pytest.raises(UserError, match="nobody has the user name 'nobody'"):
        server.meeting_pack(served, harvest, FORUM, meeting.on, reader="nobody")
