"""Every kind of problem a reader can report, declared once: code, severity, words, mend.

The code is stable: people filter on it. ``{value}``, ``{header}`` and ``{sheet}`` are always there
to be used; other words are given by the code that finds the problem.
"""

from __future__ import annotations

from harvester.domain.problems import ProblemKind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# fmt: off

# --- the file ---------------------------------------------------------------------------------
MACROS = ProblemKind(
    "macros_ignored", _NOTE,
    "The workbook holds macros; they were not run, only the saved values were read.",
    "Nothing to do, or save it as .xlsx.",
)
ENCODING_GUESSED = ProblemKind(
    "encoding_guessed", _NOTE,
    "The text is not UTF-8; it was read as Windows-1252.",
    "Check names with accents; save the file as UTF-8 to be sure.",
)
QUOTE_NOT_CLOSED = ProblemKind(
    "quote_not_closed", _ERROR,
    "A quotation mark that opens in this row is never closed; every row after it is lost in it.",
    "Close or remove the quotation mark.",
)
SHEET_TOO_LARGE = ProblemKind(
    "sheet_too_large", _ERROR,
    "Sheet {sheet} was not read: it unpacks to {size}, more than {limit}.",
    "Delete the empty formatted rows below and right of the data, save, and give it again.",
)
SHEET_TOO_WIDE_SPREAD = ProblemKind(
    "sheet_too_widely_spread", _ERROR,
    "Sheet {sheet} was not read: {filled} filled cells are spread as far as {value}, which would "
    "take {cells} cells of memory.",
    "Find the stray cell (Ctrl+End goes to it), delete its row and column, save, and give it "
    "again.",
)
SHEET_DAMAGED = ProblemKind(
    "sheet_damaged", _ERROR,
    "Sheet {sheet} could not be read: {reason}.",
    "Open the workbook, let Excel repair it, save it under a new name, and give it again.",
)
SHEET_NOT_RECOGNISED = ProblemKind(
    "sheet_not_recognised", _NOTE,
    "Sheet {sheet} was passed over: it does not look like {wanted}.",
    "If it should be read, give it as a file of its own with the right format.",
)
FORMULA_NOT_CALCULATED = ProblemKind(
    "formula_not_calculated", _ERROR,
    "This cell holds a formula without a saved result, so its value is lost.",
    "Open the workbook in Excel or LibreOffice, let it calculate, save, and give it again.",
)
FORMULA_ZERO_DOUBTED = ProblemKind(
    "formula_zero_doubted", _WARNING,
    "This formula's saved result is 0 in a workbook that was never calculated.",
    "Open the workbook in Excel or LibreOffice, let it calculate, save, and give it again.",
)
ERROR_CELL = ProblemKind(
    "error_cell", _ERROR,
    "This cell shows the spreadsheet error {value}, so its value is lost.",
    "Mend the formula, or type the value.",
)

# --- columns ----------------------------------------------------------------------------------
COLUMN_MISSING = ProblemKind(
    "column_missing", _WARNING,
    "No column {wanted} was found; what it would say is unknown.",
    "Add the column, or check how its heading is spelt.",
)
COLUMN_REPEATED = ProblemKind(
    "column_repeated", _WARNING,
    "The heading {header} stands over more than one column; only column {kept} was used.",
    "Remove the repeated column, or give each its own heading.",
)
COLUMN_KEPT_ASIDE = ProblemKind(
    "column_kept_aside", _NOTE,
    "Column {header} has no place in our tables; its cells are kept beside each row.",
    "Nothing to do, or map it to a field.",
)
COLUMN_YEAR_UNREADABLE = ProblemKind(
    "column_year_unreadable", _WARNING,
    "Heading {header} names no financial year; its amounts are kept with the year unknown.",
    "Write the year in the heading, such as 2019/20.",
)

