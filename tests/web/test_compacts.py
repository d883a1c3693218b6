"""Compacts end to end: contents in versions, two editors, gates that are worked out, verdicts from data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from harvester.domain.documents import Document
from harvester.domain.errors import UserError
from harvester.domain.periods import Calendar, FinancialYear
from harvester.processor.compacts.protocol import (
    Commitment,
    Role,
)
from harvester.processor.compacts.written import read
from harvester.processor.workflow.moves import NotAllowedError
from harvester.web import harvest_store, triggers
from harvester.web.actions import verdicts as judging
from harvester.web.actions.acting import Actor
from harvester.web.actions.compacts import (
    WrittenSinceError,
    contest,
    replace_commitment,
    save_version,
)
from harvester.web.actions.matters import NewPaper, open_matter
from harvester.web.actions.verdicts import judge_all, last_verdicts
from harvester.web.audit import checking
from harvester.web.compacts import found
from harvester.web.matters import tasks
from harvester.web.models import CompactVersion, Event, Matter, VerdictContest
from harvester.web.rights import Level
from tests.web import country, matters
from tests.web.compacts import AGREED, WHOLE, drafted, in_force, opened, signed, step

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    """A store of its own, so that a later harvest can come into service."""
    settings.HARVESTER_HOME = tmp_path
    country.store(tmp_path, country.tables())
    return tmp_path


@pytest.fixture
def people() -> tuple[User, User]:
    """The metro's planner and the province's official."""
    return matters.planner("ETH"), matters.official("KZN-HS")


def verdicts(matter: Matter) -> dict[str, str]:
    return {key: one.verdict for key, one in last_verdicts(matter).items()}


def test_every_version_stays_and_is_read_back(people: tuple[User, User]) -> None:
    metro, province = people
    matter = opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0, reason="first draft")
    shorter = replace(WHOLE, oversight="Monthly")
    save_version(Actor.of(province), matter.number, shorter, seen=1, reason="oftener")
    again = save_version(Actor.of(metro), matter.number, shorter, seen=2)
    kept = list(CompactVersion.objects.filter(matter=matter))
    assert [read(one.contents) for one in kept] == [WHOLE, shorter]
    assert again == kept[1], "nothing changed, nothing is added"
    assert [(one.institution, one.reason) for one in kept] == [
        ("ETH", "first draft"), ("KZN-HS", "oftener"),
    ]  # fmt: skip
    events = Event.objects.filter(action="write_compact").order_by("number")
    assert [event.subject for event in events] == [matter.key, matter.key]
    with pytest.raises(TypeError, match="never changed"):
        kept[0].save()


def test_of_two_editors_the_second_is_told_and_overwrites_nothing(
    people: tuple[User, User],
) -> None:
    metro, province = people
    matter = opened(metro)
    save_version(Actor.of(metro), matter.number, WHOLE, seen=0)
    theirs = replace(WHOLE, oversight="Monthly")
    save_version(Actor.of(metro), matter.number, theirs, seen=1)
    mine = replace(WHOLE, other="Annexe A")
    with pytest.raises(WrittenSinceError) as told:
        save_version(Actor.of(province), matter.number, mine, seen=1)
    assert told.value.latest.number == 2
    save_version(Actor.of(province), matter.number, mine, seen=2)
    assert [read(v.contents) for v in CompactVersion.objects.all()] == [WHOLE, theirs, mine]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (lambda: matters.planner("CPT"), "Your account may not"),
        (matters.secretariat, "Your account may not"),
        (lambda: matters.official("DHS"), "Your account may not"),
    ],
)
def test_only_parties_write(people: tuple[User, User], who: Any, why: str) -> None:
    matter = opened(people[0])
    with pytest.raises(PermissionDenied, match=why):
        save_version(Actor.of(who()), matter.number, WHOLE, seen=0)
    assert not CompactVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"parties": ("ETH", "CPT")}, "parties of a protocol are those of its matter"),
        ({"roles": (Role("CPT", "x"),)}, "CPT is no party"),
        ({"commitments": (WHOLE.commitments[0],) * 2}, "number of its own"),
    ],
)
def test_contents_that_are_not_of_this_protocol_are_refused(
    people: tuple[User, User], change: dict[str, Any], why: str
) -> None:
    matter = opened(people[0])
    with pytest.raises(UserError, match=why):
        save_version(Actor.of(people[0]), matter.number, replace(WHOLE, **change), seen=0)


def test_the_check_is_open_when_the_contents_say_so(people: tuple[User, User]) -> None:
    metro, province = people
    matter = drafted(people, replace(WHOLE, outcomes=(), contributions=WHOLE.contributions[1:]))
    with pytest.raises(NotAllowedError, match="not so: every content of section 35"):
        step(metro, matter.number, "check", "opinion", missing_contents="0", open_checks="0")
    unnamed = replace(WHOLE.contributions[0], condition="")
    open_check = replace(WHOLE, contributions=(unnamed, WHOLE.contributions[1]))
    save_version(Actor.of(metro), matter.number, open_check, seen=1)
    with pytest.raises(NotAllowedError, match="not so: no check is open"):
        step(metro, matter.number, "check", "opinion")
    save_version(Actor.of(metro), matter.number, WHOLE, seen=2)
    step(metro, matter.number, "check", "opinion")
    (taken,) = [t for t in matters.course(matter.number).taken if t.step == "check"]
    assert dict(taken.told) == {
        "contents_version": 3,
        "missing_contents": 0,
        "open_checks": 0,
        "unbound_contributions": 0,
    }
    with pytest.raises(UserError, match="passed these contents in its check"):
        save_version(Actor.of(province), matter.number, replace(WHOLE, other="x"), seen=3)


def test_money_bound_to_no_line_is_not_signed(people: tuple[User, User]) -> None:
    matter = drafted(people, replace(WHOLE, commitments=WHOLE.commitments[1:]))
    with pytest.raises(NotAllowedError, match="all money is bound to the budget line"):
        step(people[0], matter.number, "check", "opinion", unbound_contributions="0")


def test_what_is_signed_is_not_written_but_amended(people: tuple[User, User]) -> None:
    matter = drafted(people)
    signed(people, matter.number)
    with pytest.raises(UserError, match="amend it first"):
        save_version(Actor.of(people[0]), matter.number, replace(WHOLE, other="x"), seen=1)
    step(people[1], matter.number, "amend", why_amended="A word was wrong")
    save_version(Actor.of(people[0]), matter.number, replace(WHOLE, other="x"), seen=1)


def test_a_drafted_protocol_waits_for_whoever_drafts_it_until_it_is_whole(
    people: tuple[User, User],
) -> None:
    metro, province = people
    matter = drafted(people, replace(WHOLE, outcomes=()))
    (task,) = tasks.tasks_of(metro, AGREED)
    assert task.what == "Write what the contents lack"
    assert tasks.tasks_of(province, AGREED) == []
    save_version(Actor.of(province), matter.number, WHOLE, seen=1)
    assert [t.what for t in tasks.tasks_of(metro, AGREED)] == ["Pass the legal and treasury check"]


def test_a_long_contract_the_council_approved_under_it_closes_the_check(
    people: tuple[User, User],
) -> None:
    metro, _ = people
    year = FinancialYear(2022, Calendar.MUNICIPAL)
    far, built = (replace(x[0], year=year) for x in (WHOLE.contributions, WHOLE.commitments))
    long = replace(WHOLE, contributions=(far, WHOLE.contributions[1]), commitments=(built,))
    matter = drafted(people, long)
    with pytest.raises(NotAllowedError, match="no check is open"):
        step(metro, matter.number, "check", "opinion")
    contract = open_matter(
        Actor.of(metro), "long_contract", title="Sewer past 2021", parties=WHOLE.parties, known={},
        opened=dt.date(2017, 1, 1), level=Level.PARTIES, parent=matter,
    )  # fmt: skip
    step(metro, contract.number, "publish", "draft_contract", "information_statement", "notice",
         on=dt.date(2017, 1, 2))  # fmt: skip
    step(metro, contract.number, "table", "comments", on=dt.date(2017, 6, 1))
    step(metro, contract.number, "approve", "resolution", on=dt.date(2017, 6, 2), weighed=["x"])
    step(metro, matter.number, "check", "opinion")


def test_an_amendment_is_a_version_and_the_one_in_force_binds_until_it_is_signed(
    home: Path, people: tuple[User, User]
) -> None:
    matter = in_force(people)
    judge_all(harvest_store.current())
    step(people[0], matter.number, "amend", why_amended="More houses")
    save_version(
        Actor.of(people[0]),
        matter.number,
        replace(WHOLE, commitments=WHOLE.commitments[:2]),
        seen=1,
    )
    judge_all(harvest_store.current())
    assert {one.version.number for one in matter.verdicts.all()} == {1}
    assert len(last_verdicts(matter)) == 3


def test_a_harvest_judges_what_is_in_force_and_keeps_only_what_changed(
    home: Path, people: tuple[User, User]
) -> None:
    draft = drafted(people)
    matter = in_force(people)
    made = judge_all(harvest_store.current())
    assert {one.matter_id for one in made} == {matter.pk}, "a draft is not judged"
    assert draft.verdicts.count() == 0
    told = last_verdicts(matter)
    assert verdicts(matter) == {"k1": "kept", "k2": "not_due", "k3": "unknown"}
    kept = told["k1"]
    assert (kept.share, kept.run, str(kept.as_at)) == (1.0, "h0001", country.AS_AT)
    (cell,) = kept.cells
    assert (cell["file"], cell["sheet"], cell["cell"]) == ("SA36-2018.xlsx", "ETH", "R118")
    assert "no project is named" in told["k3"].reason
    assert judge_all(harvest_store.current()) == [], "doing it again changes nothing"
    event = Event.objects.filter(action="judged").get()
    assert (event.actor, event.subject) == ("system", matter.key)


def season_on(home: Path, rand: int | None, run: str = "h0002") -> None:
    """The next season: the province's list of 2019/20 is read; the houses stand in it, or do not."""
    made = country.tables()
    papers = made["submissions"].to_pylist()
    old = next(row for row in papers if row["submission_id"] == "eeee:0")
    made["submissions"] = matters._rows("submissions", [*papers, {
        **old, "submission_id": "abcd:0", "sha256": "d" * 64, "file": "IRM-KZN-2019.csv",
        "financial_year": "2019/20", "published_on": dt.date(2019, 3, 5),
    }])  # fmt: skip
    if rand is not None:
        rows = made["entries"].to_pylist()
        entry = next(row for row in rows if row["entry_id"] == "eeee:0:14")
        new = {"entry_id": "abcd:0:14", "submission_id": "abcd:0"}
        made["entries"] = matters._rows("entries", [*rows, {**entry, **new}])
        members = made["memberships"].to_pylist()
        made["memberships"] = matters._rows("memberships", [
            *members, {"entry_id": "abcd:0:14", "undertaking_id": country.CORNUBIA, "probability": 0.9},
        ])  # fmt: skip
        lines = made["lines"].to_pylist()
        line = next(x for x in lines if x["line_id"] == "eeee:0:14:AC14")
        made["lines"] = matters._rows("lines", [*lines, {
            **line, **new, "line_id": "abcd:0:14:AC14", "amount_cents": rand * 100, "raw": f"R {rand}",
        }])  # fmt: skip
    country.store(home, made, run=run, as_at="2019-06-01")


