"""The map of the site: the mechanism's own parts, the pages of each, and what each is in plain words.

A page that stands under another (a finding under the list of findings) is named in its ``below``,
so that the menu shows where a reader is.
"""

from __future__ import annotations

from dataclasses import dataclass

from harvester.web.rights import Action


@dataclass(frozen=True)
class Page:
    """A page of the menu. ``view`` is the name of its address; shown to whoever has the right."""

    view: str
    word: str
    meaning: str
    below: tuple[str, ...] = ()
    right: Action | None = None


@dataclass(frozen=True)
class Section:
    """A part of the mechanism. Its link leads to its first page."""

    word: str
    meaning: str
    pages: tuple[Page, ...]

    @property
    def view(self) -> str:
        """The first page."""
        return self.pages[0].view


SECTIONS = (
    Section("Overview", "the mechanism at a glance", (
        Page("home", "Overview", "the mechanism at a glance"),
    )),
    Section("Wheat", "what does not line up, and what was read to find it", (
        Page("wheat", "Findings", "what does not line up", ("finding",)),
        Page("mended", "Mended", "what no longer stands, and what mended it"),
        Page("links", "Links to settle", "which rows are one project",
             ("link_pair", "link_decisions")),
        Page("projects", "Projects", "undertakings and their ladder", ("project", "entry")),
        Page("submissions", "Submissions", "who has given what",
             ("submission", "coverage")),
        Page("upload", "Upload", "give files", ("upload_result", "upload_log", "harvest_job"),
             Action.UPLOAD),
    )),
    Section("Processor", "what is being settled, by whom, until when", (
        Page("cases", "Cases and compacts", "what is being settled",
             ("matter", "matter_step", "compact", "compact_edit", "compact_version", "contest",
              "replace_commitment", "texts", "text", "text_clause", "signing", "edition",
              "edition_seal", "triage", "open_matter", "report", "tasks")),
        Page("commitments", "Commitments", "what was promised, and whether it landed"),
        Page("law", "Procedures", "how things are settled, and by when",
             ("calendar", "procedure")),
    )),
    Section("Forums", "who meets when, and what was decided", (
        Page("forums", "Forums", "what each may take and decide",
             ("forum", "call_meeting", "meeting")),
        Page("forum_calendar", "Calendar", "meetings and the days of law, by month"),
        Page("decisions", "Decisions", "who is to do what, and whether it is done", ("decision",)),
        Page("programmes", "Programme", "the working group's own engagement", ("programme",)),
    )),
    Section("Money", "where the money goes, and what it is for", (
        Page("map", "Map", "money by area", ("areas", "area")),
        Page("statements", "Statements", "what the law asks to be laid out",
             ("statement", "spatial")),
        Page("cascade", "Cascade", "from national outcome to budget line"),
    )),
    Section("Measures", "how well plans and budgets line up", (
        Page("indicators", "Indicators", "each with its formula and band", ("indicator",)),
        Page("certificates", "Certificates", "who lines up how well, side by side",
             ("certificate", "benchmark")),
    )),
    Section("About", "what this is, and is not", (
        Page("about", "About", "what this is, and is not", ("accessibility",)),
    )),
)  # fmt: skip

_OF = {
    view: (section, page)
    for section in SECTIONS
    for page in section.pages
    for view in (page.view, *page.below)
}


def place_of(view: str) -> tuple[Section | None, str]:
    """The section a view stands in, and the page of the menu it stands under (itself where none)."""
    found = _OF.get(view)
    return (found[0], found[1].view) if found else (None, view)
