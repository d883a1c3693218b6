"""Forms of forums: a meeting called and kept, decisions recorded and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from harvester.processor.forums.bodies import fitting, onward
from harvester.rules import institutions
from harvester.web import labels
from harvester.web.actions.decisions import LONGEST_SOURCE, LONGEST_WORDS
from harvester.web.actions.meetings import LONGEST_LINE
from harvester.web.forums.agendas import body_at
from harvester.web.forums.standing import takes_of
from harvester.web.matters.forms import DAY, people_options
from harvester.web.models import Decision, Party
from harvester.web.rights import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvester.web.matters.rows import Shown
    from harvester.web.models import Meeting

PAPER = "paper:"
A_DAY = {"required": "Say on which day.", "invalid": "Write a day as 2019-01-31."}


def area(rows: int) -> forms.Textarea:
    """A text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


def institution_of(told: str) -> str:
    """The code of an institution written by code or name; empty where nobody or several answer."""
    book = institutions.load()
    word = told.strip()
    found = book.get(word) or book.get(word.upper())
    return found.code if found else (book.resolve(word) or "") if word else ""


class InstitutionField(forms.CharField):
    """An institution by code or name."""

    def __init__(self, **told: Any) -> None:
        told.setdefault("max_length", 200)
        told.setdefault("help_text", "A code or name, such as KZN-HS.")
        super().__init__(**told)

    def clean(self, value: Any) -> str:
        """Its code. Refused where no institution answers to it."""
        told = super().clean(value)
        code = institution_of(told)
        if told and not code:
            raise forms.ValidationError("No institution is known by that code or name.")
        return code


class CallForm(forms.Form):
    """A meeting called."""

    on = forms.DateField(label="Day", widget=forms.DateInput(attrs=DAY), error_messages=A_DAY)
    following = forms.DateField(
        label="The meeting after it (optional)", required=False,
        widget=forms.DateInput(attrs=DAY), error_messages=A_DAY,
        help_text="Clocks that run out before it press. A quarter on, unless you say.",
    )  # fmt: skip
    venue = forms.CharField(label="Where (optional)", required=False, max_length=200)
    metro = forms.ChoiceField(label="About one city (optional)", required=False)
    chair = forms.ChoiceField(
        label="Chair (optional)",
        required=False,
        help_text="They keep the agenda and decisions too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metro"].choices = [("", "the whole forum"), *labels.metros().items()]
        self.fields["chair"].choices = [("", "nobody named yet"), *people_options(Level.PARTIES)]


class AgendaForm(forms.Form):
    """A matter put on an agenda, or taken off."""

    matter = forms.TypedChoiceField(
        label="Which matter", coerce=int, error_messages={"required": "Say which matter."}
    )
    put_on = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why", max_length=LONGEST_LINE, error_messages={"required": "Say why."}
    )

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].choices = [("", "choose"), *choices]


