"""Places, problems and errors: small words with exact meanings."""

import pytest

from harvester.domain.errors import ConfigurationError, EngineError, HarvesterError, UserError
from harvester.domain.places import AreaKind, PlaceClass, in_south_africa
from harvester.domain.problems import ProblemKind, Severity

NOT_A_NUMBER = ProblemKind(
    "amount-not-a-number",
    Severity.ERROR,
    "The amount {value!r} under {header} is not a number.",
    "Write the amount in rand, in figures.",
)


def test_administration_is_the_one_class_that_can_have_no_place():
    assert [c for c in PlaceClass if not c.allocable] == [PlaceClass.ADMINISTRATIVE]


def test_priority_areas_are_those_a_plan_targets():
    assert AreaKind.INTEGRATION_ZONE.priority
    assert not AreaKind.WARD.priority


@pytest.mark.parametrize(
    ("longitude", "latitude", "inside"),
    [
        (31.02, -29.85, True),  # Durban
        (20.01, -34.83, True),  # Cape Agulhas, which a well-known map leaves out
        (0.0, 0.0, False),  # the Gulf of Guinea
        (-29.85, 31.02, False),  # swapped
    ],
)
def test_the_country_box(longitude, latitude, inside):
    assert in_south_africa(longitude, latitude) is inside


def test_a_problem_says_what_where_and_how_to_mend():
    problem = NOT_A_NUMBER.at(sheet="BUF", row=14, column="P", header="Budget", value="TBC")
    assert problem.message == "The amount 'TBC' under Budget is not a number."
    assert (problem.sheet, problem.row, problem.column) == ("BUF", 14, "P")
    assert problem.mend == "Write the amount in rand, in figures."


def test_a_very_long_cell_is_cut_in_the_problem_not_in_the_data():
    assert len(NOT_A_NUMBER.at(value="x" * 5000).value) == 500


def test_an_error_reads_as_one_sentence_and_tells_user_error_from_fault():
    error = UserError("is not a year.", where="--year", mend="Write 2018/19.")
    assert str(error) == "--year: is not a year. Write 2018/19."
    assert error.exit_code == 2
    assert EngineError("x").exit_code == 3
    assert issubclass(ConfigurationError, HarvesterError)
