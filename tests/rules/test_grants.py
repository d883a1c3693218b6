"""Which funds are spent on conditions: as their own entries say, and unknown where nobody says."""

from __future__ import annotations

import pytest

from harvester.rules import codes, grants


@pytest.mark.parametrize(
    ("fund", "conditional"),
    [
        ("USDG", True),
        ("HSDG", True),
        ("equitable_share", False),
        ("own", False),
        ("borrowing", False),
        ("provincial_transfer", None),
        ("BFI", None),
    ],
)
def test_whether_a_fund_has_conditions(fund, conditional):
    known = grants.known(fund)
    assert known is not None
    assert grants.is_conditional(known) is conditional


def test_every_fund_answers():
    assert {grants.is_conditional(fund) for fund in codes.load("grants")} == {True, False, None}


def test_a_code_nobody_knows_is_no_fund():
    assert grants.known("XYZ") is None
    assert grants.known(" USDG ") == grants.known("USDG")
