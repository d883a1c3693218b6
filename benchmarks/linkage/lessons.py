"""What our linker gets wrong on training countries, by class, with examples to learn from.

    python -m benchmarks.linkage.lessons [--family invented] [--level 2] [--examples 6]

Never asks for a reported country: see :mod:`benchmarks.linkage.split`.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict

from benchmarks.linkage import invented, runs, scores, split, store
from benchmarks.linkage.tools import common

Entry = dict[str, str]
SHOWN = ("source", "name", "municipality", "code", "function", "amount", "first_year", "longitude",
         "latitude", "description")  # fmt: skip


def lessons(name: str, tool: runs.Tool, examples: int) -> str:
    """A text: counts of each class of error on one training country, and examples."""
    country = store.country(name)
    told, project = common.rows(country), common.truth(country)
    entries = [dict(zip(told, values, strict=True)) for values in zip(*told.values(), strict=True)]
    found = runs.answer(tool, country).clusters() or []
    true = {str(n): p for n, p in enumerate(project)}
    said = {str(n): c for n, c in enumerate(found)}
    measured = scores.scores(true, said)
    lines = [f"=== {name}: {tool.name}: " + ", ".join(f"{k} {v:.4f}" for k, v in measured.items())]
    made = _projects(name)
    joined, missed = scores.errors(true, said)
    for title, pairs, classes in (
        ("JOINED IN ERROR", joined, lambda a, b: _why_joined(a, b, made.get(true[a]), made.get(true[b]), entries)),
        ("MISSED", missed, lambda a, b: _why_missed(entries[int(a)], entries[int(b)])),
    ):  # fmt: skip
        lines.append(f"\n##### {title}: {len(pairs)} pairs")
        lines += _by_class(pairs, classes, entries, examples)
    return "\n".join(lines) + "\n"


def _by_class(pairs, classes, entries: list[Entry], examples: int) -> list[str]:
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for a, b in pairs:
        held[classes(a, b)].append((a, b))
    lines = [f"  {len(p):6}  {c}" for c, p in sorted(held.items(), key=lambda item: -len(item[1]))]
    for title, some in sorted(held.items(), key=lambda item: -len(item[1])):
        lines.append(f"\n--- {title} ({len(some)})")
        for a, b in random.Random(1).sample(some, min(examples, len(some))):
            lines += [_shown(entries[int(a)]), _shown(entries[int(b)]), ""]
    return lines


def _shown(entry: Entry) -> str:
    return "   " + " | ".join(f"{c[:6]}={entry[c]}" for c in SHOWN if entry[c])


def _projects(name: str) -> dict[str, invented.Project]:
    """The projects of an invented country, by their name in the truth."""
    family, _, part, seed = name.split("-")
    if family != "invented":
        return {}
    count = invented.project_count(split.INVENTED_ENTRIES[part])
    made = invented.projects(random.Random(int(seed)), count)
    return {f"p{project.number}": project for project in made}


def _why_joined(
    a: str, b: str, one: invented.Project | None, two: invented.Project | None, entries: list[Entry]
) -> str:
    if one is None or two is None:
        same = entries[int(a)]["source"] == entries[int(b)]["source"]
        return "rows of one source" if same else "two projects"
    checks = (
        ("another place", one.place != two.place), ("another kind in one place", one.kind != two.kind),
        ("programme and its part", one.programme != two.programme),
        ("another phase", one.phase != two.phase),
        ("another extension or zone", one.part != two.part),
        ("another name, same kind and place", one.own_name != two.own_name),
        ("another kind of work on one thing", one.action != two.action),
    )  # fmt: skip
    return next((title for title, holds in checks if holds), "alike in everything but the number")


def _why_missed(one: Entry, two: Entry) -> str:
    checks = (
        ("one source gives it on several rows", one["source"] == two["source"]),
        ("municipality not given", not one["municipality"] or not two["municipality"]),
        ("municipality written otherwise", one["municipality"] != two["municipality"]),
        ("code-speak name", any(e["name"].startswith(("P-C", "Capital:")) for e in (one, two))),
        ("code agrees", bool(one["code"]) and one["code"] == two["code"]),
        ("name cut off", any(invented.CUT - 2 <= len(e["name"]) <= invented.CUT for e in (one, two))),
        ("points near", _near(one, two)),
        ("amounts equal", bool(one["amount"]) and one["amount"] == two["amount"]),
    )  # fmt: skip
    return next((title for title, holds in checks if holds), "names only")


def _near(one: Entry, two: Entry) -> bool:
    if not all(e[c] for e in (one, two) for c in ("longitude", "latitude")):
        return False
    apart = sum(abs(float(one[c]) - float(two[c])) for c in ("longitude", "latitude"))
    return apart < invented.KM


def main() -> None:
    """Print, or write a text for each level."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--family", choices=("sample", "invented"), default="invented")
    asked.add_argument("--level", type=int, choices=split.LEVELS, default=2)
    asked.add_argument("--examples", type=int, default=6)
    given = asked.parse_args()
    for tool in runs.TOOLS:
        if not tool.peer and given.family in tool.families:
            for name in split.country(given.family, given.level, "train"):
                print(lessons(name, tool, given.examples))


if __name__ == "__main__":
    main()
