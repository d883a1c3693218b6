"""Signing through the pages: seals and signed files, what is refused, and the procedure's own step."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.processor.workflow.moves import NotAllowedError
from harvester.reports.signing import laid_out
from harvester.web import confirming, triggers
from harvester.web.actions import editions, signatures, texts
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import NewPaper, take_step
from harvester.web.actions.people import name_delegate
from harvester.web.audit import checking
from harvester.web.matters import tasks
from harvester.web.models import Edition, Event, Matter, MatterStep, Paper, TextSignature
from harvester.web.texts import documents
from tests.reports import certificates
from tests.web import compacts, matters
from tests.web.conftest import PASSWORD
from tests.web.matters import client_of, done
from tests.web.test_texts import a_matter, a_text, page

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import User
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
AT = "/cases/1/signing/1/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def key_at_home(settings: SettingsWrapper, tmp_path: Path) -> None:
    """Each test has a key of its own: the one for development."""
    settings.SEAL_FOR_DEVELOPMENT = True
    settings.HARVESTER_HOME = tmp_path


@pytest.fixture
def people() -> tuple[User, User]:
    return matters.planner(), matters.official()


@pytest.fixture
def agreed(people: tuple[User, User]) -> Edition:
    """An agreed norm of a dispute, laid out to be signed."""
    eth, kzn = (Actor.of(one) for one in people)
    a_matter(people[0])
    text = a_text(people[0])
    texts.propose(kzn, text, heading="Primary school", words="2 hectares.")
    texts.say(eth, text, "1", version=1, accepts=True, dissent="Too large.")
    return editions.lay_out(eth, Matter.objects.get(), text)


@pytest.fixture
def authorised(people: tuple[User, User]) -> Edition:
    """A protocol that every party may sign, laid out."""
    matter = compacts.drafted(people)
    for name, paper in (("check", "opinion"), ("authorise", "authorisation")):
        for person in people:
            compacts.step(person, matter.number, name, paper)
    return editions.lay_out(Actor.of(people[0]), matter)


def confirm(client: Client, then: str) -> str:
    """Where the seal's page leads who has not confirmed; the password given there."""
    led = client.get(then).headers["Location"]
    assert led.startswith("/accounts/reauthenticate/")
    back = client.post(led, {"password": PASSWORD, "next": then})
    assert back.status_code == 302, back.content.decode()[-2000:]
    return back.headers["Location"]


def put_in(client: Client, content: bytes, at: str = AT) -> str:
    """Give a file as a signature; the page that follows."""
    sent = SimpleUploadedFile("signed.pdf", content, content_type="application/pdf")
    return client.post(f"{at}file/", {"file": sent}, follow=True).content.decode()


def own(pdf: bytes, party: str = "ETH", at: dt.datetime | None = None) -> bytes:
    """Signed by somebody an authority vouches for that nobody here knows."""
    manager = certificates.vouched(certificates.authority(at=at or NOW), at=at or NOW)
    return certificates.signed(pdf, manager, laid_out.field_of(party))


def test_two_parties_sign_an_agreed_text_by_seal_and_by_file(
    people: tuple[User, User], agreed: Edition
) -> None:
    eth, kzn = (client_of(one) for one in people)
    assert agreed.sha256 in page(eth, AT)
    assert confirm(eth, f"{AT}seal/") == f"{AT}seal/"
    assert "Dissent of ETH on 1" in page(eth, f"{AT}seal/"), "what is signed is shown before"
    done(eth.post(f"{AT}seal/", {"sha256": agreed.sha256}))
    so_far = kzn.get(f"{AT}text.pdf").content
    shown = put_in(kzn, own(so_far, "KZN-HS"))
    assert "signed by every party" in shown
    assert "N Dlamini, City Manager" in shown
    assert "its issuer is not among those the operator trusts" in shown
    assert "FOR DEVELOPMENT ONLY" in shown
    seal, file = TextSignature.objects.order_by("number")
    assert (seal.way, file.way) == (TextSignature.SEAL, TextSignature.FILE)
    assert (len(file.told), len(file.marks)) == (2, 1), "the file holds both; one is new with it"
    assert bytes(file.content).startswith(bytes(agreed.pdf))
    told = Event.objects.filter(action="sign_text").order_by("number")
    assert ['"confirmed_by":"password"' in one.payload for one in told] == [True, False]
    assert kzn.get(f"{AT}signatures/2.pdf").content == bytes(file.content)


