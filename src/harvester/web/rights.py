"""The table of rights: who, speaking for which sphere, may do what, to which confidentiality.

This is the specification; read it from top to bottom. A right that is not written here does not
exist. ``harvester.web.permissions`` answers every question from it: pages, actions, lists, counts,
downloads, file names and the JSON addresses ask the same table.

The last three columns are the confidentiality of the thing acted on:

``public``      anybody may know of it
``parties``     papers of a matter, for its parties and those who run the mechanism
``privileged``  papers of a dispute (Intergovernmental Relations Framework Act 13 of 2005, s45(2)):
                its parties, its facilitator, and the Minister's or MEC's department from when it
                may convene the parties; nobody else, the operator's pages included

and a cell says how far the right reaches:

``all``  every one
``own``  those to which the person's institution is a party, or at which they have a seat themselves
``-``    none
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere

if TYPE_CHECKING:
    from collections.abc import Iterator


class Role(StrEnum):
    """The people of the product, and anyone."""

    SECRETARIAT = "secretariat"
    PLANNER = "planner"
    OFFICIAL = "official"
    FACILITATOR = "facilitator"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """Who that is, in words."""
        return _ROLES[self]

    @property
    def spheres(self) -> frozenset[str]:
        """Spheres a person of this role may speak for; ``""`` when for no institution."""
        return _SPEAKS_FOR.get(self, frozenset({NOBODY, *SPHERES}))


class Action(StrEnum):
    """What a person does, and must have the right to do."""

    READ = "read"
    DOWNLOAD = "download"
    UPLOAD = "upload"
    RUN_HARVEST = "run_harvest"
    READ_UPLOAD_LOG = "read_upload_log"
    SETTLE_LINK = "settle_link"
    NAME_PARTIES = "name_parties"
    READ_PAPER = "read_paper"
    ADD_PAPER = "add_paper"
    READ_MATTER = "read_matter"
    OPEN_MATTER = "open_matter"
    TRIAGE = "triage"
    STEP_MATTER = "step_matter"
    WRITE_COMPACT = "write_compact"
    CONTEST_VERDICT = "contest_verdict"
    REPLACE_COMMITMENT = "replace_commitment"
    ASK_BY_LINK = "ask_by_link"
    OPEN_TEXT = "open_text"
    NEGOTIATE_TEXT = "negotiate_text"
    REFER_TEXT = "refer_text"
    FREEZE_TEXT = "freeze_text"
    SIGN_TEXT = "sign_text"
    REPORT = "report"
    KEEP_MEETING = "keep_meeting"
    ANSWER_DECISION = "answer_decision"
    READ_PROGRAMME = "read_programme"
    KEEP_PROGRAMME = "keep_programme"
    BE_TOLD = "be_told"
    READ_AUDIT = "read_audit"
    NAME_DELEGATE = "name_delegate"
    ACT_FOR = "act_for"
    END_SESSION = "end_session"

    @property
    def label(self) -> str:
        """What that is, in words."""
        return _ACTIONS[self]


class Happening(StrEnum):
    """What is recorded beside actions: nobody needs a right for it, or only the operator does it."""

    APPOINTED = "appointed"
    RETIRED = "retired"
    FACTORS_RESET = "factors_reset"
    HARVEST_ENDED = "harvest_ended"
    PLACE_SETTLED = "place_settled"
    FILE_TAKEN_IN = "file_taken_in"
    STEPPED = "stepped"
    JUDGED = "judged"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    LOCKED_OUT = "locked_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, no secret
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    PROVIDER_ADDED = "provider_added"
    PROVIDER_REMOVED = "provider_removed"

    @property
    def label(self) -> str:
        """What that is, in words."""
        return _HAPPENINGS[self]


class Level(StrEnum):
    """How confidential a thing is; see the head of this module."""

    PUBLIC = "public"
    PARTIES = "parties"
    PRIVILEGED = "privileged"


class Reach(StrEnum):
    """How far a right goes."""

    ALL = "all"
    OWN = "own"
    NONE = "-"


NOBODY = ""
SPHERES = frozenset(sphere.value for sphere in Sphere)
_SPEAKS_FOR = {
    Role.SECRETARIAT: frozenset({NOBODY}),
    Role.PLANNER: frozenset({"local"}),
    Role.OFFICIAL: frozenset({"national", "provincial", "entity"}),
    Role.ANALYST: frozenset({NOBODY, "national", "provincial"}),
}

TABLE = """
who                               | speaks for                   | does            | public | parties | privileged
everyone                          | anybody                      | read            | all    | -       | -
everyone                          | anybody                      | download        | all    | -       | -
secretariat                       | nobody                       | upload          | all    | -       | -
planner                           | local                        | upload          | all    | -       | -
official                          | national, provincial, entity | upload          | all    | -       | -
analyst                           | anybody                      | upload          | all    | -       | -
secretariat                       | nobody                       | run_harvest     | all    | -       | -
secretariat, auditor              | anybody                      | read_upload_log | all    | -       | -
secretariat                       | nobody                       | settle_link     | all    | -       | -
planner                           | local                        | settle_link     | own    | -       | -
official                          | national, provincial, entity | settle_link     | own    | -       | -
secretariat                       | nobody                       | name_parties    | all    | all     | all
everyone                          | anybody                      | read_paper      | all    | -       | -
secretariat                       | nobody                       | read_paper      | all    | all     | -
planner                           | local                        | read_paper      | all    | own     | own
official                          | national, provincial, entity | read_paper      | all    | own     | own
analyst                           | national, provincial         | read_paper      | all    | own     | own
facilitator                       | anybody                      | read_paper      | all    | own     | own
secretariat                       | nobody                       | add_paper       | all    | all     | -
planner                           | local                        | add_paper       | own    | own     | own
official                          | national, provincial, entity | add_paper       | own    | own     | own
analyst                           | national, provincial         | add_paper       | own    | own     | own
facilitator                       | anybody                      | add_paper       | own    | own     | own
everyone                          | anybody                      | read_matter     | all    | -       | -
secretariat                       | nobody                       | read_matter     | all    | all     | -
planner                           | local                        | read_matter     | all    | own     | own
official                          | national, provincial, entity | read_matter     | all    | own     | own
analyst                           | national, provincial         | read_matter     | all    | own     | own
facilitator                       | anybody                      | read_matter     | all    | own     | own
secretariat                       | nobody                       | open_matter     | all    | all     | -
planner                           | local                        | open_matter     | own    | own     | -
official                          | national, provincial, entity | open_matter     | own    | own     | -
analyst                           | national, provincial         | open_matter     | own    | own     | -
secretariat                       | nobody                       | triage          | all    | all     | -
secretariat                       | nobody                       | step_matter     | all    | all     | -
planner                           | local                        | step_matter     | own    | own     | own
official                          | national, provincial, entity | step_matter     | own    | own     | own
analyst                           | national, provincial         | step_matter     | own    | own     | own
facilitator                       | anybody                      | step_matter     | own    | own     | own
planner                           | local                        | write_compact   | own    | own     | -
official                          | national, provincial, entity | write_compact   | own    | own     | -
analyst                           | national, provincial         | write_compact   | own    | own     | -
planner                           | local                        | contest_verdict | own    | own     | -
official                          | national, provincial, entity | contest_verdict | own    | own     | -
analyst                           | national, provincial         | contest_verdict | own    | own     | -
planner                           | local                        | replace_commitment | own | own     | -
official                          | national, provincial, entity | replace_commitment | own | own     | -
analyst                           | national, provincial         | replace_commitment | own | own     | -
secretariat                       | nobody                       | ask_by_link     | all    | all     | -
secretariat                       | nobody                       | open_text       | all    | all     | -
planner                           | local                        | open_text       | own    | own     | own
official                          | national, provincial, entity | open_text       | own    | own     | own
analyst                           | national, provincial         | open_text       | own    | own     | own
facilitator                       | anybody                      | open_text       | own    | own     | own
planner                           | local                        | negotiate_text  | own    | own     | own
official                          | national, provincial, entity | negotiate_text  | own    | own     | own
analyst                           | national, provincial         | negotiate_text  | own    | own     | own
secretariat                       | nobody                       | refer_text      | all    | all     | -
planner                           | local                        | refer_text      | own    | own     | own
official                          | national, provincial, entity | refer_text      | own    | own     | own
analyst                           | national, provincial         | refer_text      | own    | own     | own
secretariat                       | nobody                       | freeze_text     | all    | all     | -
planner                           | local                        | freeze_text     | own    | own     | own
official                          | national, provincial, entity | freeze_text     | own    | own     | own
analyst                           | national, provincial         | freeze_text     | own    | own     | own
planner                           | local                        | sign_text       | own    | own     | own
official                          | national, provincial, entity | sign_text       | own    | own     | own
analyst                           | national, provincial         | sign_text       | own    | own     | own
everyone                          | anybody                      | report          | all    | -       | -
secretariat                       | nobody                       | keep_meeting    | all    | all     | -
planner                           | local                        | keep_meeting    | own    | own     | own
official                          | national, provincial, entity | keep_meeting    | own    | own     | own
analyst                           | national, provincial         | keep_meeting    | own    | own     | own
facilitator                       | anybody                      | keep_meeting    | own    | own     | own
secretariat                       | nobody                       | answer_decision | all    | all     | -
planner                           | local                        | answer_decision | own    | own     | own
official                          | national, provincial, entity | answer_decision | own    | own     | own
analyst                           | national, provincial         | answer_decision | own    | own     | own
everyone                          | anybody                      | read_programme  | all    | -       | -
secretariat                       | nobody                       | read_programme  | all    | all     | -
secretariat                       | nobody                       | keep_programme  | all    | all     | -
members                           | anybody                      | be_told         | own    | -       | -
secretariat                       | nobody                       | read_audit      | all    | all     | -
auditor                           | anybody                      | read_audit      | all    | -       | -
members                           | anybody                      | name_delegate   | own    | -       | -
members                           | anybody                      | act_for         | own    | -       | -
members                           | anybody                      | end_session     | own    | -       | -
"""
"""A person ``keeps`` the meetings they chair: that is their seat. What is decided on a matter is
asked of the matter too: nobody keeps what they may not read.

