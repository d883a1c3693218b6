"""W16: stalled or under-spent. W20: expected and not come."""

from __future__ import annotations

from harvester.engine import schema
from tests.alignment.country import country, line

R = 100_000_000  # one million rand in cents


def spending(*rows: tuple[str, str, int, float | None], months: int = 6) -> dict:
    """In-year actuals of `months` months: (project, status, budget, spent), R million."""
    header = "document | project | status | status_text"
    tables = country(
        "\n".join([header, *(f"in_year | {p} | {status} | {status}" for p, status, _, _ in rows)])
    )
    lines = []
    for entry, (_, _, budget, spent) in zip(tables["entries"].to_pylist(), rows, strict=True):
        n = entry["row"]
        lines.append(line(entry, f"P{n}", budget * R, 2019, "municipal", "adjusted", str(budget)))
        if spent is not None:
            lines.append(
                line(
                    entry,
                    f"Q{n}",
                    round(spent * R),
                    2019,
                    "municipal",
                    "actual",
                    str(spent),
                    (0, months),
                )
            )
    tables["lines"] = schema.LINES.from_rows(lines)
    return tables


def test_w16_less_than_half_of_the_budget_due_by_the_month(found):
    (finding,) = found(
        spending(("bridge", "construction", 40, 5), ("road", "construction", 40, 15)), "W16"
    ).values()
    assert finding["finding_id"] == "W16:bridge:2019/20:BUF"
    assert finding["statement"] == (
        "“Project bridge” has spent R 5.0 m of R 20 m due after 6 months in the in-year actuals 2019/20 of "
        "Buffalo City (25 %)."
    )
    assert (finding["rand_low_cents"], finding["rand_cents"], finding["rand_high_cents"]) == (
        15 * R,
        15 * R,
        15 * R,
    )
    assert finding["cells"] == [
        ("in_year BUF 2019.xlsx", "Sheet1", "B2", "Project bridge"),
        ("in_year BUF 2019.xlsx", "Sheet1", "P2", "40"),
        ("in_year BUF 2019.xlsx", "Sheet1", "Q2", "5"),
    ]


def test_w16_blank_spending_is_unknown_and_no_finding(found):
    assert (
        found(
            spending(("bridge", "construction", 40, None), ("road", "construction", 40, 20)), "W16"
        )
        == {}
    )


def test_w16_early_in_the_year_nothing_is_said(found):
    assert found(spending(("bridge", "construction", 90, 0), months=3), "W16") == {}


def test_w16_finished_project_has_saved(found):
    assert found(spending(("bridge", "final_completion", 40, 5)), "W16") == {}


def test_w16_small_shortfall_is_not_worth_a_meeting(found):
    assert found(spending(("bridge", "construction", 1, 0)), "W16") == {}


def test_w16_spending_on_rows_without_a_budget_makes_it_less_sure(found):
    tables = spending(("bridge", "construction", 40, 0), ("stray", "construction", 0, 10))
    (finding,) = found(tables, "W16").values()
    assert (finding["confidence"], finding["rand_low_cents"], finding["rand_high_cents"]) == (
        0.5,
        10 * R,
        20 * R,
    )


def test_w16_stage_that_stands_still_is_said(found):
    tables = spending(("bridge", "tender", 40, 0))
    before = country("document | season | project | status\nin_year | 2018 | bridge | tender")
    for name, table in (
        ("submissions", schema.SUBMISSIONS),
        ("entries", schema.ENTRIES),
        ("memberships", schema.MEMBERSHIPS),
    ):
        tables[name] = table.from_rows([*tables[name].to_pylist(), *before[name].to_pylist()])
    (finding,) = found(tables, "W16").values()
    assert finding["statement"].endswith("(0 %); its stage has stood at Tender since 2018/19.")
    assert ("in_year BUF 2019.xlsx", "Sheet1", "O2", "tender") in finding["cells"]


def test_w20_only_what_is_late(found):
    states = (("idp", "late"), ("budget", "received"), ("in_year", "not_due"))
    tables = country(
        "document | project | 2019\nbudget | a | 1",
        coverage=[
            {
                "institution": "BUF",
                "document": document,
                "metro": "BUF",
                "year": "2019/20",
                "state": state,
                "rule": f"metro-{document}",
            }
            for document, state in states
        ],
    )
    (finding,) = found(tables, "W20").values()
    assert finding["finding_id"] == "W20:BUF:idp:BUF:2019/20"
    assert finding["statement"] == "Missing on 1 January 2020: the IDP 2019/20 of Buffalo City."
    assert (finding["severity"], finding["rand_cents"], finding["confidence"]) == (
        "high",
        None,
        1.0,
    )
    assert finding["cells"] == [("", "", "", "")]


def test_w20_says_for_which_metro_another_institution_is_late(found):
    import datetime as dt

    tables = country(
        "document | project | 2019\nbudget | a | 1",
        coverage=[
            {
                "institution": "PRASA",
                "document": "agency_projects",
                "metro": "CPT",
                "year": "2019/20",
                "state": "late",
                "rule": "agency-prasa",
                "due_on": dt.date(2019, 3, 31),
            }
        ],
    )
    (finding,) = found(tables, "W20").values()
    assert finding["statement"].endswith("for City of Cape Town, due by 31 March 2019.")
    assert finding["parties"] == "PRASA,CPT"
