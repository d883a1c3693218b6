"""Which mechanism comes first, and who may convene: from what the dispute is and who is party."""

from __future__ import annotations

import pytest

from harvester.processor.adjudication import route, who_convenes
from harvester.rules import institutions

BOOK = institutions.load()


def parties(*codes: str):
    found = [BOOK.get(code) for code in codes]
    assert None not in found
    return found


NO_CLAUSE = {"agreement_clause": "false"}


@pytest.mark.parametrize(
    ("who", "answers", "first"),
    [
        (("JHB", "GP-HS"), NO_CLAUSE | {"subject": "money"}, "financial"),
        (("GP-HS", "DHS"), NO_CLAUSE | {"subject": "money"}, "chapter_4"),  # no municipality
        (("BUF", "EC-EDU"), NO_CLAUSE | {"subject": "idp"}, "idp"),
        (("BUF", "EC-EDU"), {"agreement_clause": "true", "subject": "idp"}, "agreement"),
        (("ETH", "NT"), NO_CLAUSE | {"subject": "grant_stopped"}, "grant_stopped"),
        (("ETH", "KZN-EDU"), NO_CLAUSE | {"subject": "late_information"}, "information"),
        (("ETH", "DCOG"), {"subject": "intervention"}, "intervention"),
        (("CPT", "PRASA"), NO_CLAUSE | {"subject": "other"}, "chapter_4"),
    ],
)
def test_what_the_dispute_is_decides(
    who: tuple[str, ...], answers: dict[str, str], first: str
) -> None:
    routing = route(parties(*who), answers)
    assert routing.first is not None
    assert routing.first.id == first
    assert routing.to_ask == ()


def test_what_is_not_known_is_asked_not_assumed() -> None:
    routing = route(parties("JHB", "GP-HS"), {"subject": "money"})
    assert routing.first is None
    assert [q.fact for q in routing.to_ask] == ["agreement_clause"]
    assert [q.fact for q in route(parties("JHB", "GP-HS"), {}).to_ask] == [
        "subject",
        "agreement_clause",
    ]


def test_every_mechanism_passed_over_says_why() -> None:
    for considered in route(parties("CPT", "PRASA"), NO_CLAUSE | {"subject": "other"}).considered[
        :-1
    ]:
        assert considered.fits is False
        assert any(reason.startswith("not so: ") for reason in considered.reasons)


@pytest.mark.parametrize(
    ("who", "by", "province"),
    [
        (("CPT", "DOT"), "minister", ""),
        (("CPT", "PRASA"), "minister", ""),  # a national entity
        (("JHB", "GP-HS"), "mec", "GP"),
        (("JHB", "EKU"), "mec", "GP"),
        (("JHB", "BUF"), "minister", ""),  # two provinces
        (("GP", "NW"), "minister", ""),
        (("GP-HS", "GP-EDU"), "minister", ""),  # a residual case
    ],
)
def test_minister_or_mec(who: tuple[str, ...], by: str, province: str) -> None:
    found = who_convenes(parties(*who))
    assert (found.by, found.province) == (by, province)
