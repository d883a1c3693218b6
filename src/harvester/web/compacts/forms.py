"""What a party says of a commitment: that a verdict is contested, or what replaced it."""

from __future__ import annotations

from django import forms
from django.conf import settings

from harvester.web.actions.compacts import LONGEST_BY, LONGEST_SAYING
from harvester.web.actions.matters import NewPaper


class ContestForm(forms.Form):
    """Why a verdict is contested, with a paper where there is one."""

    reason = forms.CharField(
        label="Why you contest it", max_length=LONGEST_SAYING,
        widget=forms.Textarea(attrs={"rows": 2}), error_messages={"required": "Say why."},
    )  # fmt: skip
    file = forms.FileField(label="A paper that shows it (optional)", required=False)

    def clean_file(self) -> object:
        """Not larger than papers may be."""
        sent = self.cleaned_data.get("file")
        if sent and sent.size > settings.UPLOAD_BYTES_PER_FILE:
            raise forms.ValidationError("The file is too large.")
        return sent

    def paper(self) -> NewPaper | None:
        """The paper put in, if any."""
        sent = self.cleaned_data.get("file")
        if not sent:
            return None
        return NewPaper(
            "contest", "Paper on a contested verdict", file_name=sent.name, content=sent.read()
        )


class ReplaceForm(forms.Form):
    """What replaced a commitment."""

    by = forms.CharField(
        label="What replaced it, with its reference", max_length=LONGEST_BY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what replaced it."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Why (optional)", required=False, max_length=LONGEST_SAYING,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
