"""A text laid out, signed and checked: what is broken, changed or foreign is found; unknown is said."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PdfFileWriter

from harvester.domain.errors import ConfigurationError, UserError
from harvester.processor.negotiation.canonical import Dissent, Document, Section
from harvester.reports.signing import keys, laid_out
from harvester.reports.signing.check import Pages, Trust, check
from harvester.reports.signing.seal import seal
from tests.reports import certificates
from tests.reports.certificates import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.reports.signing.check import Checked
    from harvester.reports.signing.keys import SealKey

TEXT = Document(
    "Sewer first, houses after", "protocol:2",
    (("ETH", "eThekwini"), ("KZN-HS", "KwaZulu-Natal: Human Settlements")),
    (
        Section("1", "Challenges", "No bulk sewer.\n\nThe city builds it first: *not* markup, #nor this."),
        Section("2", "Duration", "Thr\u00ea years."),
    ),
    (Dissent("1", "ETH", "Too soon."),),
)  # fmt: skip
ETH, KZN = laid_out.field_of("ETH"), laid_out.field_of("KZN-HS")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return laid_out.pdf(TEXT.canonical, NOW)


@pytest.fixture(scope="module")
def centre() -> certificates.Held:
    return certificates.authority()


@pytest.fixture
def key(tmp_path: Path) -> SealKey:
    return keys.development_key(tmp_path, NOW)


def look(
    content: bytes, *roots: certificates.Held, at: dt.datetime = NOW, **more: bytes
) -> Checked:
    trusted = [
        one for held in roots for one in keys.load_certs_from_pemder_data(held.certificate)
    ]  # fmt: skip
    return check(content, trusted, at, **more)


def test_the_same_text_and_moment_give_the_same_bytes_and_hold_the_text(pdf: bytes) -> None:
    assert all(laid_out.pdf(TEXT.canonical, NOW) == pdf for _ in range(5))
    found = look(pdf)
    assert (found.canonical, found.keyword, found.pages) == (
        TEXT.canonical, TEXT.digest, Pages.SAME,
    )  # fmt: skip
    assert found.faults == ("there is no signature in it",)


def test_both_ways_of_signing_stand_in_one_file_and_neither_breaks_the_other(
    pdf: bytes, centre: certificates.Held, key: SealKey
) -> None:
    manager = certificates.vouched(centre)
    both = seal(
        certificates.signed(pdf, manager, ETH), key, party="KZN-HS", person="Pi\u00e9ter % van Wyk",
        at=NOW, reason="protocol:2",
    )  # fmt: skip
    found = look(both, centre)
    assert found.faults == ()
    mine, sealed = found.signatures
    assert (mine.field, mine.subject, mine.trust) == (
        ETH, "N Dlamini, City Manager, eThekwini", Trust.TRUSTED,
    )  # fmt: skip
    assert mine.issuer == "A Trust Centre, eThekwini"
    assert sealed.subject == keys.DEVELOPMENT
    assert mine.mark != sealed.mark
    assert not mine.timestamped, "its time is what the signer's machine said"


def test_an_issuer_that_is_not_known_is_unknown_never_valid(
    pdf: bytes, centre: certificates.Held, key: SealKey
) -> None:
    own = certificates.signed(pdf, certificates.vouched(centre), ETH)
    for content in (own, seal(pdf, key, party="ETH", person="N", at=NOW)):
        found = look(content, certificates.authority("Another"))
        assert [one.trust for one in found.signatures] == [Trust.UNKNOWN]
        assert found.faults == ()
        assert "valid" not in str(found.signatures[0].told())


def test_a_certificate_past_its_days_is_out_of_date(pdf: bytes, centre: certificates.Held) -> None:
    manager = certificates.vouched(centre, days=10)
    content = certificates.signed(pdf, manager, ETH)
    later = look(content, centre, at=NOW + dt.timedelta(days=11))
    assert [one.trust for one in later.signatures] == [Trust.OUT_OF_DATE]


@pytest.mark.parametrize("place", ["pages", "signature"])
def test_one_changed_byte_breaks_it(pdf: bytes, centre: certificates.Held, place: str) -> None:
    content = bytearray(certificates.signed(pdf, certificates.vouched(centre), ETH))
    if place == "pages":
        content[2000] ^= 1
    else:
        # The last figure of the signature's own value, before the noughts that fill its room up.
        where = len(content[: content.rindex(b"/ByteRange")].rstrip(b" \n>0")) - 1
        content[where] = ord("1") if content[where] != ord("1") else ord("2")
    found = look(bytes(content), centre, original=pdf)
    assert any("is broken" in fault for fault in found.faults)


def _stamped(pdf: bytes, words: bytes) -> bytes:
    """The file with words drawn over its first page, by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    font = generic.DictionaryObject({
        generic.NameObject("/Type"): generic.NameObject("/Font"),
        generic.NameObject("/Subtype"): generic.NameObject("/Type1"),
        generic.NameObject("/BaseFont"): generic.NameObject("/Courier"),
    })  # fmt: skip
    resources = generic.DictionaryObject({
        generic.NameObject("/Font"): generic.DictionaryObject({
            generic.NameObject("/X1"): writer.add_object(font)
        })
    })  # fmt: skip
    drawn = generic.StreamObject(stream_data=b"BT /X1 30 Tf 50 400 Td (" + words + b") Tj ET")
    writer.add_stream_to_page(0, writer.add_object(drawn), resources=resources)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pages_changed_after_a_signature_or_before_the_first_are_found(
    pdf: bytes, centre: certificates.Held
) -> None:
    manager = certificates.vouched(centre)
    after = look(_stamped(certificates.signed(pdf, manager, ETH), b"R 900 m"), centre, original=pdf)
    assert any("changed after" in fault for fault in after.faults)
    before = look(
        certificates.signed(_stamped(pdf, b"R 900 m"), manager, ETH), centre, original=pdf
    )
    assert any("changed before it was signed" in fault for fault in before.faults)
    assert before.signatures[0].intact, "the signature itself holds: it is of other pages"


