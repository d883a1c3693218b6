"""Plan money: what an entry is planned to cost, and in which years."""

CASES = [        ("budget", [("budget", 5, "2018/19"), ("budget", 7, "2020/21")], (12, 2018, 2020)),
    ("budget", [("audited", 9, "2016/17"), ("forecast", 3, "2017/18"), ("budget", 5, "2018/19")], (5, 2018, 2018)),
    ("pipeline", [("planned", 5, "2018/19"), ("planned", 6, "2019/20")], (11, 2018, 2019)),
    ("allocations", [("gazetted", 8, "2019/20")], (8, 2019, 2019)),
    ("national_projects", [("adjusted", 4, "2018/19"), ("budget", 6, "2019/20")], (6, 2019, 2019)),
    ("provincial_projects", [("adjusted", 4, "2018/19"), ("actual", 3, "2018/19")], (4, 2018, 2018)),
    ("in_year", [("budget", 4, "2018/19"), ("adjusted", 6, "2018/19"), ("actual", 2, "2018/19")], (6, 2018, 2018)),
    ("in_year", [("budget", 4, "2018/19"), ("actual", 2, "2018/19")], (4, 2018, 2018)),
    ("in_year", [("actual", 2, "2018/19")], (None, None, None)),
    ("budget", [("budget", 0, "2018/19"), ("budget", 5, "2019/20")], (5, 2019, 2019)),
    ("budget", [("budget", 0, "2018/19"), ("budget", 0, "2019/20")], (0, 2018, 2019)),
    ("budget", [("budget", -5, "2018/19"), ("budget", 5, "2018/19")], (0, 2018, 2018)),
    ("provincial_projects", [("budget", 5, "unknown")], (5, None, None)),
    ("budget", [], (None, None, None)),
]  # fmt: skip
"""Document, its lines (phase, cents, year), and the plan money, first and last year they make."""


def test_plan_money_is_the_plan_and_one_version_of_the_budget(registry):
    parts = [f"s:{n}" for n in range(len(CASES))]
    submissions = [
        {"submission_id": part, "document": document}
        for part, (document, *_) in zip(parts, CASES, strict=True)
    ]
    lines = [
        {"of": n, "phase": phase, "amount_cents": cents, "year": year}
        for n, (_, told, _) in enumerate(CASES)
        for phase, cents, year in told
    ]

    entries, _ = registry(submissions, [{"submission_id": part} for part in parts], lines)

    for entry, case in zip(entries, CASES, strict=True):
        assert (entry["amount_cents"], entry["first_year"], entry["last_year"]) == case[-1], case