@pytest.mark.parametrize(
    ("rand", "verdict", "share"),
    [(300_000_000, "kept", 1.0), (60_000_000, "part_kept", 0.2), (None, "overdue", 0.0)],
)
def test_the_next_harvest_lands_a_commitment_or_shows_that_it_did_not(
    home: Path, people: tuple[User, User], rand: int | None, verdict: str, share: float
) -> None:
    matter = in_force(people)
    judge_all(harvest_store.current())
    season_on(home, rand)
    changed = judge_all(harvest_store.current())
    assert [one.commitment for one in changed] == ["k2"]
    now = last_verdicts(matter)["k2"]
    assert (now.verdict, now.share, now.run) == (verdict, share, "h0002")
    assert [one.verdict for one in matter.verdicts.filter(commitment="k2")] == ["not_due", verdict]
    assert [cell["cell"] for cell in now.cells] == ([] if rand is None else ["AC14"])


@pytest.mark.parametrize(("stage", "verdict"), [("tabled", "unknown"), ("adopted", "kept")])
def test_a_budget_that_is_only_tabled_keeps_nothing(
    home: Path, people: tuple[User, User], stage: str, verdict: str
) -> None:
    made = country.tables()
    rows = made["submissions"].to_pylist()
    made["submissions"] = matters._rows(
        "submissions", [r | {"stage": stage} if r["submission_id"] == "cccc:0" else r for r in rows]
    )
    country.store(home, made, run="h0003")
    matter = in_force(people, replace(WHOLE, commitments=WHOLE.commitments[:1]))
    judge_all(harvest_store.current())
    assert verdicts(matter) == {"k1": verdict}


