"""Forms of matters: one made from each step of a procedure, and those of openings and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model

from harvester.processor.forums.bodies import bodies
from harvester.rules.law import contents
from harvester.web import labels
from harvester.web.actions.editions import SIGNED_PAPER
from harvester.web.actions.matters import LONGEST_TEXT, LONGEST_TITLE, NewPaper
from harvester.web.models import Matter
from harvester.web.permissions import Action, standing_of, visible
from harvester.web.rights import Level, Reach

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import User

    from harvester.processor.workflow.course import Course
    from harvester.rules.law.procedures import Asked, PaperKind, Step

DAY = {"type": "date"}
OFFERED, TRUTH = "offering", {"true": "yes", "false": "no", "0": "none"}
MOST_LINES = 60


def people_options(level: Level) -> list[tuple[str, str]]:
    """Those who can own a case, by name, with whom they speak for."""
    found = []
    people = get_user_model().objects.filter(is_active=True, appointment__isnull=False)
    for person in people.order_by("first_name", "last_name", "username"):
        standing = standing_of(person)
        if standing.reach(Action.STEP_MATTER, level) is Reach.NONE:
            continue
        speaks_for = labels.institution(standing.institution) or standing.role.label
        found.append((person.get_username(), f"{person.get_full_name()}, {speaks_for}"))
    return found


class StepForm(forms.Form):
    """What a step asks: the day, answers, papers, a remark. ``seen`` is how far the person had read."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    step = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        user: User,
        matter: Matter,
        course: Course,
        step: Step,
        *,
        today: dt.date,
        data: Any = None,
        files: Any = None,
    ) -> None:
        self.law, self.latest = step, max(today, course.last_day)
        super().__init__(data, files, auto_id=f"{step.id}_%s", initial={
            "seen": len(course.taken), "step": step.id, "on": self.latest,
        })  # fmt: skip
        for asked in step.asks:
            self.fields[f"told_{asked.fact}"] = self._asked(user, matter, asked)
        for kind in step.papers:
            for name, field in self._paper(kind).items():
                self.fields[name] = field
        self.signs = any(kind.kind == SIGNED_PAPER for kind in step.papers)
        if self.signs:
            # Words are not a signed text; the file is checked when the step is taken.
            del self.fields[f"text_{SIGNED_PAPER}"]
        self.privileged = course.privileged or (
            step.target != "same" and course.procedure.state(step.target).privileged
        )
        if step.papers and not self.privileged:
            self.fields["public"] = forms.BooleanField(
                label="Everyone may read the papers, not only the parties and the secretariat",
                required=False,
            )
        self.fields["reason"] = forms.CharField(
            label="Remark (optional)", required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields["on"] = forms.DateField(
            label="Day it has effect", widget=forms.DateInput(attrs=DAY),
            error_messages={"required": "Say on which day.", "invalid": "Write a day as 2019-01-31."},
        )  # fmt: skip

    @staticmethod
    def _asked(user: User, matter: Matter, asked: Asked) -> forms.Field:
        missing = {"required": f"Say: {asked.name}."}
        options = _options(user, matter, asked)
        if options is not None:
            return forms.ChoiceField(
                label=asked.name, choices=[("", "choose"), *options], error_messages=missing
            )
        if asked.fact == "until":
            return forms.DateField(
                label=asked.name, widget=forms.DateInput(attrs=DAY), error_messages=missing
            )
        rows = 4 if asked.many else 2
        return forms.CharField(
            label=asked.name, max_length=LONGEST_TEXT, error_messages=missing,
            help_text="One on each line." if asked.many else "",
            widget=forms.Textarea(attrs={"rows": rows}),
        )  # fmt: skip

    @staticmethod
    def _paper(kind: PaperKind) -> dict[str, forms.Field]:
        return {
            f"file_{kind.kind}": forms.FileField(label=kind.name, required=False),
            f"text_{kind.kind}": forms.CharField(
                label=f"{kind.name}: its words, or where it is kept", required=False,
                max_length=20_000, widget=forms.Textarea(attrs={"rows": 2}),
                help_text="Instead of a file, or beside it.",
            ),
        }  # fmt: skip

    def clean_on(self) -> dt.date:
        """Not a day that has not come."""
        told: dt.date = self.cleaned_data["on"]
        if told > self.latest:
            raise forms.ValidationError("This day has not come yet.")
        return told

    def clean(self) -> dict[str, Any]:
        """A paper is a file or words; answers that are many are lines."""
        told = super().clean() or {}
        for kind in self.law.papers:
            sent = told.get(f"file_{kind.kind}")
            if not sent and not told.get(f"text_{kind.kind}"):
                self.add_error(f"file_{kind.kind}", f"Missing: {kind.name}.")
            elif sent and sent.size > settings.UPLOAD_BYTES_PER_FILE:
                self.add_error(f"file_{kind.kind}", "The file is too large.")
        for asked in self.law.asks:
            name = f"told_{asked.fact}"
            if asked.many and told.get(name):
                lines = [line.strip() for line in told[name].splitlines() if line.strip()]
                told[name] = lines[:MOST_LINES]
        return told

    def told(self) -> dict[str, Any]:
        """The answers, by fact; days in ISO form."""
        found = {}
        for asked in self.law.asks:
            value = self.cleaned_data.get(f"told_{asked.fact}")
            found[asked.fact] = value.isoformat() if hasattr(value, "isoformat") else value
        return found

    def papers(self) -> list[NewPaper]:
        """The papers put in."""
        found = []
        for kind in self.law.papers:
            sent = self.cleaned_data.get(f"file_{kind.kind}")
            found.append(
                NewPaper(
                    kind.kind, kind.name[:LONGEST_TITLE],
                    body=self.cleaned_data.get(f"text_{kind.kind}", ""),
                    file_name=sent.name if sent else "",
                    content=sent.read() if sent else b"",
                    public=bool(self.cleaned_data.get("public")),
                )
            )  # fmt: skip
        return found


def _options(user: User, matter: Matter, asked: Asked) -> list[tuple[str, str]] | None:
    """What can be chosen; ``None`` where it is said in words."""
    if asked.fact == "trigger":
        return [(one.id, one.says) for one in contents.load().triggers if one.id in asked.one_of]
    if asked.one_of:
        known = labels.OFFERINGS | TRUTH if asked.fact == OFFERED else TRUTH
        return [(one, known.get(one, one.replace("_", " "))) for one in asked.one_of]
    if asked.fact in {"owner", "delegate"}:
        return people_options(Level(matter.level))
    if asked.fact == "forum":
        return [(body.code, body.name) for body in bodies() if body.concerns(matter.parties)]
    if asked.fact == "merged_into":
        others = visible(user, Action.READ_MATTER, Matter.objects.all(), by="key")
        others = others.filter(procedure=matter.procedure).exclude(pk=matter.pk)
        return [
            (one.key, f"{one.key}: {one.title}"[:90]) for one in others.order_by("-number")[:500]
        ]
    return None


class ReportForm(forms.Form):
    """What anyone can report."""

    title = forms.CharField(
        label="What is wrong, in a few words", max_length=LONGEST_TITLE,
        error_messages={"required": "Say in a few words what is wrong."},
    )  # fmt: skip
    text = forms.CharField(
        label="What does not line up, where, and how you know", max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what does not line up."},
    )  # fmt: skip
    metro = forms.ChoiceField(label="City", required=False)
    institution = forms.CharField(
        label="Institution it concerns (optional)", required=False, max_length=200,
        help_text="A name or code, such as KZN-HS.",
    )  # fmt: skip
    name = forms.CharField(label="Your name (optional)", required=False, max_length=120)
    contact = forms.CharField(
        label="How to reach you (optional)", required=False, max_length=200,
        help_text="Only the secretariat sees it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metro"].choices = [("", "none of these"), *labels.metros().items()]


class AnswerForm(forms.Form):
    """An answer through a link."""

    name = forms.CharField(
        label="Your name and office",
        max_length=120,
        error_messages={"required": "Say who you are."},
    )
    answer = forms.CharField(
        label="Your answer", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write an answer."},
    )  # fmt: skip


class LinkForm(forms.Form):
    """Whom to ask by a link, and what."""

    institution = forms.ChoiceField(label="For which institution")
    name = forms.CharField(
        label="Who is asked", max_length=120, error_messages={"required": "Say who is asked."}
    )
    question = forms.CharField(
        label="The question", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is asked."},
    )  # fmt: skip

    def __init__(self, parties: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="link_%s", **kwargs)
        self.fields["institution"].choices = [(p, labels.institution(p)) for p in parties]


class SeatForm(forms.Form):
    """Who sits at a dispute: its facilitator."""

    person = forms.CharField(
        label="Facilitator, by the name they sign in with", max_length=150,
        error_messages={"required": "Say who."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Who designated them", max_length=300,
        error_messages={"required": "Say who designated them."},
    )  # fmt: skip
