"""Forms of negotiated texts and of signatures."""

from __future__ import annotations

from typing import Any

from django import forms

from harvester.web import labels
from harvester.web.actions.matters import LONGEST_TEXT, LONGEST_TITLE
from harvester.web.actions.texts import LONGEST_WORDS
from harvester.web.models.texts import KINDS

SHORT = forms.Textarea(attrs={"rows": 2})


class OpenForm(forms.Form):
    """A new text: what it is, its title, who negotiates it."""

    kind = forms.ChoiceField(label="What it is", choices=[("", "choose"), *KINDS.items()],
                             error_messages={"required": "Say what kind of text it is."})  # fmt: skip
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE,
                            error_messages={"required": "Give it a title."})  # fmt: skip
    parties = forms.MultipleChoiceField(
        label="Negotiated between", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose two or more."},
    )  # fmt: skip
    reason = forms.CharField(label="Why (optional)", required=False, max_length=2000, widget=SHORT)
    public = forms.BooleanField(
        label="Everyone may read it, not only the parties and the secretariat", required=False
    )

    def __init__(
        self, codes: list[str], chosen: list[str], *args: Any, public: bool, **kwargs: Any
    ):
        super().__init__(*args, auto_id="text_%s", initial={"parties": chosen}, **kwargs)
        self.fields["parties"].choices = [(code, labels.institution(code)) for code in codes]
        if not public:
            del self.fields["public"]

    def clean_parties(self) -> list[str]:
        """Two at least: nobody negotiates alone."""
        told: list[str] = self.cleaned_data["parties"]
        if len(told) < 2:
            raise forms.ValidationError("Choose two or more.")
        return told


class ProposeForm(forms.Form):
    """A new clause."""

    heading = forms.CharField(label="Heading", max_length=LONGEST_TITLE,
                              error_messages={"required": "Give the clause a heading."})  # fmt: skip
    words = forms.CharField(
        label="Words", max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write the words of the clause."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=2000, widget=SHORT
    )


class OfferForm(forms.Form):
    """Other words for a version."""

    answers = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    words = forms.CharField(
        label="Your words", max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write your words."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason (optional)", required=False, max_length=2000, widget=SHORT
    )


class StrikeForm(forms.Form):
    """That a clause be struck, and why."""

    answers = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why it should go", max_length=2000, widget=SHORT,
        error_messages={"required": "Say why the clause is to be struck."},
    )  # fmt: skip


class SayForm(forms.Form):
    """Whether a version is accepted, with dissent."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    accepts = forms.ChoiceField(
        label="Your institution", choices=[("yes", "accepts"), ("no", "does not accept")],
        widget=forms.RadioSelect, error_messages={"required": "Say whether you accept."},
    )  # fmt: skip
    dissent = forms.CharField(
        label="Dissent to be recorded beside it (optional)", required=False,
        max_length=LONGEST_TEXT, widget=SHORT,
    )  # fmt: skip


class ReferForm(forms.Form):
    """To the other rung, and why."""

    reason = forms.CharField(
        label="Why", max_length=2000, widget=SHORT, error_messages={"required": "Say why."}
    )


class SignedFileForm(forms.Form):
    """A signed PDF."""

    file = forms.FileField(
        label="The signed PDF", error_messages={"required": "Choose the signed file."},
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )  # fmt: skip