def test_a_national_workbook_that_names_no_publisher_is_the_partys_where_it_has_a_row_of_it(
    home: Path,
) -> None:
    made = country.tables()
    papers = made["submissions"].to_pylist()
    old = next(row for row in papers if row["submission_id"] == "eeee:0")
    made["submissions"] = matters._rows("submissions", [*papers, {
        **old, "submission_id": "abab:0", "sha256": "e" * 64, "file": "ENE.csv",
        "document": "national_projects", "institution": "unknown",
    }])  # fmt: skip
    entries, members, lines = (made[n].to_pylist() for n in ("entries", "memberships", "lines"))
    new = {"entry_id": "abab:0:7", "submission_id": "abab:0"}
    entry = next(row for row in entries if row["entry_id"] == "eeee:0:15")
    made["entries"] = matters._rows("entries", [*entries, {
        **entry, **new, "document": "national_projects", "institution": "unknown", "owner": "PRASA",
    }])  # fmt: skip
    made["memberships"] = matters._rows("memberships", [
        *members, {"entry_id": "abab:0:7", "undertaking_id": "U-0003", "probability": 0.9},
    ])  # fmt: skip
    line = next(x for x in lines if x["entry_id"] == "eeee:0:15")
    made["lines"] = matters._rows("lines", [*lines, {**line, **new, "line_id": "abab:0:7:AB15"}])
    country.store(home, made, run="h0004")
    year = FinancialYear(2018, Calendar.NATIONAL)
    promise = Commitment(
        "k1", "PRASA", "Build it", Document.NATIONAL_PROJECTS, year, None, "U-0003"
    )
    tables = harvest_store.current()
    (seen,), cells = found.seen_of(tables, promise)
    assert (seen.present, seen.amount_cents) == (True, 71_000_000_00)
    assert [cell["file"] for cell in cells.values()] == ["ENE.csv"]
    assert found.seen_of(tables, replace(promise, party="DHS")) == ([], {})


