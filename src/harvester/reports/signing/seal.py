"""The platform's seal: the operator's key signs a PDF for a party (PAdES baseline B-B).

A seal says that the platform saw this party's signatory confirm these words at this moment. It is one
incremental update, in a field of the party's own, so seals and signatures before it stay whole.
"""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from harvester.domain.errors import UserError
from harvester.reports.signing.laid_out import field_of

if TYPE_CHECKING:
    import datetime as dt

    from harvester.reports.signing.keys import SealKey

STAMP = "%(head)s\nfor %(party)s\n%(person)s\n%(when)s"
LONGEST = 44


def seal(
    pdf: bytes,
    key: SealKey,
    *,
    party: str,
    person: str,
    at: dt.datetime,
    reason: str = "",
) -> bytes:
    """The PDF with the seal for a party, given after a person confirmed it at a moment.

    Raises ``UserError`` when the party's field is signed already, or the file cannot be signed.
    """
    field = field_of(party)
    told = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
        reason=plain(reason) or None, name=plain(f"{person}, for {party}"),
    )  # fmt: skip
    signer = signers.SimpleSigner(
        key.certificate, key.key, SimpleCertificateStore.from_certs(key.chain)
    )
    words = {
        "head": "FOR DEVELOPMENT ONLY" if key.for_development else "Sealed by the platform",
        "party": party, "person": plain(person)[:LONGEST], "when": f"{at:%Y-%m-%d %H:%M %z}",
    }  # fmt: skip
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        if field in _fields(writer):
            raise UserError(f"this file holds a signature of {party} already.")
        made = signers.PdfSigner(
            told,
            signer,
            stamp_style=TextStampStyle(stamp_text=STAMP, background=None, border_width=0),
        ).sign_pdf(writer, existing_fields_only=True, appearance_text_params=words)
    except (PdfReadError, SigningError) as error:
        raise UserError(f"this file cannot be sealed ({error}).") from error
    return bytes(made.getvalue())


def plain(words: str) -> str:
    """Words in the letters that a stamp can draw; others lose their marks."""
    told = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return " ".join(told.replace("%", " ").split())


def _fields(writer: IncrementalPdfFileWriter) -> set[str]:
    return {str(one.field_name) for one in writer.prev.embedded_signatures}
