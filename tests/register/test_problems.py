"""Problems say what is not known, how often, where first, and how to mend it."""

from harvester.register.problems import KINDS, MOST_TEXTS, Tally, problem_rows
from harvester.register.suggest import Suggester


def test_a_problem_names_the_text_its_rows_its_file_and_the_nearest_words():
    (row,) = problem_rows(
        [Tally("s:0", "function", "word_unknown", "Libarary", 12, 7, "BUF")]
    ).to_pylist()

    assert row["severity"] == "warning"
    assert (row["stage"], row["sheet"], row["row"], row["value"]) == (
        "register",
        "BUF",
        7,
        "Libarary",
    )
    assert row["message"] == "Function 'Libarary' is not known (12 rows); it stays unknown."
    assert row["mend"].startswith(
        "Use an accepted word for function or add it as an alias in codes"
    )
    assert "Library" in row["mend"]


def test_braces_and_quotes_in_a_text_are_told_as_they_are():
    tally = Tally("s:0", "grant", "word_unknown", "{USDG} 'x'", 1, 1, "")

    assert "'{USDG} 'x''" in problem_rows([tally]).to_pylist()[0]["message"]


def test_a_very_long_text_is_cut():
    (row,) = problem_rows(
        [Tally("s:0", "grant", "word_unknown", "x " * 9000, 1, 1, "")]
    ).to_pylist()

    assert len(row["value"]) == 200
    assert len(row["message"]) < 300


def test_an_ambiguous_owner_names_who_it_could_be():
    tally = Tally("s:0", "owner", "owner_ambiguous", "Water", 1, 4, "", ("BUF", "DWS"))

    (row,) = problem_rows([tally]).to_pylist()

    assert "could be Buffalo City or Water and Sanitation (1 row)" in row["message"]
    assert "sphere" in row["mend"]


def test_where_something_stood_in_for_some_rows_it_says_how_many():
    tally = Tally(
        "s:0", "function", "word_unknown", "Odd", 10, 4, "", instead="the owner", replaced=3
    )

    (row,) = problem_rows([tally]).to_pylist()

    assert "(10 rows, 3 of them taken from the owner)" in row["message"]


def test_a_column_of_rubbish_is_told_in_a_bounded_number_of_problems():
    tallies = [
        Tally("s:0", "status", "word_unknown", f"text {n}", 2, n, "")
        for n in range(MOST_TEXTS + 50)
    ]

    rows = problem_rows(tallies).to_pylist()

    assert len(rows) == MOST_TEXTS + 1
    assert rows[-1]["code"] == "more_words_unknown"
    assert "50 more texts for status are not known (100 rows)" in rows[-1]["message"]
    assert [r["problem_id"] for r in rows] == [f"s:0:register:{n}" for n in range(len(rows))]


def test_the_order_of_what_was_found_does_not_matter():
    tallies = [Tally("s:0", "status", "word_unknown", f"t{n}", n + 1, n, "") for n in range(5)]

    assert problem_rows(tallies).equals(problem_rows(reversed(tallies)))


def test_every_kind_of_problem_can_be_told():
    tallies = [Tally("s:0", "owner", code, "x", 1, 1, "S", ("BUF", "DWS")) for code in KINDS]
    told = [t for t in tallies if t.code != "more_words_unknown"]

    assert {r["code"] for r in problem_rows(told).to_pylist()} == {t.code for t in told}


def test_suggestions_are_near_words_and_nothing_else():
    near = Suggester(["Buffalo City", "City of Cape Town", "Mangaung"]).near

    assert near("Bufalo City") == ("Buffalo City",)
    assert near("Zanzibar") == ()
    assert near("") == ()
