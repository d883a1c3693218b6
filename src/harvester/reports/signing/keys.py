"""The operator's key and certificate for seals, and the certificates that the operator trusts."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.keys.pemder import load_certs_from_pemder_data, load_private_key_from_pemder_data

from harvester.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from asn1crypto import x509

DEVELOPMENT = "FOR DEVELOPMENT ONLY: Combined Harvester seal"
"""Subject of the certificate that the program makes for itself; it says what it is."""
DEVELOPMENT_FILE = "development-seal.pem"
YEARS = 5
SUFFIXES = (".pem", ".crt", ".cer", ".der")


@dataclass(frozen=True)
class SealKey:
    """A private key with its certificate and the chain above it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: Any

    @property
    def for_development(self) -> bool:
        """Whether this is the certificate the program made for itself."""
        return self.certificate.subject.native.get("common_name") == DEVELOPMENT


def load_key(key: Path, certificate: Path, passphrase: str = "") -> SealKey:
    """The operator's key, with certificate and chain in one PEM file, the signer's first.

    Raises ``ConfigurationError`` when a file is not there or not what it should be.
    """
    try:
        certificates = list(load_certs_from_pemder_data(certificate.read_bytes()))
        secret = load_private_key_from_pemder_data(
            key.read_bytes(), passphrase.encode() if passphrase else None
        )
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(
            f"the key or certificate for seals cannot be read ({error}).",
            where=f"{key}, {certificate}",
            mend="Set HARVESTER_SEAL_KEY and HARVESTER_SEAL_CERTIFICATE to PEM files.",
        ) from error
    if not certificates:
        raise ConfigurationError("there is no certificate in it.", where=str(certificate))
    return SealKey(certificates[0], tuple(certificates[1:]), secret)


def development_key(home: Path, at: dt.datetime) -> SealKey:
    """The key that the program makes for itself on first use, for development: nobody vouches for it.

    Two processes that start together agree: the file is written whole and once.
    """
    path = home / DEVELOPMENT_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write_once(path, _self_made(at))
    return load_key(path, path)


def _self_made(at: dt.datetime) -> bytes:
    """Key and self-signed certificate in one PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT)])
    made = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(at - dt.timedelta(days=1))
        .not_valid_after(at + dt.timedelta(days=365 * YEARS))
        .add_extension(pyca.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing(), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + made.public_bytes(serialization.Encoding.PEM)


def _for_signing() -> pyca.KeyUsage:
    return pyca.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write_once(path: Path, content: bytes) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    try:
        # A link refuses where a rename would replace: the first key stays.
        path.hardlink_to(scratch)
    except FileExistsError:
        return
    finally:
        scratch.unlink()


def load_roots(folder: Path | None) -> tuple[x509.Certificate, ...]:
    """Certificates of a folder that the operator trusts; none where there is no folder.

    Raises ``ConfigurationError`` for a folder that is not there and a file that holds no certificate.
    """
    if folder is None:
        return ()
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder of certificates.", where=str(folder),
            mend="Set HARVESTER_TRUST_ROOTS to a folder of PEM files.",
        )  # fmt: skip
    found: list[x509.Certificate] = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
        try:
            read = list(load_certs_from_pemder_data(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise ConfigurationError("holds no certificate.", where=str(path)) from error
        found += read
    return tuple(found)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate, as hexadecimal."""
    return certificate.sha256.hex()
