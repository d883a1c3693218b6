"""What is needed to check and to seal, from the settings; and editions as a person may know of them."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from harvester.domain.errors import ConfigurationError, UserError
from harvester.reports.signing import keys
from harvester.web.models import Edition, TextSignature
from harvester.web.permissions import Action, visible
from harvester.web.texts import documents

if TYPE_CHECKING:
    from asn1crypto import x509
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

    from harvester.reports.signing.keys import SealKey
    from harvester.web.models import Matter


log = logging.getLogger(__name__)


def roots() -> tuple[x509.Certificate, ...]:
    """Certificates the operator trusts, read afresh so that a new one counts at once.

    Raises ``UserError`` where they cannot be read; the cause is in the operator's log, not on a page.
    """
    try:
        return keys.load_roots(settings.TRUST_ROOTS)
    except ConfigurationError as error:
        raise _for_the_operator(error) from error


def seal_key() -> SealKey | None:
    """The key of the platform's seal; ``None`` where this installation has none.

    Raises ``UserError`` where one is told and cannot be read; the cause is in the operator's log.
    """
    if settings.SEAL_KEY and settings.SEAL_CERTIFICATE:
        try:
            return keys.load_key(
                settings.SEAL_KEY, settings.SEAL_CERTIFICATE, settings.SEAL_PASSPHRASE
            )
        except ConfigurationError as error:
            raise _for_the_operator(error) from error
    if not settings.SEAL_FOR_DEVELOPMENT:
        return None
    return _development(str(settings.HARVESTER_HOME))


def _for_the_operator(error: ConfigurationError) -> UserError:
    log.error("signing is not set up: %s", error)
    return UserError(
        "signing is not set up right on this server.",
        mend="Tell whoever runs it; its log says why.",
    )


@lru_cache(maxsize=4)
def _development(home: str) -> SealKey:
    from pathlib import Path

    return keys.development_key(Path(home), timezone.now())


def editions_of(user: AbstractBaseUser | AnonymousUser, matter: Matter) -> QuerySet[Edition]:
    """The editions of a matter that a person may know of, latest first, without their files."""
    rows = Edition.objects.filter(matter=matter).defer("pdf").order_by("-number")
    return visible(user, Action.READ_MATTER, rows, by="matter__key").select_related("text")


def signatures_of(
    user: AbstractBaseUser | AnonymousUser, edition: Edition
) -> QuerySet[TextSignature]:
    """The signatures of an edition that a person may know of, in order, without their files."""
    rows = TextSignature.objects.filter(edition=edition).defer("content").order_by("number")
    return visible(user, Action.READ_MATTER, rows, by="edition__matter__key")


def stale(edition: Edition) -> str:
    """Why an edition is not what is to be signed now; empty where it is."""
    try:
        now = documents.document_of(edition.matter, edition.text).digest
    except UserError as error:
        return str(error)
    return "" if now == edition.sha256 else "the text has changed since it was laid out."
