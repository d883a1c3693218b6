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
from harvester.web.models.papers import Paper, Party, Seat
from harvester.web.models.people import Appointment, Delegation
from harvester.web.models.uploads import HarvestJob, Upload

__all__ = [
    "AnswerLink",
    "AppendOnly",
    "AppendOnlyError",
    "Appointment",
    "ChainHead",
    "CommitmentVerdict",
    "CompactVersion",
    "Delegation",
    "Event",
    "HarvestJob",
    "Kept",
    "Matter",
    "MatterStep",
    "Paper",
    "Party",
    "Replacement",
    "Seat",
    "StepPaper",
    "Upload",
    "VerdictContest",
]