def test_money_in_other_years_only_is_none_and_a_row_without_amounts_says_nothing(
    home: Path,
) -> None:
    tables = harvest_store.current()
    far = FinancialYear(2023, Calendar.MUNICIPAL)
    promise = replace(WHOLE.commitments[0], year=far)
    assert found._amount(promise, found._project(tables, country.CORNUBIA)[1])[0] == 0
    assert found._amount(promise, []) == (None, [])
    spent = replace(WHOLE.commitments[0], document=Document.IN_YEAR)
    (seen,), _ = found.seen_of(tables, spent)
    assert seen.amount_cents == 9_000_000_00, "what was spent, not what was budgeted"


def test_the_command_after_a_harvest_judges_too(home: Path, people: tuple[User, User]) -> None:
    matter = in_force(people)
    call_command("close_mended")
    assert verdicts(matter)["k1"] == "kept"


def test_a_project_under_another_id_now_is_still_found(
    home: Path, people: tuple[User, User]
) -> None:
    merged = replace(WHOLE.commitments[0], undertaking=country.MERGED)
    matter = in_force(people, replace(WHOLE, commitments=(merged,)))
    judge_all(harvest_store.current())
    assert verdicts(matter) == {"k1": "kept"}


def test_a_party_contests_a_verdict_and_both_stand(home: Path, people: tuple[User, User]) -> None:
    metro, province = people
    matter = in_force(people)
    judge_all(harvest_store.current())
    verdict = last_verdicts(matter)["k1"]
    contest(Actor.of(province), verdict, reason="That line is for phase 3.",
            paper=NewPaper("contest", "Letter", body="See annexe B."))  # fmt: skip
    said = VerdictContest.objects.get()
    assert (said.institution, said.paper.body) == ("KZN-HS", "See annexe B.")
    assert last_verdicts(matter)["k1"].verdict == "kept"
    with pytest.raises(UserError, match="Say why"):
        contest(Actor.of(metro), verdict, reason=" ")
    for stranger in (matters.planner("CPT"), matters.secretariat()):
        with pytest.raises((PermissionDenied, UserError)):
            contest(Actor.of(stranger), verdict, reason="No.")


