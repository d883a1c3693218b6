"""A row's words become codes; what cannot is unknown, with one problem for each text."""


def resolved(registry, **words):
    (entry,), problems = registry([{}], [words])
    return entry, problems


def test_a_budget_row_is_resolved_whole(registry):
    entry, problems = resolved(
        registry,
        name="City to sea boulevard",
        function_text="Economic Development/Planning",
        asset_class_text="Roads Infrastructure",
        nature_text="New",
        outcome_text="An efficient, competitive and responsive economic infrastructure network",
        iudf_text="Growth",
        fund_text="USDG",
        status_text="Design",
        location_text="Coastal,Midland,...",
    )

    assert problems == []
    assert {
        name: entry[name]
        for name in ("document", "institution", "owner", "sphere", "metro", "province", "stage")
    } == {
        "document": "budget", "institution": "BUF", "owner": "BUF", "sphere": "local",
        "metro": "BUF", "province": "EC", "stage": "adopted",
    }  # fmt: skip
    assert entry["publication_year"] == "2018/19"
    assert entry["function"] == "economic"
    assert entry["asset_class"] == "roads"
    assert entry["nature"] == "new"
    assert entry["outcome_mtsf"] == "o06"
    assert entry["outcome_iudf"] == "growth"
    assert entry["grant"] == "USDG"
    assert entry["status"] == "design"
    assert entry["place_class"] == "multi_ward"


def test_a_blank_is_unknown_and_no_problem(registry):
    entry, problems = resolved(registry)

    codes = ("function", "asset_class", "nature", "outcome_mtsf", "grant", "status", "place_class")
    assert {entry[name] for name in codes} == {"unknown"}
    assert entry["amount_cents"] is None
    assert problems == []


FUNCTIONS = [
    ({"function_text": "Health"}, "health", None),
    ({"owner_text": "Department of Education"}, "education", "function_from_owner"),
    ({"owner_text": "PRASA", "asset_class_text": "Land"}, "rail", "function_from_owner"),
    ({"asset_class_text": "Roads Infrastructure"}, "roads", "function_from_asset_class"),
    ({"asset_subclass_text": "Outfall Sewers"}, "sanitation", "function_from_asset_class"),
    ({"asset_class_text": "Community Facilities"}, "unknown", None),
    ({"owner_text": "Department of Transport"}, "unknown", None),
    ({"function_text": "Gibberish", "owner_text": "PRASA"}, "rail", "word_replaced"),
    (
        {"function_text": "Social", "asset_class_text": "Student accommodation"},
        "education",
        "word_replaced",
    ),
]


def test_function_is_the_rows_own_then_the_owners_then_the_asset_classs(registry):
    parts = [f"s:{n}" for n in range(len(FUNCTIONS))]
    submissions = [{"submission_id": part, "document": "idp"} for part in parts]
    rows = [words | {"submission_id": p} for p, (words, *_) in zip(parts, FUNCTIONS, strict=True)]

    entries, problems = registry(submissions, rows)

    for part, entry, (words, function, told_by) in zip(parts, entries, FUNCTIONS, strict=True):
        told = {p["code"] for p in problems if p["submission_id"] == part}
        assert entry["function"] == function, words
        assert told_by in told if told_by else not told, words


PLACES = [
    ({"longitude": 27.9, "latitude": -33.0, "location_text": "Whole of the Metro"}, "located"),
    ({"points": "27.9 -33;28 -33"}, "located"),
    ({"location_text": "Ward 12"}, "multi_ward"),
    ({"location_text": "Inland", "asset_class_text": "Computer Equipment"}, "multi_ward"),
    ({"location_text": "Whole of the Metro"}, "city_wide"),
    ({"location_text": "Whole of the Metro", "name": "Bulk sewer"}, "city_wide"),
    ({"location_text": "Administrative or Head Office"}, "administrative"),
    ({"asset_class_text": "Computer Equipment"}, "administrative"),
    ({"asset_class_text": "Transport Assets", "location_text": "Duncan Village"}, "unknown"),
    ({"asset_class_text": "Water Supply Infrastructure"}, "network"),
    ({"name": "UPGRADE OF TRUNK SEWER", "location_text": "Mdantsane"}, "network"),
    ({"function_text": "Sewerage"}, "network"),
    ({"name": "Trunk sewer", "kind": "indicator"}, "unknown"),
    ({"name": "New clinic", "location_text": "Duncan Village"}, "unknown"),
    ({"asset_class_text": "Roads Infrastructure"}, "unknown"),
]


def test_every_row_has_one_place_class(registry):
    entries, _ = registry([{}], [words for words, _ in PLACES])

    for entry, (words, place_class) in zip(entries, PLACES, strict=True):
        assert entry["place_class"] == place_class, words


def test_the_whole_of_an_unknown_municipality_is_no_place(registry):
    (entry,), _ = registry(
        [{"document": "national_projects", "institution": "NT", "sheet": ""}],
        [{"location_text": "Various", "sheet": ""}],
    )

    assert entry["place_class"] == "unknown"


def test_a_fund_is_the_rows_own_or_the_only_one_of_its_lines(registry):
    entries, problems = registry(
        [{}],
        [{"fund_text": "USDG"}, {}, {}, {}],
        [
            {"of": 0, "amount_cents": 1, "fund_text": "HSDG"},
            {"of": 1, "amount_cents": 1, "fund_text": "Own funds"},
            {"of": 1, "amount_cents": 1, "fund_text": "Own funds"},
            {"of": 2, "amount_cents": 1, "fund_text": "USDG"},
            {"of": 2, "amount_cents": 1, "fund_text": "HSDG"},
        ],
    )

    assert [entry["grant"] for entry in entries] == ["USDG", "own", "unknown", "unknown"]
    assert problems == []


def test_two_sheets_of_one_file_keep_their_rows_apart(registry):
    """The same text unknown in two sheets is two problems, each with its sheet and first row."""
    entries, problems = registry(
        [
            {"submission_id": "f:0", "institution": "BUF", "sheet": "BUF"},
            {"submission_id": "f:1", "institution": "TSH", "sheet": "TSH"},
        ],
        [
            {"submission_id": "f:0", "row": 4, "location_text": "Coastal", "status_text": "Odd"},
            {"submission_id": "f:0", "row": 5, "status_text": "Odd"},
            {
                "submission_id": "f:1", "row": 9, "sheet": "TSH", "status_text": "Odd",
                "location_text": "Coastal",
            },
        ],
    )  # fmt: skip

    assert [(e["metro"], e["place_class"]) for e in entries] == [
        ("BUF", "multi_ward"), ("BUF", "unknown"), ("TSH", "unknown"),
    ]  # fmt: skip
    assert [(p["problem_id"], p["sheet"], p["row"], p["code"]) for p in problems] == [
        ("f:0:register:0", "BUF", 4, "word_unknown"),
        ("f:1:register:0", "TSH", 9, "word_unknown"),
    ]
    assert "(2 rows)" in problems[0]["message"]
    assert "(1 row)" in problems[1]["message"]


def test_an_empty_harvest_has_no_entries_and_no_problems(registry):
    assert registry([], []) == ([], [])