# --- rows -------------------------------------------------------------------------------------
ROW_SUBTOTAL = ProblemKind(
    "row_subtotal", _NOTE,
    "This is a total row, not a project; it was left out so that nothing counts twice.",
    "Nothing to do.",
)
ROW_HEADING = ProblemKind(
    "row_heading", _NOTE,
    "This row holds only a heading; it was left out.",
    "Nothing to do.",
)
ROW_WITHOUT_CODE = ProblemKind(
    "row_without_code", _WARNING,
    "This row has no {wanted}.",
    "Fill in the {wanted}, so that the project can be followed from year to year.",
)
ROW_WITHOUT_NAME = ProblemKind(
    "row_without_name", _WARNING,
    "This row has no {wanted}; its money cannot be linked to a named project.",
    "Fill in the {wanted}.",
)
ROW_EMPTY_OF_PROJECT = ProblemKind(
    "row_not_a_project", _ERROR,
    "This row has neither a project code nor a name nor an amount; it was left out.",
    "Complete the row, or delete it.",
)
ROW_AFTER_END = ProblemKind(
    "row_after_table", _WARNING,
    "This row stands below the end of the table but looks like a project; it was read.",
    "Close the gap above it.",
)
ROW_WITHOUT_FUNCTION = ProblemKind(
    "row_without_function", _WARNING,
    "This row has no function.",
    "Fill in the function.",
)
CODE_REPEATED = ProblemKind(
    "code_repeated", _WARNING,
    "{value} is also on row {first}; within one list it should stand once.",
    "Merge the rows, or give each its own number.",
)
TEXT_DIFFERS = ProblemKind(
    "text_differs", _NOTE,
    "{value} differs from {other} on row {first}, the project's first row, which was used.",
    "Write the same on every row of a project.",
)
LINE_REPEATED = ProblemKind(
    "line_repeated", _WARNING,
    "Row {first} already gives this project's amount for {value}; this row was left out.",
    "Keep one of the two rows.",
)
PHASE_UNKNOWN = ProblemKind(
    "phase_unknown", _ERROR,
    "{value} is no budget phase we know; the amount was left out.",
    "Write Audited Outcome, Adjusted Appropriation or MTEF.",
)
PLACEHOLDER = ProblemKind(
    "placeholder", _NOTE,
    "{value} is a placeholder, not an answer.",
    "Write the real {header}.",
)
LIST_CUT_OFF = ProblemKind(
    "list_cut_off", _NOTE,
    "This list of places was cut off by the publisher; the places after the dots are lost.",
    "Give every place the money goes to.",
)

