"""Invented programmes, phases, splits and merges, with their truth, and what only looks like them.

Each situation stands in a place of its own, so that one run of the linker serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.linkage.invented import entry, town

Row = dict[str, object]
Pair = tuple[str, str, str]

M = 100_000_000
"""A million rand in cents."""

LISTS = {
    "idp18": {"document": "idp", "publication_year": "2018/19"},
    "idp19": {"document": "idp"},
    "bud19": {"document": "budget"},
    "bud20": {"document": "budget", "publication_year": "2020/21"},
    "bepp": {"document": "pipeline"},
    "prov": {"document": "provincial_projects", "institution": "EC-HUS", "owner": "EC-HUS",
             "sphere": "provincial"},
    "agency": {"document": "agency_projects", "institution": "PRASA", "owner": "PRASA",
               "sphere": "entity"},
}  # fmt: skip


@dataclass
class Situation:
    """Rows as ``(mark, list, name, more)``; ``related`` the relations to be found, none other."""

    name: str
    rows: list[tuple[str, str, str, Row]]
    related: set[Pair] = field(default_factory=set)

    def entries(self, at: int) -> list[Row]:
        """The rows as entries; a mark is kept in the entry's row number through :meth:`ids`."""
        return [
            entry(source, 1000 + 20 * at + n, text, **(LISTS[source] | {"owner": LISTS[source].get("owner", "BUF")} | more))
            for n, (_, source, text, more) in enumerate(self.rows)
        ]  # fmt: skip

    def ids(self, at: int) -> dict[str, str]:
        """Entry id of each mark."""
        return {
            mark: f"{source}:{1000 + 20 * at + n}"
            for n, (mark, source, _, _) in enumerate(self.rows)
        }


def r(mark: str, source: str, text: str, millions: float | None = None, **more: object) -> tuple[str, str, str, Row]:  # fmt: skip
    money = {} if millions is None else {"amount_cents": round(millions * M)}
    return mark, source, text, money | more


PROGRAMMES = [
    Situation("projects name a programme of the same owner as their parent", [
        r("p", "prov", "Thornhope Renewal Programme", 90, kind="programme"),
        r("a", "prov", "Construction of Yelkara clinic", 30, parent_text="Thornhope renewal"),
        r("b", "prov", "Dumazile primary school", 50, parent_text="THORNHOPE RENEWAL PROGRAMME"),
    ], {("a", "p", "part_of"), ("b", "p", "part_of")}),
    Situation("the programme stands in another list of the same municipality", [
        r("p", "bepp", "Ukhanyo Integration Programme", 200, kind="programme"),
        r("a", "bud19", "Zonkele taxi rank", 15, parent_text="Ukhanyo integration programme"),
    ], {("a", "p", "part_of")}),
    Situation("a project gives the number of its programme among its references", [
        r("p", "prov", "Bulk supply north", 300, kind="programme", source_code="RBIG00417"),
        r("a", "bud19", "Reservoir at Eskwenyana", 40, references_text="RBIG 00417; W12"),
    ], {("a", "p", "part_of")}),
    Situation("a name begins with the programme's", [
        r("p", "prov", "Nomathemba Precinct Programme", 80, kind="programme"),
        r("a", "prov", "Nomathemba precinct: pedestrian bridge", 12),
    ], {("a", "p", "part_of")}),
    Situation("a row that is a project itself covers others that name it", [
        r("p", "bepp", "Wielandsfontein mixed housing", 120),
        r("a", "bud19", "Kolisa Street stormwater", 9, parent_text="Wielandsfontein mixed housing"),
        r("b", "bud19", "Sinazo collector sewer", 11, parent_text="Mixed housing Wielandsfontein"),
    ], {("a", "p", "part_of"), ("b", "p", "part_of")}),
    Situation("not: a budget programme that no row covers", [
        r("a", "prov", "Repairs to Msobomvana hall", 2, parent_text="Programme 6: Infrastructure"),
        r("b", "prov", "Fencing at Hlamandana", 3, parent_text="Programme 6: Infrastructure"),
    ]),
    Situation("not: a programme of that name in another municipality and of another owner", [
        r("p", "prov", "Groenkloof Upgrade Programme", 70, kind="programme", metro="NMA"),
        r("a", "bud19", "Veldzicht depot", 6, parent_text="Groenkloof upgrade programme"),
    ]),
]  # fmt: skip

