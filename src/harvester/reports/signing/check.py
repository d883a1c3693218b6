"""A signed PDF checked without a network: who signed, when, what changed, whose text it is.

Nothing here says *valid*. It says of each signature whether it holds for the bytes it covers, whether
the file changed after it, and whether its certificate leads to one that the operator trusts; an issuer
that is not known here is unknown, neither good nor bad. Revocation is not asked for: there is no network.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from harvester.domain.errors import HarvesterError, UserError
from harvester.processor.negotiation.canonical import digest_of
from harvester.reports.signing import laid_out
from harvester.reports.signing.keys import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asn1crypto import x509

# That an issuer is not known here is an answer, not a fault to be logged with a traceback.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

LARGEST = 30 * 1024 * 1024
MOST_SIGNATURES = 40
HEAD = b"%PDF-"
_DATE = re.compile(r"D:(\d{14})Z")


class Trust(StrEnum):
    """What is known of a certificate here."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    OUT_OF_DATE = "out of date"
    UNSUITED = "unsuited"

    @property
    def words(self) -> str:
        """For a person to read."""
        return _TRUST[self]


_TRUST = {
    Trust.TRUSTED: "it leads to a certificate that the operator trusts; revocation was not asked for",
    Trust.UNKNOWN: "its issuer is not among those the operator trusts",
    Trust.OUT_OF_DATE: "it was out of date at the time of the check",
    Trust.UNSUITED: "the certificate, its use or its chain does not hold",
}