# --- the submission ---------------------------------------------------------------------------
INSTITUTION_UNKNOWN = ProblemKind(
    "institution_unknown", _WARNING,
    "{value} is no institution we know; the rows were read for an unknown institution.",
    "Name it with --institution CODE.",
)
INSTITUTION_DISAGREES = ProblemKind(
    "institution_disagrees", _WARNING,
    "The sheet is named {sheet} but its title says {value}.",
    "Check whose sheet this is; say so with --institution CODE.",
)
INSTITUTION_NOT_STATED = ProblemKind(
    "institution_not_stated", _WARNING,
    "The file does not say whose it is.",
    "Name the institution with --institution CODE.",
)
INSTITUTION_OTHER_SHEET = ProblemKind(
    "sheet_of_another_municipality", _WARNING,
    "This sheet is of {value}, the other sheets of the file are of {others}.",
    "Check that it belongs in this file.",
)
SHEET_SAME_INSTITUTION = ProblemKind(
    "sheet_of_same_institution", _WARNING,
    "Sheet {first} is of {value} too: its projects may count twice.",
    "Keep one of the two sheets.",
)
INSTITUTIONS_SEVERAL = ProblemKind(
    "institutions_several", _NOTE,
    "The file lists projects of several institutions ({value}).",
    "Nothing to do: each project keeps its own owner.",
)
INSTITUTION_FORCED = ProblemKind(
    "institution_forced", _NOTE,
    "The file says {value}; it was read as {told}, as you asked.",
    "Nothing to do.",
)
OWNER_UNKNOWN = ProblemKind(
    "owner_unknown", _WARNING,
    "{value} is no department or entity we know.",
    "Check the spelling of the department and its province.",
)
YEAR_NOT_STATED = ProblemKind(
    "year_not_stated", _WARNING,
    "The file does not say which financial year it is of; its amounts have no year.",
    "Name the year with --year 2019/20.",
)
YEAR_FROM_NAME = ProblemKind(
    "year_from_file_name", _NOTE,
    "The financial year {value} was taken from the file's name; nothing inside says it.",
    "If it is wrong, say so with --year 2019/20.",
)
YEAR_DISAGREES = ProblemKind(
    "year_disagrees", _WARNING,
    "The file says {value}, you said {told}.",
    "Check the year.",
)
STAGE_ASSUMED = ProblemKind(
    "stage_assumed", _NOTE,
    "The file does not say how far it has come; it was taken as {value}.",
    "If it is not, say so with --stage.",
)
UNIT_LABEL_DOUBTED = ProblemKind(
    "unit_label_doubted", _NOTE,
    "The label {value} is not followed: amounts in this table are whole rand.",
    "Nothing to do.",
)
UNIT_IMPLAUSIBLE = ProblemKind(
    "unit_implausible", _WARNING,
    "The largest amount is only R {value}: the sheet may really be in thousands of rand. "
    "Amounts were read as whole rand.",
    "Check with the publisher; if it is in thousands, give it in rand.",
)
NO_ROWS = ProblemKind(
    "no_rows", _WARNING,
    "The table has a heading but no rows.",
    "Give a file with rows, if there should be any.",
)

# --- amounts ----------------------------------------------------------------------------------
AMOUNT_NOT_A_NUMBER = ProblemKind(
    "amount_not_a_number", _ERROR,
    "{value} is not an amount; the amount is unknown.",
    "Type a number of rand, such as 1234567.89.",
)
AMOUNT_PERCENT = ProblemKind(
    "amount_percent", _ERROR,
    "{value} is a percentage, not an amount; the amount is unknown.",
    "Type the amount in rand.",
)
AMOUNT_IMPOSSIBLE = ProblemKind(
    "amount_impossible", _ERROR,
    "{value} cannot be an amount of rand; the amount is unknown.",
    "Type the amount in rand.",
)
AMOUNT_NOT_GIVEN = ProblemKind(
    "amount_not_given", _NOTE,
    "{value} was taken as: no amount given. It is not counted as zero.",
    "Type 0 if it is zero.",
)
AMOUNT_NIL = ProblemKind(
    "amount_nil", _NOTE,
    "{value} was read as 0.",
    "Nothing to do.",
)
AMOUNT_SCALED = ProblemKind(
    "amount_scaled", _NOTE,
    "{value} was read as R {read}.",
    "Type whole rand to be sure.",
)
AMOUNT_COMMA_GROUPS = ProblemKind(
    "amount_comma_groups", _NOTE,
    "{value} was read as R {read}: a comma before exactly three digits parts thousands.",
    "Type it without the comma to be sure.",
)
AMOUNT_AMBIGUOUS = ProblemKind(
    "amount_ambiguous", _WARNING,
    "{value} was read as R {read}; it could also mean R {other}.",
    "Type it without separators.",
)
AMOUNT_REPEATED_DIFFERS = ProblemKind(
    "amount_repeated_differs", _WARNING,
    "{header} stands over more than one column; here they differ, and R {other} of column {kept} "
    "was used.",
    "Remove the repeated column.",
)
ADJUSTMENT_ALL_ZERO = ProblemKind(
    "adjustment_all_zero", _NOTE,
    "{header} is 0 or blank in every row: it was taken as not adjusted yet, not as adjusted to 0.",
    "Nothing to do.",
)
AMOUNT_AUDITED_EARLY = ProblemKind(
    "audited_before_year_end", _WARNING,
    "{header} is of a year that has not ended; its amounts cannot be audited yet.",
    "Check the heading.",
)
AMOUNT_AFTER_PERIOD = ProblemKind(
    "amount_after_period", _WARNING,
    "{header} comes after the period the sheet is for ({period}), yet holds {value}.",
    "Check the month or the period.",
)
AMOUNT_CHECK_FAILED = ProblemKind(
    "amounts_do_not_add_up", _WARNING,
    "{header} says R {value}, but {parts} add up to R {total}.",
    "Correct whichever is wrong; {used} was used.",
)
AMOUNT_ABOVE_COST = ProblemKind(
    "spent_above_cost", _WARNING,
    "Expenditure of R {value} is above the total project cost of R {cost}.",
    "Correct the cost or the expenditure.",
)
COST_ZERO = ProblemKind(
    "total_cost_zero", _NOTE,
    "A total cost of 0 means it is not known; it was left blank.",
    "Give the total cost.",
)
NUMBER_UNREADABLE = ProblemKind(
    "number_unreadable", _NOTE,
    "{value} is text where a number belongs; it is kept as text.",
    "Give a number where there is one.",
)