PHASES = [
    Situation("two phases in one list", [
        r("1", "bud19", "Tyolora bulk sewer phase 1", 20),
        r("2", "bud19", "Tyolora bulk sewer phase 2", 25),
    ], {("1", "2", "next_phase")}),
    Situation("three phases, each next to the one before it, written three ways", [
        r("1", "idp19", "Langvlaagte housing Ph 1", 20),
        r("2", "idp19", "Langvlaagte housing: Fase 2", 25),
        r("3", "idp19", "Langvlaagte housing (third phase)", 30),
    ], {("1", "2", "next_phase"), ("2", "3", "next_phase")}),
    Situation("phases in two lists of two owners", [
        r("1", "prov", "Ngxangula community hall phase I", 8),
        r("2", "bud19", "Ngxangula Community Hall Phase II", 9),
    ], {("1", "2", "next_phase")}),
    Situation("phases and the scheme that covers both", [
        r("s", "bud19", "Buyaphi interchange", 60),
        r("1", "bud19", "Buyaphi interchange phase 1", 20),
        r("2", "bud19", "Buyaphi interchange phase 2", 40),
    ], {("1", "s", "phase_of"), ("2", "s", "phase_of"), ("1", "2", "next_phase")}),
    Situation("not: phases of two different facilities in one place", [
        r("1", "bud19", "Qhorana library phase 1", 20),
        r("2", "bud19", "Qhorana landfill phase 2", 25),
    ]),
    Situation("not: phases of one kind of work in two places", [
        r("1", "bud19", "Ntlekiseni access road phase 1", 20),
        r("2", "bud19", "Mbumbazwe access road phase 2", 25),
    ]),
    Situation("not: the same phase twice", [
        r("1", "bud19", "Zwelisha reservoir phase 2", 20),
        r("2", "idp19", "Zwelisha reservoir phase 2", 20),
    ]),
]  # fmt: skip

SPLITS = [
    Situation("one row of the IDP is three rows of the next budget", [
        r("w", "idp18", "Upgrading of Bhofolwana sanitation", 60),
        r("a", "bud19", "Bhofolwana sanitation: outfall sewer", 30),
        r("b", "bud19", "Bhofolwana sanitation: pump station", 18),
        r("c", "bud19", "Bhofolwana sanitation: treatment works", 11),
    ], {("w", "a", "split_into"), ("w", "b", "split_into"), ("w", "c", "split_into")}),
    Situation("one row is two wards' rows of another publisher", [
        r("w", "idp18", "Kwanolitha roads", 20),
        r("a", "prov", "Roads in Kwanolitha ward 3", 12),
        r("b", "prov", "Roads in Kwanolitha ward 4", 8.4),
    ], {("w", "a", "split_into"), ("w", "b", "split_into")}),
    Situation("two rows become one in a later budget", [
        r("a", "idp18", "Emqwasheni substation: civil works", 14),
        r("b", "idp18", "Emqwasheni substation: transformers", 26),
        r("w", "bud20", "Emqwasheni substation", 41),
    ], {("a", "w", "merged_into"), ("b", "w", "merged_into")}),
    Situation("one row is two rows by fund", [
        r("w", "idp18", "Ithubalethu sports field", 10),
        r("a", "bud19", "Ithubalethu sports field", 6, grant="UIRF"),
        r("b", "bud19", "Ithubalethu sports field", 4, grant="own"),
    ], {("w", "a", "split_into"), ("w", "b", "split_into")}),
    Situation("not: two schools in one suburb, each in both lists", [
        r("w", "idp18", "Vukukhanye primary school", 30),
        r("v", "idp18", "Vukukhanye secondary school", 22),
        r("a", "prov", "Vukukhanye primary school", 16),
        r("b", "prov", "Vukukhanye secondary school", 14),
    ]),
    Situation("not: two schools in one suburb, one of them new to the later list", [
        r("w", "idp18", "Masizole primary school", 30),
        r("a", "prov", "Masizole primary school", 16),
        r("b", "prov", "Masizole Fundani primary school", 14),
    ]),
    Situation("not: a yearly budget of one project", [
        r("w", "idp18", "Umnqubeko bus depot", 30, first_year=2019, last_year=2021),
        r("a", "bud19", "Umnqubeko bus depot 2019/20", 10, first_year=2019, last_year=2019),
        r("b", "bud19", "Umnqubeko bus depot 2020/21", 20, first_year=2020, last_year=2020),
    ]),
    Situation("not: rows whose amounts do not add up", [
        r("w", "idp18", "Ezibukweni market", 30),
        r("a", "bud19", "Ezibukweni market: stalls", 5),
        r("b", "bud19", "Ezibukweni market: paving", 4),
    ]),
    Situation("not: rows of which one states no amount", [
        r("w", "idp18", "Ndlovini cemetery", 30),
        r("a", "bud19", "Ndlovini cemetery: fencing", 15),
        r("b", "bud19", "Ndlovini cemetery: roads"),
    ]),
    Situation("not: a clinic and a hall of one place", [
        r("w", "idp18", "Siqithini clinic", 30),
        r("a", "prov", "Siqithini clinic", 18),
        r("b", "prov", "Siqithini community hall", 12),
    ]),
    Situation("not: the same amount for one project two years running", [
        r("w", "idp18", "Gqudesi water treatment works", 30),
        r("a", "bud19", "Gqudesi water treatment works", 30),
        r("b", "bud20", "Gqudesi water treatment works", 30),
    ]),
]  # fmt: skip

SITUATIONS = [*PROGRAMMES, *PHASES, *SPLITS]


def country() -> list[Row]:
    """Every situation, among a town's two lists."""
    rows = [*town()]
    for at, situation in enumerate(SITUATIONS):
        rows.extend(situation.entries(at))
    return rows
