"""Negotiated texts, what is signed of them, and who signed. Nothing of it is changed or removed.

Where a text stands is worked out from its moves (:mod:`harvester.web.texts.reading`).
"""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from harvester.web.models.keeping import Kept
from harvester.web.models.matters import Matter
from harvester.web.models.papers import LEVELS

KINDS = {
    "norm": "Norm",
    "policy": "Policy",
    "guideline": "Guideline",
    "protocol": "Clauses of a protocol",
    "other": "Another text",
}
"""What can be negotiated clause by clause, in words."""


class Signed(Kept):
    """Who did it, when, for whom: what every row here says."""

    level = models.CharField(max_length=12, choices=LEVELS)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, help_text="as the log of events names who acted")
    on_behalf_of = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def who(self) -> str:
        """User name of whose act it is: of the principal where a delegate acted."""
        return self.on_behalf_of or self.name


class NegotiatedText(Signed):
    """A text of a matter that is negotiated clause by clause."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveIntegerField(help_text="from 1 within the matter")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    title = models.CharField(max_length=200)
    parties = models.JSONField(help_text="codes of institutions, as it was opened")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["matter_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="text_number_once")
        ]

    def __str__(self) -> str:
        return f"text {self.number} of matter {self.matter_id}"


class TextMove(Signed):
    """One thing done to a text: a clause proposed, words offered, chosen, accepted or not."""

    text = models.ForeignKey(NegotiatedText, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField(help_text="from 1 within the text")
    kind = models.CharField(max_length=10)
    rung = models.CharField(max_length=10)
    institution = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=12, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(help_text="answered, chosen or judged; 0 for none")
    words = models.TextField(blank=True, help_text="of the clause, or dissent")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["text_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="text_move_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.text_id}/{self.number} {self.kind}"


class Edition(Signed):
    """Words laid out to be signed: canonical text and PDF, frozen. A change is another edition."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(help_text="from 1 within the matter")
    text = models.ForeignKey(
        NegotiatedText, on_delete=models.PROTECT, null=True, related_name="editions",
        help_text="nothing where it is the protocol's own contents",
    )  # fmt: skip
    title = models.CharField(max_length=200)
    parties = models.JSONField(help_text="codes of institutions that sign")
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="of the canonical text")
    pdf = models.BinaryField()

    class Meta:
        ordering = ["matter_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="edition_number_once")
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of matter {self.matter_id}"


class TextSignature(Signed):
    """A party's signature of an edition: a signed PDF it put in, or the platform's seal for it."""

    SEAL, FILE = "seal", "file"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="signatures")
    number = models.PositiveIntegerField(help_text="from 1 within the edition")
    institution = models.CharField(max_length=60)
    way = models.CharField(max_length=10, choices=[(SEAL, "platform seal"), (FILE, "signed file")])
    told = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="each signature, as it was checked"
    )
    marks = models.JSONField(help_text="SHA-256 of each signature of the file that is new with it")
    content = models.BinaryField(help_text="the signed PDF")
    sha256 = models.CharField(max_length=64, help_text="of the signed PDF")

    class Meta:
        ordering = ["edition_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="signature_number_once"),
            models.UniqueConstraint(
                fields=["edition", "institution"], name="one_signature_of_a_party"
            ),
        ]

    def __str__(self) -> str:
        return f"signature of {self.institution} on edition {self.edition_id}"