# --- dates and years --------------------------------------------------------------------------
DATE_UNREADABLE = ProblemKind(
    "date_unreadable", _WARNING,
    "{value} is not a date we can read.",
    "Write it as 2020-03-31.",
)
DATE_IMPOSSIBLE = ProblemKind(
    "date_impossible", _WARNING,
    "{value} is not a date that exists, or not one a project can have.",
    "Write the right date as 2020-03-31.",
)
DATE_NOT_GIVEN = ProblemKind(
    "date_not_given", _NOTE,
    "{value} was taken as: no date given.",
    "Give the date once it is known.",
)
DATE_INEXACT = ProblemKind(
    "date_inexact", _NOTE,
    "{value} was read as {read}.",
    "Write the full date as 2020-03-31.",
)
DATES_REVERSED = ProblemKind(
    "dates_reversed", _WARNING,
    "The end {value} lies before the start {start}.",
    "Correct whichever is wrong.",
)
YEAR_UNREADABLE = ProblemKind(
    "year_unreadable", _ERROR,
    "{value} is not a financial year; the amount's year is unknown.",
    "Write it as 2019/20.",
)

# --- places -----------------------------------------------------------------------------------
COORDINATES_ZERO = ProblemKind(
    "coordinates_zero", _NOTE,
    "Coordinates of 0 mean that no place is given.",
    "Give the latitude and longitude of the project.",
)
COORDINATES_NOT_GIVEN = ProblemKind(
    "coordinates_not_given", _NOTE,
    "{value} gives no coordinates.",
    "Give the latitude and longitude of the project.",
)
COORDINATES_UNREADABLE = ProblemKind(
    "coordinates_unreadable", _WARNING,
    "{value} is not a coordinate we can read.",
    "Write decimal degrees, such as -29.858, 31.021.",
)
COORDINATES_HALF = ProblemKind(
    "coordinates_half", _WARNING,
    "Only one of latitude and longitude is given ({value}).",
    "Give both.",
)
COORDINATES_ABROAD = ProblemKind(
    "coordinates_outside_country", _WARNING,
    "{value} does not lie in South Africa; it was not used.",
    "{proposal}",
)
SHAPE_UNREADABLE = ProblemKind(
    "shape_unreadable", _WARNING,
    "{value} is not a line or area we can read; it was not used.",
    "Write WKT or GeoJSON in degrees (EPSG:4326), longitude first, such as "
    "LINESTRING (31.02 -29.86, 31.05 -29.84).",
)
SHAPE_PARTS_LEFT = ProblemKind(
    "shape_parts_left_out", _NOTE,
    "{value} mixes points, lines and areas; only the areas (else the lines) were used.",
    "Give one kind of drawing for each project.",
)
SHAPE_MENDED = ProblemKind(
    "shape_made_valid", _NOTE,
    "The outline {value} crosses or touches itself; the ground it covers was used.",
    "Draw the outline again without crossings.",
)
