"""What the web keeps in its database. Only :mod:`harvester.web.actions` writes it."""

from harvester.web.models.compacts import (
    CommitmentVerdict,
    CompactVersion,
    Replacement,
    VerdictContest,
)
from harvester.web.models.events import ChainHead, Event
from harvester.web.models.keeping import AppendOnly, AppendOnlyError, Kept
from harvester.web.models.matters import AnswerLink, Matter, MatterStep, StepPaper
from harvester.web.models.meetings import (
    AgendaChange,
    Attendance,
    Decision,
    DecisionAnswer,
    Dissent,
    Escalation,
    Meeting,
    MeetingClosed,
)
from harvester.web.models.papers import Paper, Party, Seat
from harvester.web.models.people import Appointment, Delegation
from harvester.web.models.programmes import Programme, ProgrammeAct
from harvester.web.models.telling import (
    Feed,
    Reminder,
    ReminderChoice,
    ReminderOutcome,
    ReplyLink,
    ReplyUse,
)
from harvester.web.models.texts import Edition, NegotiatedText, TextMove, TextSignature
from harvester.web.models.uploads import HarvestJob, Upload

__all__ = [
    "AgendaChange",
    "AnswerLink",
    "AppendOnly",
    "AppendOnlyError",
    "Appointment",
    "Attendance",
    "ChainHead",
    "CommitmentVerdict",
    "CompactVersion",
    "Decision",
    "DecisionAnswer",
    "Delegation",
    "Dissent",
    "Edition",
    "Escalation",
    "Event",
    "Feed",
    "HarvestJob",
    "Kept",
    "Matter",
    "MatterStep",
    "Meeting",
    "MeetingClosed",
    "NegotiatedText",
    "Paper",
    "Party",
    "Programme",
    "ProgrammeAct",
    "Reminder",
    "ReminderChoice",
    "ReminderOutcome",
    "Replacement",
    "ReplyLink",
    "ReplyUse",
    "Seat",
    "StepPaper",
    "TextMove",
    "TextSignature",
    "Upload",
    "VerdictContest",
]
