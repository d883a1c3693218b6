"""Part ``report``: ``docs/reference/linkage-benchmark.md``, written from the kept results alone."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

from benchmarks.linkage import (
    added,
    bad,
    calibration,
    invented,
    margins,
    persons,
    projects,
    results,
    runs,
    sizes,
    split,
    store,
    tables,
    words,
)
from benchmarks.measure import machine
from harvester.linkage.names.decode import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.linkage.results import Result

NOTE = store.ROOT / "docs" / "reference" / "linkage-benchmark.md"
MADE = "<!-- Made by `python -m benchmarks.linkage report` from kept results; run the parts, then this. -->\n\n"
TITLES = {"sample": "the sample country", "invented": "the invented country"}
WORDS_TRIED = 2_000
LEVEL = 5e-4
"""Less than this apart is no difference at three places."""

INTRODUCTION = """# The proof of linkage

How well the Harvester finds the same project in different documents, beside other linkers on the
same rows and the same processors, with the truth known. Results are kept until the code or the rows they
are of change, so seconds of two tools may be of different hours of a machine.

    python -m benchmarks.linkage                        # everything; kept results are not worked out again
    python -m benchmarks.linkage projects --levels 3    # parts: projects, margins, persons, scale, added, bad, calibration
    python -m benchmarks.linkage report                 # this note, from the kept results
    python -m benchmarks.linkage.lessons --level 2      # our errors, on training countries

Every tool runs in a process of its own; seconds are wall time without imports and without training
on labels, memory is the most the process held. The peers have an environment of their own
(`benchmarks/linkage/peers.txt`), made at the first run. A tool that has not finished after ten
minutes "did not finish".

Precision, recall and F1 are over pairs of entries; B3 is the mean over entries (B-cubed). They are
taken at the threshold that was best for F1 on a training country; ours is used as it comes. *Best
F1* is the best on the reported country itself over all thresholds and both ways of clustering
(connected pairs, or one row a source): what a tool could reach if its user knew the truth. The last
two shares are the most a tool finds while 99 % of what it says is right. A dash: it never is so sure.
"""

FAIRNESS = """## How leakage was avoided

- `benchmarks/linkage/split.py` is the one place that says which countries are learnt from and which
  are reported. Thresholds of every peer, its n-grams, the labels of trained peers, our weights and
  our calibration come from training countries (other seeds); the lessons command refuses a reported one.
- The sample country is made by the Harvester's own generator, whose authors knew the decoder. So
  the invented country exists: its places are syllables put together by chance, and its words for
  facilities and works (`benchmarks/linkage/words.py`) were written without looking at the lexicon;
  nothing is added to one because it stands in the other. {known}
- Peers see the same columns as `harvester link`. They are spared pairs within one source, which
  ours has to judge, and the trained ones get the labels of a whole training country or a sample of
  it; ours gets none. "Harvester, harvest" reads the table of entries as a harvest has it, with
  columns no list carries (who numbers, place in words, references): compare the peers with
  "Harvester, list".
- Persons: chances (m, u) of our field set are counted on FEBRL 3 and RLdata500, where the peers'
  thresholds are chosen too.
