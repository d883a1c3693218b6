"""An invented country: places, names and words that neither the linker nor its makers have seen.

Places are put together from syllables by chance; the words are :mod:`benchmarks.linkage.words`.
Eight towns publish a plan, two budgets, an in-year report and a pipeline each; a province, a
national department and an agency publish lists over all towns. What makes it hard is what makes
the real thing hard: twin schools in one suburb, phases, a programme beside its parts, numbered
extensions, rows every list has ("Furniture and equipment"), one source that splits a project over
rows, codes that are missing, names cut off at 40 letters, swapped words, slips, several languages,
offices' points given for projects, amounts of other years.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace

from benchmarks.linkage import words

Row = dict[str, str]

TOWNS = 8
MUNICIPAL = {"idp": 0.75, "budget-1": 0.62, "budget-2": 0.55, "inyear": 0.38, "pipeline": 0.3}
"""A town's own lists, and the share of its projects in each."""
WIDER = {"province": 0.85, "province-2": 0.7, "national": 0.8, "agency": 0.06}
"""Lists over all towns, and the share of the projects of their sphere in each."""
BUDGETS = ("budget-1", "budget-2", "inyear")
CUT = 40
KM = 0.009
"""About one kilometre in degrees."""


@dataclass(frozen=True)
class Town:
    """A municipality, with its list of suburbs."""

    number: int
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Place:
    """A suburb."""

    name: str
    town: Town
    longitude: float
    latitude: float
    ward: int


@dataclass(frozen=True)
class Project:
    """The truth behind rows. ``part`` is an extension or zone of the place, or empty."""

    number: int
    kind: str
    action: str
    place: Place
    part: str
    own_name: str
    phase: int
    longitude: float
    latitude: float
    amount: float
    first: int
    last: int
    code: str
    programme: bool = False
    twin: bool = False
    """Whether another project is easily taken for it, so that clerks mostly say which they mean."""


