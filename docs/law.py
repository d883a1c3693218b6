"""Reference pages of the law that is held as data: procedures with their diagrams, and the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.rules import forums as law_forums
from harvester.rules.forums import Of
from harvester.rules.law import calendar as law_calendar
from harvester.rules.law import mechanisms
from harvester.rules.law import procedures as law_procedures
from harvester.rules.law.procedures import ANY, SAME

if TYPE_CHECKING:
    from harvester.rules.law.procedures import ClockRule, Law, Procedure, Step


def procedures() -> str:
    """Every version of every procedure: a diagram, its steps and its clocks."""
    parts = [
        "# Procedures\n",
        "Held as data in `rules/data/procedures`; `harvester law procedure` shows one.\n",
    ]
    for one in law_procedures.load():
        parts.append(f"## {one.head.title} (`{one.id}`, from {one.head.from_date})\n")
        parts.append(f"{one.head.reference}. {one.head.notes}\n")
        parts += ["```mermaid", *_diagram(one), "```\n"]
        parts.append("| Step | Who | Needs | Law |\n|---|---|---|---|")
        parts += [_step(one, step) for step in one.steps if not step.retired]
        if one.worked_out:
            told = "; ".join(words for _, words in one.worked_out)
            parts.append(f"\nWorked out from the record, never told: {told}.")
        if one.clocks:
            parts.append("\n| Clock | Time | Basis | Law |\n|---|---|---|---|")
            parts += [_clock(clock) for clock in one.clocks]
        parts.append("")
    parts.append("## Which mechanism comes first\n\n| Mechanism | When | Law |\n|---|---|---|")
    for mechanism in mechanisms.load().mechanisms:
        when = "; ".join(c.says for c in mechanism.only_if) or "anything else"
        parts.append(f"| {mechanism.name} | {when} | {_law(mechanism.law)} |")
    return "\n".join(parts) + "\n"


def calendar() -> str:
    """The rules of the yearly calendar, and the dates they give for one year."""
    parts = [
        "# The yearly calendar\n",
        "Dates are those of the financial year 2019/20, as an example; `harvester law calendar` gives any year.\n",
        "| Event | Year | Who | Last day by law | In practice, or said | Law |\n|---|---|---|---|---|---|",
    ]
    for rule in law_calendar.load():
        first = next((o for o in law_calendar.occasions(2019) if o.rule.id == rule.id), None)
        if first is None:
            continue
        again = "" if rule.every is law_calendar.Every.YEAR else f" (every {rule.every})"
        span = f"{first.first:%B} to {first.last:%B %Y}" if first.first else ""
        said = f"{first.last} (said to be law)" if first.only_said and not first.first else ""
        practice = first.practice or span or said or ("" if first.statutory else first.last)
        parts.append(
            f"| {rule.title}{again} | {rule.calendar} | {rule.who} | {first.statutory or ''} | {practice} | {_law(rule.law)} |"
        )
    return "\n".join(parts) + "\n"


def forums() -> str:
    """Every forum with its law and mark, and which matters a procedure or an offering is."""
    book = law_forums.load()
    words = dict(book.matters)
    parts = [
        "# Forums\n",
        "No forum binds another sphere. What a forum may take, its rung and which matters a procedure or an offering",
        "is are readings of this project. How to name one: [forums and meetings](../how-to/forums.md).\n",
        "| Forum | One for each | Rung | Who sits | Can do | May take | Meets | Law |\n|---|---|---|---|---|---|---|---|",
    ]
    for one in book:
        each = {Of.COUNTRY: "", Of.FORUM: "forum it supports"}.get(one.of, str(one.of))
        mark = "" if one.verified else " (not verified)"
        parts.append(
            f"| {one.name} (`{one.code}`) | {each} | {one.rung} | {one.members} | {one.decides} | "
            f"{'; '.join(words[m] for m in one.takes)} | {one.meets} | {one.law}{mark} |"
        )
    parts.append("\n| Procedure or offering | Is a matter of |\n|---|---|")
    parts += [
        f"| {kind} `{code}` | {'; '.join(words[m] for m in read)} |"
        for kind, code, read in book.readings
    ]
    return "\n".join(parts) + "\n"


def _diagram(one: Procedure) -> list[str]:
    lines = ["stateDiagram-v2", f"    [*] --> {one.start}"]
    lines += [f"    {state.id}: {state.name}" for state in one.states]
    for step in one.steps:
        if step.target != SAME and not step.retired:
            lines += [f"    {s} --> {step.target}: {step.id}" for s in step.sources if s != ANY]
    lines += [f"    {state.id} --> [*]" for state in one.states if state.end]
    return lines


def _step(one: Procedure, step: Step) -> str:
    who = " or ".join(one.actor(kind) for kind in step.by)
    each = " (each party)" if step.each_party else ""
    needs = (
        [c.says for c in step.only_if] + [p.name for p in step.papers] + [a.name for a in step.asks]
    )
    return f"| {step.name} (`{step.id}`) | {who}{each} | {'; '.join(needs)} | {_law(step.law)} |"


def _clock(clock: ClockRule) -> str:
    return f"| {clock.name} | {clock.period.words} | {clock.standing} | {_law(clock.law)} |"


def _law(law: Law) -> str:
    return law.reference if law.verified else f"{law.reference} (not verified)"
