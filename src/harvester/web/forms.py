"""Forms: what a person may tell with a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.engine.decision_log import LONGEST_REASON, Verdict
from harvester.rules import institutions
from harvester.sources import registry
from harvester.sources.reading import ReadOptions
from harvester.web import labels


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or several; always cleaned to a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SeveralFilesInput(), **kwargs)

    def clean(self, data: object, initial: object = None) -> list[object]:
        """Each file by the rules of one."""
        sent = data if isinstance(data, list | tuple) and data else [data or None]
        cleaned = [super(SeveralFilesField, self).clean(one, initial) for one in sent]
        if len(cleaned) > settings.UPLOAD_FILES_PER_REQUEST:
            raise forms.ValidationError(
                f"At most {settings.UPLOAD_FILES_PER_REQUEST} files at once."
            )
        return cleaned


class DecisionForm(forms.Form):
    """What a person says of two rows, and why."""

    verdict = forms.ChoiceField(
        label="Are these two rows the same project?",
        choices=[(str(one), one.label) for one in Verdict],
        error_messages={"required": "Choose one answer."},
    )
    reason = forms.CharField(
        label="How do you know?", required=False, max_length=LONGEST_REASON, widget=forms.Textarea
    )

    def clean(self) -> dict[str, Any]:
        """A reason is asked for unless the answer is that one is not sure."""
        told = super().clean() or {}
        verdict = told.get("verdict")
        if verdict and Verdict(verdict).decides and not told.get("reason"):
            self.add_error("reason", "Say in a line how you know.")
        return told


class DelegateForm(forms.Form):
    """Who may act for a person, and from when to when."""

    delegate = forms.CharField(
        label="Who",
        max_length=150,
        help_text="The name they sign in with. They must speak for your institution.",
        error_messages={"required": "Say who."},
    )
    first_day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(
        label="To, that day included", widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label="Why", max_length=300, error_messages={"required": "Say why, such as leave."}
    )


class UploadForm(forms.Form):
    """Files and, where the files do not say it themselves, what they are."""

    files = SeveralFilesField(
        label="Files",
        help_text="Excel, OpenDocument or CSV as published, or areas as GeoPackage, GeoJSON, "
        "zipped Shapefile or KML.",
        error_messages={"required": "Choose at least one file.", "empty": "The file is empty."},
    )
    format = forms.ChoiceField(label="Format", required=False)
    institution = forms.CharField(
        label="Published by",
        required=False,
        max_length=200,
        help_text="A name or code, such as eThekwini or KZN-EDU.",
    )
    year = forms.CharField(
        label="Financial year", required=False, max_length=12, help_text="Such as 2018/19."
    )
    stage = forms.ChoiceField(label="Stage", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formats = [(name, name.replace("_", " ")) for name in registry.formats()]
        self.fields["format"].choices = [("", "Find out from the content"), *formats]
        self.fields["stage"].choices = [("", "As the file says"), *labels.STAGES]

    def clean_institution(self) -> str:
        """The code of what was typed; said to be unknown when no institution answers to it."""
        told = self.cleaned_data["institution"].strip()
        if not told:
            return ""
        book = institutions.load()
        code = told if book.get(told) else book.resolve(told)
        if code is None:
            raise forms.ValidationError(
                "No institution, or more than one, is known by that name. Choose one of the list, or "
                "leave it empty to take what the file says."
            )
        return code

    def clean_year(self) -> str:
        """A label such as 2018/19."""
        told = self.cleaned_data["year"].strip()
        if not told:
            return ""
        start = parse_year_label(told)
        if start is None:
            raise forms.ValidationError("Write a financial year as 2018/19, or leave it empty.")
        return FinancialYear(start, Calendar.MUNICIPAL).label

    def options(self) -> ReadOptions:
        """What was told, for the readers."""
        told = self.cleaned_data
        return ReadOptions(
            format=told["format"],
            institution=told["institution"],
            year=told["year"],
            stage=told["stage"],
        )