def country(entries: int, dirt: int, seed: int) -> tuple[list[Row], dict[str, str]]:
    """About ``entries`` rows and their truth (entry id to project); the same for the same seed."""
    chance = random.Random(seed)
    rows: list[Row] = []
    truth: dict[str, str] = {}

    def add(row: Row, project: str) -> None:
        row["entry_id"] = f"e{len(rows):06d}"
        truth[row["entry_id"]] = project
        rows.append(row)

    made = projects(chance, project_count(entries))
    for project in made:
        for source in sources(chance, project):
            for row in rows_of(chance, project, source, dirt):
                add(row, f"p{project.number}")
    towns = sorted({p.place.town for p in made}, key=lambda t: t.number)
    for n in range(entries // 40):
        add(generic(chance, chance.choice(towns)), f"generic {n}")
    chance.shuffle(rows)
    return rows, truth


def project_count(entries: int) -> int:
    """How many projects give about so many entries."""
    return int(entries / 2.62)


def word(chance: random.Random) -> str:
    """A place word nobody has seen."""
    syllables = chance.choice((2, 2, 3))
    core = "".join(
        chance.choice(words.STARTS) + chance.choice(words.VOWELS) for _ in range(syllables)
    )
    return (core + chance.choice(words.ENDS)).capitalize()


def _places(chance: random.Random, count: int) -> list[Place]:
    """Suburbs of eight towns; some names have two words, a few stand in two towns."""
    towns = [
        Town(n, word(chance), 19 + 1.4 * n, -33 + 1.0 * n + chance.uniform(0, 0.3))
        for n in range(TOWNS)
    ]
    found: list[Place] = []
    for _ in range(count):
        town = chance.choice(towns)
        known = bool(found) and chance.random() < 0.03
        name = chance.choice(found).name if known else word(chance)
        if not known and chance.random() < 0.2:
            name += " " + chance.choice((*words.SECONDS, word(chance)))
        found.append(Place(
            name, town, town.longitude + chance.uniform(-0.25, 0.25),
            town.latitude + chance.uniform(-0.2, 0.2), chance.randint(1, 60),
        ))  # fmt: skip
    return found


def projects(chance: random.Random, count: int, *, each: int = 5) -> list[Project]:
    """Projects, ``each`` to a suburb or so, with the twins that real ones have."""
    suburbs = _places(chance, max(8, count // each))
    found: list[Project] = []
    while len(found) < count:
        first = _project(chance, len(found), chance.choice(suburbs))
        twins = _twins(chance, first)
        found.append(replace(first, twin=bool(twins)))
        for twin in twins:
            number = len(found)
            found.append(replace(twin, number=number, code=code(chance, number, first), twin=True))
    return found[:count]


def _project(chance: random.Random, number: int, place: Place) -> Project:
    kind = chance.choice(sorted(words.KINDS))
    start = chance.randint(2016, 2021)
    made = Project(
        number=number, kind=kind, action=chance.choice(sorted(words.ACTIONS)), place=place,
        part=_part(chance) if chance.random() < 0.25 else "",
        own_name=word(chance) if kind in words.NAMED and chance.random() < 0.65 else "",
        phase=chance.choice((0, 0, 0, 0, 0, 1, 2, 3)),
        longitude=place.longitude + chance.gauss(0, 0.8 * KM),
        latitude=place.latitude + chance.gauss(0, 0.8 * KM),
        amount=round(math.exp(chance.gauss(15.5, 1.4)), -3),
        first=start, last=start + chance.randint(0, 3), code="",
    )  # fmt: skip
    return replace(made, code=code(chance, number, made))


def _part(chance: random.Random) -> str:
    return chance.choice(words.PARTS[:5]).format(chance.randint(1, 14))


def code(chance: random.Random, number: int, like: Project) -> str:
    """A number as its budget gives it: unlike in every town, and some say nothing."""
    if like.place.town.number % 3 == 0:
        return f"{like.kind[:2].upper()}{number:06d}"
    return f"PC{chance.randint(1, 2):03d}{chance.randint(1, 9):03d}_{number:05d}"


def _twins(chance: random.Random, first: Project) -> list[Project]:
    """Other real projects that are easily taken for it: phase, second school, part, programme."""
    roll = chance.random()
    near = {
        "longitude": first.longitude + chance.gauss(0, 0.7 * KM),
        "latitude": first.latitude + chance.gauss(0, 0.7 * KM),
        "amount": round(first.amount * math.exp(chance.gauss(0, 0.7)), -3),
    }
    if roll < 0.10:
        later = chance.randint(0, 2)
        return [
            replace(first, phase=max(1, first.phase) + 1, amount=near["amount"],
                    first=first.first + later, last=first.last + later)
        ]  # fmt: skip
    if roll < 0.15 and first.own_name:
        return [replace(first, own_name=word(chance), **near)]
    if roll < 0.20:
        return [replace(first, part=_part(chance), **near)]
    if roll < 0.25:
        other = chance.choice([a for a in sorted(words.ACTIONS) if a != first.action])
        return [replace(first, action=other, amount=near["amount"], first=first.first + 2)]
    if roll < 0.29:
        whole = replace(
            first, programme=True, part="", phase=0, own_name="", amount=first.amount * 6
        )
        parts = [
            replace(first, part=f"Zone {n}", amount=first.amount * chance.uniform(0.6, 1.5))
            for n in (chance.randint(1, 4), chance.randint(5, 9))
        ]
        return [whole, *parts]
    return []


def sources(chance: random.Random, project: Project) -> list[str]:
    """The lists that name a project."""
    town = f"-{project.place.town.number}"
    if project.kind in words.PROVINCIAL:
        odds = {"province": WIDER["province"], "province-2": WIDER["province-2"],
                f"idp{town}": 0.45, f"pipeline{town}": 0.4, "agency": 0.1}  # fmt: skip
    elif project.kind in words.NATIONAL:
        odds = {"national": WIDER["national"], f"idp{town}": 0.4, f"pipeline{town}": 0.4}
    else:
        odds = {f"{name}{town}": share for name, share in MUNICIPAL.items()}
        odds |= {"agency": WIDER["agency"], "province": 0.08}
    if project.programme:
        odds = {f"idp{town}": 0.7, f"pipeline{town}": 0.7, "province": 0.3}
    return [source for source, share in odds.items() if chance.random() < share]


def rows_of(chance: random.Random, project: Project, source: str, dirt: int) -> list[Row]:
    """The row, or the two rows, that one source gives a project."""
    first = row(chance, project, source, dirt)
    if source.startswith(BUDGETS) and first.get("code") and chance.random() < 0.03:
        tails = chance.sample(words.SPLITS, 2)
        second = row(chance, project, source, dirt) | {"code": first["code"]}
        for one, tail, share in ((first, tails[0], 0.25), (second, tails[1], 0.75)):
            one["name"] += tail
            one["amount"] = f"{project.amount * share:.0f}"
        return [first, second]
    return [first]


def row(chance: random.Random, project: Project, source: str, dirt: int) -> Row:
    """One entry."""
    place = project.place
    made: Row = {
        "source": source, "name": name(chance, project, source, dirt),
        "municipality": _municipality(chance, place.town, source, dirt),
    }  # fmt: skip
    if chance.random() < 0.6 - 0.1 * dirt:
        made["function"] = words.FUNCTIONS.get(project.kind, "Community and Social Services")
    if not source.startswith(BUDGETS) and chance.random() < 0.3:
        made["description"] = f"{project.kind} works, {place.name} ward {place.ward}"
    made |= _number(chance, project, source, dirt)
    made |= _point(chance, project, dirt)
    made |= _money(chance, project, source, dirt)
    return made


def _municipality(chance: random.Random, town: Town, source: str, dirt: int) -> str:
    if chance.random() < 0.025 * dirt:
        return ""
    if source in WIDER and chance.random() < (0, 0, 0.05, 0.12)[dirt]:
        return f"{town.name} {chance.choice(('Local Municipality', 'LM', 'Municipality'))}"
    return town.name


def _number(chance: random.Random, project: Project, source: str, dirt: int) -> Row:
    if source.startswith(BUDGETS):
        return {"code": project.code} if chance.random() > 0.1 * dirt else {}
    if source in WIDER and source.startswith("province"):
        return {"code": f"{20_000 + project.number * 8}"} if chance.random() > 0.08 * dirt else {}
    return {"code": f"{chance.randint(1, 400)}"} if source.startswith("idp") else {}


def _point(chance: random.Random, project: Project, dirt: int) -> Row:
    roll = chance.random()
    if roll < 0.2 + 0.13 * dirt:
        return {}
    if roll < 0.22 + 0.15 * dirt:
        town = project.place.town  # the office's own point
        return {"longitude": f"{town.longitude:.4f}", "latitude": f"{town.latitude:.4f}"}
    if chance.random() < 0.01 * dirt:
        return {"longitude": "0", "latitude": "0"}
    far = 0.15 * dirt * KM
    return {
        "longitude": f"{project.longitude + chance.gauss(0, far):.5f}",
        "latitude": f"{project.latitude + chance.gauss(0, far):.5f}",
    }


def _money(chance: random.Random, project: Project, source: str, dirt: int) -> Row:
    if chance.random() < 0.05 + 0.03 * dirt:
        return {}
    spread = math.exp(chance.gauss(0, 0.13 * dirt)) if chance.random() < 0.65 else 1.0
    if source.startswith("inyear"):
        spread *= chance.uniform(0.2, 1.0)
    shift = chance.choice((0, 0, 0, 1)) if dirt > 1 else 0
    return {
        "amount": f"{project.amount * spread:.0f}",
        "first_year": str(project.first + shift), "last_year": str(project.last + shift),
    }  # fmt: skip


def name(chance: random.Random, project: Project, source: str, dirt: int) -> str:
    """The project's name as one clerk of one source writes it."""
    what = _what(chance, project, dirt)
    forms = words.ACTIONS[project.action]
    odd = chance.random() < 0.3 + 0.12 * dirt
    text = (chance.choice(forms) if odd else forms[0]).format(what)
    if project.programme:
        text = what + chance.choice((" programme", " (programme)", ": all phases"))
    text += _phase(chance, project, dirt)
    if chance.random() < 0.05 * dirt:
        text = _swapped(chance, text)
    if chance.random() < 0.04 * dirt:
        text += chance.choice(words.TAILS).format(ward=project.place.ward)
    if source.startswith(("province", "national")) or chance.random() < 0.05 * dirt:
        text = text.upper()
    if source.startswith(BUDGETS) and chance.random() < 0.15 * dirt:
        text = text[:CUT].rstrip()
    return text


def _what(chance: random.Random, project: Project, dirt: int) -> str:
    """Facility and place, without the work."""
    forms = words.KINDS[project.kind]
    kind = chance.choice(forms) if chance.random() < 0.2 + 0.12 * dirt else forms[0]
    place = project.place.name
    if chance.random() < 0.08 * dirt:
        place = " ".join(slip(chance, w) for w in place.split())
    if project.part and not _left_out(chance, project, dirt):
        n = project.part.split()[-1]
        first = project.part.split()[0]
        alike = [form for form in words.PARTS if form[0] == first[0]]
        place += " " + chance.choice(alike).format(n)
    if not project.own_name:
        return chance.choice(
            (f"{place} {kind}",) * 3 + (f"{kind} {place}", f"{kind} in {place}", f"{kind}: {place}")
        )
    own = project.own_name if chance.random() > 0.06 * dirt else slip(chance, project.own_name)
    text = f"{own} {kind}"
    if chance.random() < 0.75 - 0.15 * dirt:
        text += chance.choice((f" {place}", f", {place}", f" ({place})", f" - {place}"))
    return text


def _left_out(chance: random.Random, project: Project, dirt: int) -> bool:
    """Whether the clerk leaves out a phase or an extension."""
    return chance.random() < (0.02 if project.twin else 0.06) * dirt


def _phase(chance: random.Random, project: Project, dirt: int) -> str:
    phase = project.phase
    if not phase or _left_out(chance, project, dirt):
        return ""
    roman, spelt = words.ROMAN[phase], words.NUMBER[phase]
    return " " + chance.choice((
        f"Phase {phase}", f"Phase {phase}", f"Ph{phase}", f"Ph {phase}", f"phase {roman}", f"fase {phase}",
        f"(Phase {phase})", f"phase {spelt}", f"- P{phase}",
    ))  # fmt: skip


def _swapped(chance: random.Random, text: str) -> str:
    """Two neighbouring words change places."""
    parts = text.split(" ")
    if len(parts) < 3:
        return text
    at = chance.randrange(len(parts) - 1)
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return " ".join(parts)


def slip(chance: random.Random, text: str) -> str:
    """One letter lost, doubled, or changed about with its neighbour."""
    if len(text) < 5:
        return text
    at = chance.randint(1, len(text) - 2)
    return chance.choice((
        text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    ))  # fmt: skip


def generic(chance: random.Random, town: Town) -> Row:
    """A row that every list has, and that is a project of its own list alone."""
    source = chance.choice((*MUNICIPAL, "idp", "budget-1"))
    return {
        "source": f"{source}-{town.number}", "name": chance.choice(words.GENERIC),
        "municipality": town.name, "amount": str(chance.randint(1, 40) * 50_000),
        "first_year": str(chance.randint(2016, 2021)),
    }  # fmt: skip