def test_what_replaced_a_commitment_holds_when_every_party_has_said_so(
    home: Path, people: tuple[User, User]
) -> None:
    metro, province = people
    matter = in_force(people)
    judge_all(harvest_store.current())
    first = replace_commitment(
        Actor.of(metro), matter.number, "k2", by="Amendment 1 of 3 May 2018, clause 4"
    )
    judge_all(harvest_store.current())
    assert verdicts(matter)["k2"] == "not_due", "one party alone replaces nothing"
    with pytest.raises(UserError, match="said so already"):
        replace_commitment(Actor.of(metro), matter.number, "k2", by="", confirms=first)
    replace_commitment(Actor.of(province), matter.number, "k2", by="", confirms=first)
    judge_all(harvest_store.current())
    assert verdicts(matter)["k2"] == "overtaken"
    assert "Amendment 1" in last_verdicts(matter)["k2"].reason
    with pytest.raises(UserError, match="no commitment 'k9'"):
        replace_commitment(Actor.of(metro), matter.number, "k9", by="x")


def test_contents_that_somebody_touched_are_found_out(
    people: tuple[User, User], home: Path
) -> None:
    matter = opened(people[0])
    save_version(Actor.of(people[0]), matter.number, WHOLE, seen=0)
    assert checking.check(home).faults == []
    with connection.cursor() as cursor:
        for one in triggers._wanted(connection.vendor):
            cursor.execute(f"DROP TRIGGER {one.name}")
        cursor.cursor.execute(
            "UPDATE web_compactversion SET contents = replace(contents, '4500000000', '9')"
        )
    faults = checking.check(home).faults
    assert any("version 1 of protocol:1 is not what was written then" in one for one in faults)


def test_an_amendment_leaves_the_time_of_what_it_leaves_alone(
    home: Path, people: tuple[User, User]
) -> None:
    metro, _ = people
    matter = in_force(people)
    later = dt.date(2019, 9, 2)
    step(metro, matter.number, "amend", why_amended="The land is bought later", on=later)
    moved = replace(WHOLE.commitments[2], year=FinancialYear(2019, Calendar.MUNICIPAL))
    amended = replace(WHOLE, commitments=(*WHOLE.commitments[:2], moved))
    save_version(Actor.of(metro), matter.number, amended, seen=1)
    signed(people, matter.number, on=later)
    step(metro, matter.number, "begin", on=later)
    judge_all(harvest_store.current())
    due = {key: str(one.due) for key, one in last_verdicts(matter).items()}
    assert due["k1"] == "2018-06-30", "agreed in January 2018, whatever was amended since"
    assert due["k3"] == "2020-06-30", "agreed after the IDP of 2019/20 was adopted"
    assert {one.version.number for one in matter.verdicts.all()} == {2}
    step(metro, matter.number, "expire", on=later)
    before = matter.verdicts.count()
    season_on(home, 300_000_000)
    assert judge_all(harvest_store.current()) == []
    assert matter.verdicts.count() == before, "what has ended is judged no more"


def test_a_protocol_that_cannot_be_judged_keeps_no_other_from_it(
    home: Path, people: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = in_force(people), in_force(people)
    real = judging.judge_protocol

    def fails_on_the_first(tables: Any, matter: Matter, at: Any) -> Any:
        if matter.pk == broken.pk:
            raise ValueError("its contents cannot be read")
        return real(tables, matter, at)

    monkeypatch.setattr(judging, "judge_protocol", fails_on_the_first)
    matters.next_harvest(home)
    with pytest.raises(ExceptionGroup) as raised:
        judge_all(harvest_store.current())
    assert [broken.key in error.__notes__[0] for error in raised.value.exceptions] == [True]
    assert {row.run for row in last_verdicts(whole).values()} == {"h0002"}