``everyone`` is all roles, ``members`` all but the public; ``anybody`` every sphere or none."""

_ROLES = {
    Role.SECRETARIAT: "Working-group secretariat",
    Role.PLANNER: "Metro planner or budget officer",
    Role.OFFICIAL: "Provincial, national or entity official",
    Role.FACILITATOR: "Facilitator or adjudicator",
    Role.ANALYST: "Treasury analyst",
    Role.AUDITOR: "Auditor",
    Role.PUBLIC: "Anyone, without an account",
}
_ACTIONS = {
    Action.READ: "read every page",
    Action.DOWNLOAD: "download every list",
    Action.UPLOAD: "give files",
    Action.RUN_HARVEST: "run a harvest",
    Action.READ_UPLOAD_LOG: "see who gave which file",
    Action.SETTLE_LINK: "settle links between rows",
    Action.NAME_PARTIES: "name who is party to a matter",
    Action.READ_PAPER: "read papers",
    Action.ADD_PAPER: "add papers",
    Action.READ_MATTER: "read cases, disputes and compacts",
    Action.OPEN_MATTER: "open cases, disputes and compacts",
    Action.TRIAGE: "triage findings and reports",
    Action.STEP_MATTER: "take the steps of a matter that are for you",
    Action.WRITE_COMPACT: "write the contents of a compact",
    Action.CONTEST_VERDICT: "contest a verdict on a commitment",
    Action.REPLACE_COMMITMENT: "say what replaced a commitment",
    Action.ASK_BY_LINK: "ask somebody without an account for an answer",
    Action.OPEN_TEXT: "open a text to be negotiated",
    Action.NEGOTIATE_TEXT: "offer words for your institution, and say whether it accepts others'",
    Action.REFER_TEXT: "send a text to the other rung",
    Action.FREEZE_TEXT: "lay out a text to be signed",
    Action.SIGN_TEXT: "sign a text for your institution",
    Action.REPORT: "report an issue",
    Action.KEEP_MEETING: "call meetings and keep their agenda, decisions and minutes",
    Action.ANSWER_DECISION: "say what became of a decision",
    Action.READ_PROGRAMME: "read the programme of engagement",
    Action.KEEP_PROGRAMME: "keep the programme of engagement",
    Action.BE_TOLD: "choose your reminders and calendar feeds",
    Action.READ_AUDIT: "read the audit log",
    Action.NAME_DELEGATE: "name somebody who may act for you",
    Action.ACT_FOR: "act for somebody who named you",
    Action.END_SESSION: "end your sessions on other devices",
}
_HAPPENINGS = {
    Happening.APPOINTED: "account made or renewed",
    Happening.RETIRED: "account switched off",
    Happening.FACTORS_RESET: "second factors taken off by the operator",
    Happening.HARVEST_ENDED: "harvest ended",
    Happening.PLACE_SETTLED: "a place in doubt settled at the command line",
    Happening.FILE_TAKEN_IN: "a file taken in at the command line",
    Happening.STEPPED: "a step taken by the system, or through a link",
    Happening.JUDGED: "commitments judged by a harvest",
    Happening.ESCALATED: "a matter went on to another forum because time ran out",
    Happening.REMINDED: "a reminder was written, or came back",
    Happening.SIGNED_IN: "signed in",
    Happening.SIGNED_OUT: "signed out",
    Happening.LOCKED_OUT: "locked out after too many attempts",
    Happening.PASSWORD_CHANGED: "password changed",
    Happening.FACTOR_ADDED: "second factor added",
    Happening.FACTOR_REMOVED: "second factor removed",
    Happening.PROVIDER_ADDED: "institution's sign-in connected",
    Happening.PROVIDER_REMOVED: "institution's sign-in parted from",
}


@dataclass(frozen=True)
class Right:
    """One line of the table for one role."""

    role: Role
    spheres: frozenset[str]
    action: Action
    reach: dict[Level, Reach]

    def holds_for(self, role: Role, sphere: str) -> bool:
        """Whether a person of this role, speaking for this sphere, has it."""
        return role is self.role and sphere in self.spheres


def _roles(text: str) -> list[Role]:
    if text == "everyone":
        return list(Role)
    if text == "members":
        return [role for role in Role if role is not Role.PUBLIC]
    return [Role(word.strip()) for word in text.split(",")]


def _spheres(text: str) -> frozenset[str]:
    if text == "anybody":
        return SPHERES | {NOBODY}
    if text == "nobody":
        return frozenset({NOBODY})
    return frozenset(Sphere(word.strip()).value for word in text.split(","))


def _rights(table: str) -> Iterator[Right]:
    """Every line, for each of its roles. A word that is not known raises ``ValueError``."""
    heading, *lines = [line for line in table.strip().splitlines() if line.strip()]
    levels = [Level(cell.strip()) for cell in heading.split("|")[3:]]
    for line in lines:
        who, speaks_for, does, *cells = (cell.strip() for cell in line.split("|"))
        reach = {level: Reach(cell) for level, cell in zip(levels, cells, strict=True)}
        for role in _roles(who):
            yield Right(role, _spheres(speaks_for), Action(does), reach)


RIGHTS = tuple(_rights(TABLE))


def reach(role: Role, sphere: str, action: Action, level: Level) -> Reach:
    """How far this role reaches: the furthest of its lines. The public's lines are everyone's."""
    found = {
        right.reach[level]
        for right in RIGHTS
        if right.action is action
        and (right.holds_for(role, sphere) or right.holds_for(Role.PUBLIC, NOBODY))
    }
    return next((far for far in (Reach.ALL, Reach.OWN) if far in found), Reach.NONE)
