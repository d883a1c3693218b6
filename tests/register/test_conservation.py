"""No row is lost or doubled, and every row without a code is counted in a problem."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.rules import codes

WORDS = {
    "owner_text": ["", "Education", "PRASA", "Nobody", "Various"],
    "sphere_text": ["", "local", "national", "odd"],
    "province_text": ["", "Eastern Cape", "Transkei"],
    "municipality_text": ["", "Buffalo City", "Emalahleni", "Nowhere"],
    "function_text": ["", "Roads", "Transport", "Gibberish"],
    "asset_class_text": ["", "Roads Infrastructure", "Gibberish"],
    "status_text": ["", "Design", "Various", "Gibberish"],
    "location_text": ["", "Coastal", "Whole of the Metro", "Elsewhere"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in WORDS.items()})
PUBLISHERS = [
    {"submission_id": "f:0", "document": "idp", "institution": "BUF", "sheet": "IDP"},
    {"submission_id": "f:1", "document": "provincial_projects", "institution": "EC", "sheet": "E"},
    {"submission_id": "f:2", "document": "pipeline", "institution": "unknown", "sheet": "TSH"},
]


def counted(problems, submission, what, text):
    """Rows the problems of one text count; nothing else may speak of it."""
    spoken = [
        p
        for p in problems
        if p["submission_id"] == submission
        and p["value"] == text
        and p["message"].casefold().startswith(what)
    ]
    return sum(int(re.search(r"\((\d+) row", p["message"])[1]) for p in spoken)


@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 2), ROW), max_size=12))
def test_rows_are_conserved_and_unknowns_are_counted(registry, rows):
    given_rows = [
        row | {"submission_id": f"f:{part}", "row": n, "sheet": PUBLISHERS[part]["sheet"]}
        for n, (part, row) in enumerate(rows, start=1)
    ]

    entries, problems = registry(PUBLISHERS, given_rows)

    assert [(e["submission_id"], e["row"]) for e in entries] == [
        (r["submission_id"], r["row"]) for r in given_rows
    ]
    assert all(
        {e[n] for n in WORDS} == {r[n] for n in WORDS}
        for e, r in zip(entries, given_rows, strict=True)
    )
    statuses = codes.load("statuses")
    for part in range(3):
        mine = [e for e in entries if e["submission_id"] == f"f:{part}"]
        for text in ("Various", "Gibberish"):
            unknown = sum(e["status_text"] == text for e in mine)
            assert counted(problems, f"f:{part}", "status", text) == unknown
            assert statuses.resolve(text) == "unknown"
        nowhere = sum(e["municipality_text"] == "Nowhere" for e in mine)
        assert counted(problems, f"f:{part}", "municipality", "Nowhere") == nowhere
        gibberish = sum(e["function_text"] == "Gibberish" for e in mine)
        assert counted(problems, f"f:{part}", "function", "Gibberish") == gibberish
        transkei = sum(e["province_text"] == "Transkei" for e in mine)
        assert counted(problems, f"f:{part}", "province", "Transkei") == transkei