def tampered(pdf: bytes) -> bytes:
    content = bytearray(own(pdf))
    content[2000] ^= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda pdf: pdf, "there is no signature in it"),
        (tampered, "is broken: the bytes it covers changed"),
        (lambda _: b"PK\x03\x04", "this is no PDF file"),
        (lambda _: own(laid_out.pdf("Combined Harvester canonical text, form 1\nTitle: T\nMatter: case:1\n"
                                    "Parties:\n    ETH: e\n\n1. H\n    other words\n", NOW)),
         "its text is not the text that is to be signed"),
        (lambda pdf: own(pdf, "KZN-HS"), "signed in the field of another party"),
        (lambda pdf: own(pdf, at=NOW - dt.timedelta(days=800)), "out of date"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_sign_the_text_is_refused_with_the_reason(
    people: tuple[User, User], agreed: Edition, make: object, told: str
) -> None:
    shown = put_in(client_of(people[0]), make(bytes(agreed.pdf)))
    assert told in shown
    assert not TextSignature.objects.exists()
    assert not Event.objects.filter(action="sign_text").exists()


def test_a_signature_of_one_party_is_not_put_in_by_the_other(
    people: tuple[User, User], agreed: Edition
) -> None:
    made = signatures.seal(Actor.of(people[0]), agreed, confirmed="password")
    shown = put_in(client_of(people[1]), bytes(made.content))
    assert "holds no signature that is not recorded already" in shown
    with pytest.raises(UserError, match="ETH has signed edition 1"):
        signatures.seal(Actor.of(people[0]), agreed, confirmed="password")


def test_a_trusted_issuer_is_said_to_be_trusted(
    people: tuple[User, User], agreed: Edition, settings: SettingsWrapper, tmp_path: Path
) -> None:
    centre = certificates.authority(at=NOW)
    settings.TRUST_ROOTS = certificates.trusting(tmp_path / "roots", centre)
    manager = certificates.vouched(centre, at=NOW)
    signed = certificates.signed(bytes(agreed.pdf), manager, laid_out.field_of("ETH"))
    assert "leads to a certificate that the operator trusts" in put_in(client_of(people[0]), signed)


def test_a_seal_needs_a_fresh_confirmation_and_the_second_factor_of_who_has_one(
    people: tuple[User, User], agreed: Edition
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    eth = client_of(people[0])
    assert eth.post(f"{AT}seal/", {"sha256": agreed.sha256}).status_code == 302
    assert not TextSignature.objects.exists(), "signing in is no confirmation"
    confirm(eth, f"{AT}seal/")
    assert eth.post(f"{AT}seal/", {"sha256": "0" * 64}).status_code == 400, "another hash"
    TOTP.activate(people[0], generate_totp_secret())
    led = eth.post(f"{AT}seal/", {"sha256": agreed.sha256})
    assert "/accounts/2fa/reauthenticate/" in led.headers["Location"], "a password is not enough"
    session = eth.session
    session["account_authentication_methods"] = [
        {
            "method": "mfa",
            "type": "totp",
            "reauthenticated": True,
            "at": timezone.now().timestamp() + 60,
        }
    ]
    session.save()
    done(eth.post(f"{AT}seal/", {"sha256": agreed.sha256}))
    assert '"confirmed_by":"mfa:totp"' in Event.objects.get(action="sign_text").payload


def test_a_confirmation_grows_old(people: tuple[User, User], agreed: Edition) -> None:
    eth = client_of(people[0])
    session = eth.session
    session["account_authentication_methods"] = [
        {"method": "password", "reauthenticated": True,
         "at": timezone.now().timestamp() - confirming.SECONDS - 1}
    ]  # fmt: skip
    session.save()
    assert eth.get(f"{AT}seal/").status_code == 302


def test_nobody_seals_for_another_and_no_key_is_no_seal(
    people: tuple[User, User], agreed: Edition, settings: SettingsWrapper
) -> None:
    deputy = matters.planner(name="deputy")
    day = timezone.localdate()
    name_delegate(
        Actor.of(people[0]), people[0], deputy, first_day=day, last_day=day, reason="Leave"
    )
    deputy.acting_for = people[0]
    with pytest.raises(UserError, match="in one's own name"):
        signatures.seal(Actor.of(deputy), agreed, confirmed="password")
    with pytest.raises(UserError, match="confirm that it is you"):
        signatures.seal(Actor.of(people[0]), agreed, confirmed="")
    settings.SEAL_FOR_DEVELOPMENT = False
    assert "has no key for seals" in page(client_of(people[0]), AT)
    with pytest.raises(UserError, match="no key for seals"):
        signatures.seal(Actor.of(people[0]), agreed, confirmed="password")


def test_a_fault_of_the_set_up_is_the_operator_s_to_read(
    people: tuple[User, User], agreed: Edition, settings: SettingsWrapper, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    settings.TRUST_ROOTS = tmp_path / "not-there"
    shown = put_in(client_of(people[0]), own(bytes(agreed.pdf)))
    assert "signing is not set up right on this server" in shown
    assert "not-there" not in shown
    assert "not-there" in caplog.text
    settings.TRUST_ROOTS = None
    settings.SEAL_KEY = settings.SEAL_CERTIFICATE = tmp_path / "no-key"
    with pytest.raises(UserError, match="not set up right"):
        signatures.seal(Actor.of(people[0]), agreed, confirmed="password")
    assert "has no key for seals" in page(client_of(people[0]), AT)


def test_a_text_that_changed_is_laid_out_anew_and_the_old_edition_is_not_signed(
    people: tuple[User, User], agreed: Edition
) -> None:
    eth, kzn = (Actor.of(one) for one in people)
    old = own(bytes(agreed.pdf))
    again = editions.lay_out(eth, agreed.matter, agreed.text)
    assert again.pk == agreed.pk, "the same words are the same edition"
    texts.offer(kzn, agreed.text, "1", answers=1, words="3 hectares.")
    with pytest.raises(UserError, match="not agreed"):
        editions.lay_out(eth, agreed.matter, agreed.text)
    texts.say(eth, agreed.text, "1", version=2, accepts=True)
    assert "the text has changed since it was laid out" in page(client_of(people[0]), AT)
    new = editions.lay_out(eth, agreed.matter, agreed.text)
    assert new.number == 2
    with pytest.raises(UserError, match="edition 1 is not to be signed any more"):
        signatures.put_in_file(eth, agreed, old)
    with pytest.raises(UserError, match="it signs edition 1, and the text has changed since"):
        signatures.put_in_file(eth, new, old)


# --- The step of the procedure ----------------------------------------------------------------------


def test_a_protocol_is_signed_by_its_parties_and_stands_signed(
    people: tuple[User, User], authorised: Edition
) -> None:
    eth, kzn = (client_of(one) for one in people)
    step = page(eth, "/cases/1/")
    assert 'href="/cases/1/signing/">signatures</a>' in step
    assert "text_signed_text" not in step, "no room for words where a signature is asked"
    assert "outfall sewer" in authorised.canonical
    assert "R 45 000 000" in authorised.canonical
    confirm(eth, f"{AT}seal/")
    done(eth.post(f"{AT}seal/", {"sha256": authorised.sha256}))
    assert matters.course(1).state == "authorised", "each party signs"
    assert "this is no PDF file" in put_in(kzn, b"nothing")
    shown = put_in(kzn, own(kzn.get(f"{AT}text.pdf").content, "KZN-HS"))
    assert "signed by every party" in shown
    assert matters.course(1).state == "signed"
    papers = Paper.objects.filter(put_in__kind="signed_text").order_by("pk")
    assert [bytes(p.content) for p in papers] == [
        bytes(s.content) for s in TextSignature.objects.order_by("number")
    ]
    assert {p.level for p in papers} == {"parties"}


def test_the_step_takes_no_paper_that_is_not_the_signed_text(
    people: tuple[User, User], authorised: Edition
) -> None:
    actor, on = Actor.of(people[0]), timezone.localdate()
    pdf = bytes(authorised.pdf)
    for content, told in (
        (b"", "words are not a signed text"),
        (pdf, "there is no signature in it"),
        (tampered(pdf), "is broken"),
        (own(laid_out.pdf(authorised.canonical.replace("45 000 000", "4 500 000"), NOW)),
         "its text is not the text that is to be signed"),
    ):  # fmt: skip
        paper = NewPaper(
            "signed_text", "Signed", body="as agreed", file_name="s.pdf", content=content
        )
        with pytest.raises(UserError, match=told):
            take_step(actor, 1, "sign", on=on, papers=[paper])
    assert not MatterStep.objects.filter(step="sign").exists()
    paper = NewPaper("signed_text", "Signed", file_name="s.pdf", content=own(pdf))
    take_step(actor, 1, "sign", on=on, papers=[paper])
    assert TextSignature.objects.get().institution == "ETH", "the step's own form records it too"


def test_nothing_is_signed_before_every_party_is_authorised(people: tuple[User, User]) -> None:
    matter = compacts.drafted(people)
    edition = editions.lay_out(Actor.of(people[0]), matter)
    assert "It can be signed when the matter stands at “Authorised by every party”." in page(
        client_of(people[0]), AT
    )
    with pytest.raises(NotAllowedError, match="Drafted"):
        signatures.seal(Actor.of(people[0]), edition, confirmed="password")
    assert not TextSignature.objects.exists(), "signature and step stand or fall together"


def test_clauses_negotiated_for_a_protocol_are_signed_with_it(people: tuple[User, User]) -> None:
    matter = compacts.drafted(people)
    eth, kzn = (Actor.of(one) for one in people)
    text = texts.open_text(eth, 1, kind="protocol", title="Money", parties=["ETH", "KZN-HS"])
    texts.propose(kzn, text, heading="Late payment", words="Interest runs from the thirtieth day.")
    with pytest.raises(UserError, match="not agreed"):
        editions.lay_out(eth, matter)
    texts.say(eth, text, "1", version=1, accepts=True)
    assert "Late payment\n    Interest runs" in editions.lay_out(eth, matter).canonical


def test_the_contents_of_a_protocol_are_its_latest_version(people: tuple[User, User]) -> None:
    matter = compacts.opened(people[0])
    with pytest.raises(UserError, match="contents of the protocol are not written"):
        documents.protocol_document(matter)
    compacts.save_version(Actor.of(people[0]), 1, compacts.WHOLE, seen=0)
    headings = [one.heading for one in documents.protocol_text(matter)]
    assert len(headings) >= 9, "every content of section 35(3), and the commitments"


# --- The record -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE web_edition SET canonical = 'x'", "DELETE FROM web_textsignature",
        "UPDATE web_textsignature SET content = x'00'", "UPDATE web_edition SET pdf = x'00'",
    ],
)  # fmt: skip
def test_a_signature_or_edition_that_somebody_touched_is_found_out(
    people: tuple[User, User], agreed: Edition, tmp_path: Path, statement: str
) -> None:
    signatures.seal(Actor.of(people[0]), agreed, confirmed="password")
    assert checking.check(tmp_path).faults == []
    with connection.cursor() as cursor:
        for one in triggers._wanted(connection.vendor):
            cursor.execute(f"DROP TRIGGER {one.name}")
        cursor.cursor.execute(statement)
    assert any("signature" in f or "edition" in f for f in checking.check(tmp_path).faults)


def test_strangers_see_neither_editions_nor_signatures(
    people: tuple[User, User], agreed: Edition
) -> None:
    signatures.seal(Actor.of(people[0]), agreed, confirmed="password")
    stranger = client_of(matters.planner("CPT"))
    for address in ("", "text.pdf", "text.txt", "signatures/1.pdf", "seal/"):
        assert stranger.get(f"{AT}{address}").status_code == 404
    assert stranger.post(f"{AT}file/").status_code == 404
    lindiwe = client_of(matters.secretariat())
    assert "1 of 2 parties have signed" in page(lindiwe, AT)
    assert lindiwe.post(f"{AT}file/").status_code == 403, "the secretariat signs nothing"
    assert tasks.tasks_of(matters.planner("CPT"), timezone.localdate()) == []