def test_other_pages_with_our_text_attached_are_found(
    pdf: bytes, centre: certificates.Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes a file that says one thing and has another attached is found without the store."""
    other = Document(TEXT.title, TEXT.matter, TEXT.parties, (Section("1", "Money", "R 900 m."),))
    told = laid_out.parts_of(other.canonical)
    with monkeypatch.context() as forging:
        forging.setattr(laid_out, "parts_of", lambda _: told)
        forged = laid_out.pdf(TEXT.canonical, NOW)
    found = look(certificates.signed(forged, certificates.vouched(centre), ETH), centre)
    assert found.digest == found.keyword == TEXT.digest
    assert found.faults == ("its pages are not those this program sets for the text attached",)


def test_a_layout_of_another_version_is_unknown_not_wrong(
    pdf: bytes, centre: certificates.Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = certificates.signed(pdf, certificates.vouched(centre), ETH)
    monkeypatch.setattr(laid_out, "FORM", 2)
    assert (look(content, centre).pages, look(content, centre).faults) == (Pages.UNKNOWN, ())
    assert look(content, centre, original=pdf).pages is Pages.SAME


def _empty() -> bytes:
    out = io.BytesIO()
    PdfFileWriter().write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 a word document", "no PDF"),
        (b"", "no PDF"),
        (b"%PDF-1.7\nnothing", "cannot be read"),
        (b"%PDF-1.7\n" + b"\xff" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_pdf_is_refused_with_a_reason(content: bytes, told: str) -> None:
    with pytest.raises(UserError, match=told):
        look(content)


def test_a_pdf_that_was_not_laid_out_here_says_so() -> None:
    assert "no text of ours is attached" in " ".join(look(_empty()).faults)


def test_a_party_is_sealed_for_once(pdf: bytes, key: SealKey) -> None:
    once = seal(pdf, key, party="ETH", person="N", at=NOW)
    with pytest.raises(UserError, match="holds a signature of ETH already"):
        seal(once, key, party="ETH", person="N", at=NOW)


def test_many_parties_have_room_and_the_rest_sign_unseen(key: SealKey) -> None:
    parties = tuple((f"P{n}", f"Party {n}") for n in range(laid_out.MOST_BOXES + 2))
    document = Document("T", "case:1", parties, (Section("1", "H", "w"),))
    content = laid_out.pdf(document.canonical, NOW)
    for code in ("P0", parties[-1][0]):
        content = seal(content, key, party=code, person="N", at=NOW)
    assert look(content).faults == ()


def test_the_key_for_development_says_what_it_is_is_made_once_and_is_its_owner_s(
    tmp_path: Path,
) -> None:
    key = keys.development_key(tmp_path, NOW)
    again = keys.development_key(tmp_path, NOW)
    assert key.for_development
    assert key.certificate.sha256 == again.certificate.sha256
    assert (tmp_path / keys.DEVELOPMENT_FILE).stat().st_mode & 0o077 == 0


def test_the_operator_s_own_key_and_roots_are_read_or_refused(
    tmp_path: Path, centre: certificates.Held
) -> None:
    manager = certificates.vouched(centre, "The Operator")
    (tmp_path / "key.pem").write_bytes(manager.key)
    (tmp_path / "certificate.pem").write_bytes(manager.certificate + centre.certificate)
    key = keys.load_key(tmp_path / "key.pem", tmp_path / "certificate.pem")
    assert not key.for_development
    assert len(key.chain) == 1
    folder = certificates.trusting(tmp_path / "roots", centre)
    assert len(keys.load_roots(folder)) == 1
    assert keys.load_roots(None) == ()
    (folder / "broken.pem").write_bytes(b"nothing")
    for broken in (
        lambda: keys.load_roots(folder),
        lambda: keys.load_roots(tmp_path / "none"),
        lambda: keys.load_key(tmp_path / "none", tmp_path / "certificate.pem"),
        lambda: keys.load_key(tmp_path / "certificate.pem", tmp_path / "key.pem"),
    ):
        with pytest.raises(ConfigurationError):
            broken()
