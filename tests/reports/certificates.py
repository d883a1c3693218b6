"""Certificates and signatures made in the tests themselves: an authority, somebody it vouches for."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Held:
    """A certificate with its key, in PEM."""

    certificate: bytes
    key: bytes
    made: x509.Certificate
    secret: ec.EllipticCurvePrivateKey


def authority(name: str = "A Trust Centre", at: dt.datetime = NOW) -> Held:
    """Somebody who vouches for others, and for itself."""
    return _made(name, None, at, ca=True)


def vouched(
    by: Held, name: str = "N Dlamini, City Manager", at: dt.datetime = NOW, days: int = 365
) -> Held:
    """Somebody an authority vouches for, from the day before ``at``."""
    return _made(name, by, at, ca=False, days=days)


def _made(name: str, by: Held | None, at: dt.datetime, *, ca: bool, days: int = 365) -> Held:
    secret = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, name),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "eThekwini"),
    ])  # fmt: skip
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=not ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    issuer = by.made if by else None
    builder = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer.subject if issuer else named)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(secret.public_key()), critical=False
        )
    )
    if by:
        key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.secret.public_key())
        builder = builder.add_extension(key_id, critical=False)
    made = builder.sign(by.secret if by else secret, hashes.SHA256())
    return Held(
        made.public_bytes(serialization.Encoding.PEM),
        secret.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        made, secret,
    )  # fmt: skip


def signed(pdf: bytes, by: Held, field: str) -> bytes:
    """The file signed in a field, as a program of the signer's own would."""
    (certificate,) = load_certs_from_pemder_data(by.certificate)
    signer = signers.SimpleSigner(
        certificate, load_private_key_from_pemder_data(by.key, None),
        SimpleCertificateStore.from_certs([certificate]),
    )  # fmt: skip
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    told = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    return signers.PdfSigner(told, signer).sign_pdf(writer).getvalue()


def trusting(folder: Path, *held: Held) -> Path:
    """A folder of certificates that an operator trusts."""
    folder.mkdir(exist_ok=True)
    for n, one in enumerate(held):
        (folder / f"{n}.pem").write_bytes(one.certificate)
    return folder