"""


def main() -> None:
    """Write the note, and say which results are of older code."""
    parts = [
        MADE + INTRODUCTION, f"Machine of these figures: {machine()}.\n",
        _reading(), _projects(), _margins(), _persons(), _scale(), _added(), _bad(), _calibration(),
        FAIRNESS.format(known=_known_words()),
    ]  # fmt: skip
    NOTE.write_text("\n".join(part for part in parts if part), encoding="utf-8")
    print(f"Wrote {NOTE.relative_to(store.ROOT)}")
    stale = results.not_of(
        runs.our_code(), ("projects", "margins", "persons", "scale", "added", "bad", "calibration")
    )
    if stale:
        print(f"Of older code of ours: {', '.join(stale)}", file=sys.stderr)


def _projects() -> str:
    order = [tool.name for tool in runs.TOOLS]
    told = sorted(results.all_of("projects"), key=lambda r: order.index(r["tool"]))
    lines = ["## Projects\n"]
    for family, title in TITLES.items():
        for level in split.LEVELS:
            here = [r for r in told if (r["family"], r["level"]) == (family, level)]
            if here:
                lines.append(
                    f"### {title.capitalize()}, dirt {level}: {here[0]['rows']:,} entries\n"
                )
                lines.append(tables.markdown(projects.HEADER, [projects.row(r) for r in here]))
                lines.append(_reach(here[0].get("reachable", 1.0)))
    return "\n".join(lines)


def _margins() -> str:
    about = (
        "## How much of a lead is luck\n\nOurs as a list beside each peer. The projects of a country are "
        f"drawn again {margins.DRAWS:,} times, with their rows and with what both tools said of them: 95 % of "
        "the differences of F1 lie in the interval. Where all of it is above nought, ours is ahead on other "
        "countries of the kind too.\n"
    )
    return _section("margins", about, margins.HEADER, margins.row)


def _reach(recall: float) -> str:
    """What no linker can do better than, where rows say too little."""
    if recall > 1 - LEVEL:
        return ""
    return (
        f"Of the true pairs {1 - recall:.1%} have a row that gives no name, description, place or "
        f"amount, and a number of its own: without guessing no linker comes above a recall of "
        f"{recall:.3f} and an F1 of {2 * recall / (1 + recall):.3f}.\n"
    )


def _persons() -> str:
    lines = ["## Persons: the same linker, another field set\n"]
    told = results.all_of("persons")
    order = [tool.name for tool in persons.TOOLS]
    for _, test in split.PERSONS.values():
        here = sorted((r for r in told if r["set"] == test), key=lambda r: order.index(r["tool"]))
        if here:
            lines.append(f"### {test}: {here[0]['rows']:,} records\n")
            lines.append(tables.markdown(projects.HEADER, [projects.row(r) for r in here]))
    return "\n".join(lines)


def _scale() -> str:
    about = (
        "## Scale\n\nTen years of eight metros: every year an edition of budgets, in-year reports, IDPs, "
        "pipelines, a provincial and a national list. Peers were run up to "
        f"{sizes.PEERS_UP_TO:,} entries.\n"
    )
    return _section("scale", about, sizes.HEADER, sizes.row)


def _added() -> str:
    about = (
        "## One more list in a linked country\n\nThe least list is kept back, the others are linked "
        "(with reasons, and what is remembered written to disk), then it is added; *whole* is the first "
        "of these runs. Statistics stand as they were when the whole was linked.\n"
    )
    return _section("added", about, added.HEADER, added.row)


def _bad() -> str:
    about = (
        "## Bad input\n\nEvery entry must come back, within "
        f"{bad.LIMIT:.0f} seconds. *Largest*: entries of the largest undertaking made.\n"
    )
    return _section("bad", about, bad.HEADER, bad.row)


def _section(part: str, about: str, header: tables.Row, row: Callable[[Result], tables.Row]) -> str:
    told = results.all_of(part)
    return f"{about}\n{tables.markdown(header, [row(r) for r in told])}" if told else ""


def _calibration() -> str:
    told = {r["name"]: r for r in results.all_of("calibration")}
    fit = told.pop("fit", None)
    if fit is None:
        return ""
    slope, offset = fit["fits"]["both families"]
    about = (
        "## Calibration\n\nOf links said to be 90 % sure, are 90 % right? Pairs of the reported countries "
        f"of all levels. In use: slope {fit['in_use'][0]:.4f} and offset {fit['in_use'][1]:+.4f}; the "
        f"training countries ask for {slope:.4f} and {offset:+.4f}. A pair is joined on more than its own "
        "chance (others of its cluster, no rival left), so that joined pairs are right more often "
        "than said at the low end.\n"
    )
    lines = [about]
    for name, table in told.items():
        lines.append(f"### {name.capitalize()}: {table['pairs']:,} pairs\n")
        lines.append(f"Expected calibration error: {table['error']:.4f}.\n")
        lines.append(tables.markdown(calibration.HEADER, calibration.rows(table)))
    return "\n".join(lines)


def _reading() -> str:
    """What the tables say, for and against us."""
    lines = ["## Reading\n"]
    for part, name in (("projects", _country), ("persons", lambda r: r["set"])):
        told = [r for r in results.all_of(part) if not r["failed"]]
        for place in dict.fromkeys(name(r) for r in sorted(told, key=name)):
            lines += _beside([r for r in told if name(r) == place], place)
    return "\n".join(lines) + "\n"


def _country(one: Result) -> str:
    return f"{TITLES[one['family']]}, dirt {one['level']}"


def _beside(told: Sequence[Result], place: str) -> list[str]:
    """One line: ours beside the best peer, and whatever a peer does better."""
    peers = [r for r in told if r["peer"]]
    ours = [r for r in told if not r["peer"] and r["tool"] != "Harvester, harvest"]
    if not ours or not peers:
        return []
    mine, best = ours[0], max(peers, key=lambda r: r["at"]["f1"])
    margin = mine["at"]["f1"] - best["at"]["f1"]
    able = max(peers, key=lambda r: r["best_f1"])
    side = (
        "level"
        if abs(margin) < LEVEL
        else f"{abs(margin):.3f} {'ahead' if margin > 0 else 'behind'}"
    )
    line = (
        f"- {place[0].upper()}{place[1:]}: F1 {mine['at']['f1']:.3f}, the best peer ({best['tool']}) "
        f"{best['at']['f1']:.3f}: {side}. At a threshold chosen on the answers: {mine['best_f1']:.3f}, "
        f"and {able['best_f1']:.3f} ({able['tool']})."
    )
    worse = [f"{what} ({who})" for what, who in _worse(mine, peers)]
    return [line + (f" Ours is worse in {', '.join(worse)}." if worse else "")]


MEASURES: dict[str, Callable[[Result], float]] = {
    "precision": lambda r: r["at"]["precision"],
    "recall": lambda r: r["at"]["recall"],
    "B3": lambda r: r["at"]["b3_f1"],
    "best F1": lambda r: r["best_f1"],
    "recall at 99 % precision": lambda r: (r["precise"] or {"recall": 0.0})["recall"],
}


def _worse(mine: Result, peers: Sequence[Result]) -> list[tuple[str, str]]:
    """Where a peer that finds at least half of what ours does is better."""
    found = []
    able = [r for r in peers if r["at"]["f1"] >= mine["at"]["f1"] / 2]
    for what, of in MEASURES.items():
        best = max(able, key=of, default=mine)
        if of(best) > of(mine) + LEVEL:
            found.append((what, f"{best['tool']} {of(best):.3f} to {of(mine):.3f}"))
    strong = max(peers, key=lambda r: r["at"]["f1"])
    if strong["seconds"] < mine["seconds"]:
        found.append(
            ("seconds", f"{strong['tool']} {strong['seconds']:.1f} to {mine['seconds']:.1f}")
        )
    return found


def _known_words() -> str:
    """How much of the invented vocabulary the lexicon happens to know."""
    decoder = Decoder()
    forms = sorted({form for held in words.KINDS.values() for form in held})
    known = sum(bool(decoder.decode(f"Qoxambi {form}").kinds) for form in forms)
    chance = random.Random(0)
    places = [invented.word(chance) for _ in range(WORDS_TRIED)]
    met = sum(not decoder.decode(place).words for place in places)
    return (
        f"The lexicon knows a kind in {known} of its {len(forms)} forms for facilities "
        f"({known / len(forms):.0%}): clerks use the words that clerks use. It takes {met} of "
        f"{WORDS_TRIED:,} place words for something other than a name."
    )