@dataclass(frozen=True)
class Signature:
    """One signature of a file. ``signed_at`` is what the signer's machine said, proved by nobody
    unless ``timestamped``. ``mark`` is by what the same signature is known again.
    """

    field: str
    subject: str
    issuer: str
    certificate: str
    signed_at: str
    timestamped: bool
    intact: bool
    changed_after: bool
    trust: Trust
    mark: str

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it does not hold; nothing where it does."""
        found = []
        if not self.intact:
            found.append(f"the signature of {self.subject} is broken: the bytes it covers changed")
        if self.changed_after:
            found.append(
                f"the document was changed after {self.subject} signed, by more than signatures"
            )
        return tuple(found)

    def told(self) -> dict[str, Any]:
        """As plain values, to be kept."""
        return asdict(self) | {"trust": str(self.trust), "trust_words": self.trust.words}


class Pages(StrEnum):
    """Whether the pages of a file are those of the text attached to it; unknown where it was laid out
    by another version of the program, and the file as it was laid out is not at hand."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Checked:
    """A PDF as it was found. ``canonical`` is the text attached (empty: none), ``pages`` whether this
    program lays that text out so; ``changed_before`` what was changed in it before anybody signed.
    """

    signatures: tuple[Signature, ...]
    canonical: str
    keyword: str
    pages: Pages
    changed_before: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text attached; empty where there is none."""
        return digest_of(self.canonical) if self.canonical else ""

    @property
    def faults(self) -> tuple[str, ...]:
        """Everything wrong with it, in words; that an issuer is unknown is no fault."""
        found = [] if self.signatures else ["there is no signature in it"]
        found += [fault for one in self.signatures for fault in one.faults]
        if not self.canonical:
            found.append("no text of ours is attached to it: it was not laid out here")
        elif self.keyword != self.digest:
            found.append("the text attached is not the one it says it holds")
        elif self.pages is Pages.OTHER:
            found.append("its pages are not those this program sets for the text attached")
        if self.changed_before:
            found.append(f"its pages were changed before it was signed ({self.changed_before})")
        return tuple(found)


def check(
    content: bytes,
    roots: Sequence[x509.Certificate],
    at: dt.datetime,
    *,
    original: bytes | None = None,
) -> Checked:
    """Look at a PDF. ``roots`` are certificates the operator trusts, ``at`` the moment of the check;
    ``original`` the file as it was laid out, where that is at hand (else it is laid out again).

    Raises ``UserError`` for what is no PDF, is encrypted, too large, or cannot be read.
    """
    if not content.startswith(HEAD):
        raise UserError("this is no PDF file.", mend="Give the signed PDF itself.")
    if len(content) > LARGEST:
        raise UserError(f"the file is larger than {LARGEST // 1024 // 1024} MB.")
    try:
        return _checked(content, roots, at, original)
    except HarvesterError:
        raise
    except Exception as error:  # a hostile file can break a reader anywhere
        raise UserError(
            f"this PDF cannot be read ({type(error).__name__}).",
            mend="Sign the file as it was downloaded here, without printing or converting it.",
        ) from error


def _checked(
    content: bytes, roots: Sequence[x509.Certificate], at: dt.datetime, original: bytes | None
) -> Checked:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        raise UserError("this PDF is encrypted.", mend="Give it without a password.")
    if reader.xrefs.hybrid_xrefs_present:
        # Two tables of contents: one reader could show other pages than the next.
        raise UserError("this PDF can be read in two ways.", mend="Sign it with another program.")
    embedded = reader.embedded_signatures
    if len(embedded) > MOST_SIGNATURES:
        raise UserError(f"the file holds more than {MOST_SIGNATURES} signatures.")
    canonical = _attached(reader.get_historical_root(0))
    keywords, made_at = _info(reader)
    pages = Pages.UNKNOWN
    if original is None and made_at is not None and keywords[1] == laid_out.layout() and canonical:
        original = laid_out.pdf(canonical, made_at)
    if original is not None:
        pages = Pages.SAME if content.startswith(original) else Pages.OTHER
    return Checked(
        tuple(_signature(one, roots, at) for one in embedded),
        canonical, keywords[0], pages, "" if pages is Pages.OTHER else _changed_before(reader),
    )  # fmt: skip


def _info(reader: PdfFileReader) -> tuple[tuple[str, str], dt.datetime | None]:
    """The hash and the layout that a file says it has, and when it was laid out."""
    trailer = reader.get_historical_resolver(0).trailer_view
    if "/Info" not in trailer:
        return ("", ""), None
    info = trailer["/Info"]
    words = [word.strip() for word in str(info.get("/Keywords", "")).split(",")]
    found = [
        next((word.removeprefix(mark) for word in words if word.startswith(mark)), "")
        for mark in (laid_out.KEYWORD, laid_out.LAYOUT)
    ]
    return (found[0], found[1]), _moment(str(info.get("/CreationDate", "")))


def _attached(root: Any) -> str:
    """The canonical text attached to the first revision; empty where there is none."""
    try:
        names = root["/Names"]["/EmbeddedFiles"]["/Names"]
        for n in range(0, len(names) - 1, 2):
            if str(names[n]) == laid_out.ATTACHED:
                held: bytes = names[n + 1]["/EF"]["/F"].data
                return held.decode("utf-8")
    except (KeyError, IndexError, TypeError, AttributeError, UnicodeDecodeError):
        return ""
    return ""


def _moment(date: str) -> dt.datetime | None:
    found = _DATE.fullmatch(date)
    if found is None:
        return None
    return dt.datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def _changed_before(reader: PdfFileReader) -> str:
    """What was changed since it was laid out beside signatures; empty where nothing was."""
    try:
        judged = DEFAULT_DIFF_POLICY.review_file(reader, laid_out.REVISIONS - 1)
    except (SuspiciousModification, PdfReadError) as error:
        return str(error)
    return str(judged) if isinstance(judged, SuspiciousModification) else ""


def _signature(one: Any, roots: Sequence[x509.Certificate], at: dt.datetime) -> Signature:
    context = ValidationContext(
        trust_roots=list(roots), moment=at, allow_fetching=False, revocation_mode="soft-fail",
        other_certs=list(one.other_embedded_certs),
    )  # fmt: skip
    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    status = validate_pdf_signature(one, context, key_usage_settings=usage)
    signed_at = one.self_reported_timestamp
    certificate = one.signer_cert
    return Signature(
        field=str(one.field_name), subject=_named(certificate.subject),
        issuer=_named(certificate.issuer), certificate=fingerprint(certificate),
        signed_at=signed_at.isoformat() if signed_at else "",
        timestamped=bool(status.timestamp_validity and status.timestamp_validity.trusted),
        intact=bool(status.intact and status.valid),
        changed_after=not _docmdp_ok(status), trust=_trust(status, certificate, at),
        mark=hashlib.sha256(one.pkcs7_content).hexdigest(),
    )  # fmt: skip


def _docmdp_ok(status: Any) -> bool:
    """Whether what was added after it is signatures and no more."""
    return bool(status.docmdp_ok) and not isinstance(status.diff_result, SuspiciousModification)


def _trust(status: Any, certificate: x509.Certificate, at: dt.datetime) -> Trust:
    if status.trusted:
        return Trust.TRUSTED
    if not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return Trust.OUT_OF_DATE
    problem = status.trust_problem_indic
    # One that vouches for itself is vouched for by nobody that is known here.
    alone = certificate.self_issued
    unknown = alone or problem is None or "NO_CERTIFICATE_CHAIN_FOUND" in str(problem)
    return Trust.UNKNOWN if unknown else Trust.UNSUITED


def _named(name: x509.Name) -> str:
    """A name as a person reads it: who, of which organisation."""
    told = name.native
    parts = [told.get(part) for part in ("common_name", "organization_name", "country_name")]
    words = [", ".join(part) if isinstance(part, list) else str(part) for part in parts if part]
    return ", ".join(words) or str(name.human_friendly)