class AttendanceForm(forms.Form):
    """Who is there."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Say who."})
    institution = InstitutionField(label="For which institution (optional)", required=False)
    capacity = forms.CharField(label="As what (optional)", required=False, max_length=120)
    present = forms.ChoiceField(
        label="Was there", choices=[("yes", "present"), ("no", "sent an apology")]
    )


class DecideForm(forms.Form):
    """What was decided, on one matter or on none."""

    matter = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="What was decided", max_length=LONGEST_WORDS, widget=area(3),
        error_messages={"required": "Say what was decided."},
    )  # fmt: skip
    due = forms.DateField(
        label="To be done by", widget=forms.DateInput(attrs=DAY), error_messages=A_DAY
    )

    def __init__(
        self,
        meeting: Meeting,
        shown: Shown | None,
        *args: Any,
        prefix_id: str = "",
        earlier: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        name = prefix_id or (f"m{shown.matter.number}" if shown else "general")
        kwargs["initial"] = {"due": meeting.following} | (kwargs.get("initial") or {})
        super().__init__(*args, auto_id=f"decide_{name}_%s", **kwargs)
        self.fields["owner"] = self._owner(shown)
        if shown is None:
            return
        self.fields["outcome"] = forms.ChoiceField(
            label="The matter", choices=[
                (Decision.DECIDED, "stays before this forum"),
                (Decision.RETURNED, "goes back to its owner"),
                (Decision.REFERRED, "is referred to another forum"),
            ],
        )  # fmt: skip
        self.fields["to"] = forms.ChoiceField(
            label="Referred to",
            required=False,
            choices=[("", "nowhere"), *destinations(meeting, shown)],
        )
        if earlier:
            self.fields["replaces"] = forms.TypedChoiceField(
                label="In place of an earlier decision (optional)", required=False, coerce=int,
                empty_value=None, choices=[("", "none"), *earlier],
            )  # fmt: skip
        who = [(code, labels.institution(code)) for code in knowing(shown)]
        self.fields["dissent_of"] = forms.ChoiceField(
            label="Who dissents (optional)", required=False, choices=[("", "nobody"), *who]
        )
        self.fields["dissent"] = forms.CharField(
            label="In which words", required=False, max_length=LONGEST_WORDS, widget=area(2)
        )

    @staticmethod
    def _owner(shown: Shown | None) -> forms.Field:
        missing = {"required": "Say who is to do it."}
        if shown is None:
            return InstitutionField(label="Who is to do it", error_messages=missing)
        who = [(code, labels.institution(code)) for code in knowing(shown)]
        return forms.ChoiceField(label="Who is to do it", choices=who, error_messages=missing)

    def clean(self) -> dict[str, Any]:
        """A referral says where to; a dissent, whose and in which words."""
        told = super().clean() or {}
        if told.get("outcome") == Decision.REFERRED and not told.get("to"):
            self.add_error("to", "Say to which forum.")
        if told.get("outcome") != Decision.REFERRED:
            told["to"] = ""
        if bool(told.get("dissent_of")) is not bool(told.get("dissent")):
            self.add_error("dissent", "Say whose dissent it is, and in which words.")
        return told

    def dissents(self) -> list[tuple[str, str]]:
        """The dissent told, if any."""
        told = self.cleaned_data
        return [(told["dissent_of"], told["dissent"])] if told.get("dissent_of") else []


class DissentForm(forms.Form):
    """What an institution says against a decision."""

    institution = InstitutionField(
        label="Whose dissent", error_messages={"required": "Say whose it is."}
    )
    words = forms.CharField(
        label="In which words", max_length=LONGEST_WORDS, widget=area(3),
        error_messages={"required": "Say in which words they dissent."},
    )  # fmt: skip


class CloseForm(forms.Form):
    """Minutes fixed, or a meeting called off."""

    held = forms.ChoiceField(
        label="The meeting", choices=[("yes", "was held: fix the minutes"), ("no", "is called off")]
    )
    words = forms.CharField(
        label="Minutes, or why it is called off", max_length=LONGEST_WORDS, widget=area(4),
        help_text="Everyone reads them. What is for the parties of a matter belongs in its decision.",
        error_messages={"required": "Write what the minutes say."},
    )  # fmt: skip


class DoneForm(forms.Form):
    """What became of a decision."""

    done = forms.ChoiceField(
        label="It is", choices=[("yes", "done"), ("no", "not done yet; this is where it stands")]
    )
    words = forms.CharField(
        label="What was done", max_length=LONGEST_WORDS, widget=area(4),
        error_messages={"required": "Say what was done."},
    )  # fmt: skip
    shown_by = forms.CharField(
        label="Paper or document that shows it", required=False, max_length=LONGEST_SOURCE,
        help_text="Its name and page, such as ‘Adopted budget 2019/20, SA36 row 118’.",
    )  # fmt: skip

    def __init__(self, papers: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if papers:
            self.fields["paper"] = forms.ChoiceField(
                label="Or a paper of the matter", required=False,
                choices=[("", "none"), *((f"{PAPER}{token}", title) for token, title in papers)],
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is done is shown by a document. A paper is named by its reference alone: its title is
        for those who may read it."""
        told = super().clean() or {}
        told["shown_by"] = told.get("shown_by") or told.get("paper") or ""
        if told.get("done") == "yes" and not told.get("shown_by"):
            self.add_error("shown_by", "Name the paper or document that shows it.")
        return told


def knowing(shown: Shown) -> list[str]:
    """Codes of the institutions that know of a matter, its parties first."""
    others = Party.objects.filter(matter=shown.matter.key).values_list("institution", flat=True)
    return list(dict.fromkeys([*shown.matter.parties, *sorted(others)]))


def destinations(meeting: Meeting, shown: Shown) -> list[tuple[str, str]]:
    """Forums that a matter can be referred to from a meeting: onward first, then beside it."""
    body, takes = body_at(meeting), takes_of(shown)
    onwards = onward(body, takes, shown.matter.parties)
    beside = fitting(takes, shown.matter.parties)
    found = dict.fromkeys(b for b in (*onwards, *beside) if b.code != body.code)
    return [(b.code, b.name) for b in found]
