"""Kinds of problem that only lists read through a mapping can have."""

from __future__ import annotations

from harvester.domain.problems import ProblemKind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNIT_MULTIPLIED = ProblemKind(
    "unit_multiplied",
    _NOTE,
    "The heading {header} states {value}; the amounts of this column were multiplied by {factor}.",
    "Nothing to do if that is right; whole rand are best.",
)
UNIT_CONFLICTING = ProblemKind(
    "unit_conflicting",
    _WARNING,
    "The heading {header} states more than one unit ({value}); its amounts were read as whole rand.",
    "State one unit in the heading.",
)
UNITS_DIFFER = ProblemKind(
    "units_differ",
    _WARNING,
    "Some amount headings state {value}, others whole rand or no unit; each was read as it states.",
    "Check that the columns without a unit are in whole rand.",
)
UNIT_LINE_NOT_FOLLOWED = ProblemKind(
    "unit_line_not_followed",
    _WARNING,
    "A line above the heading says {value}. Such lines are often wrong, so it was not followed: "
    "amounts were read as whole rand unless a heading states a unit.",
    "State the unit in the headings, or give a mapping file with `unit: thousand`.",
)
AMOUNT_TWICE = ProblemKind(
    "amount_column_twice",
    _WARNING,
    "Column {header} gives the same year, kind and fund as column {first}; only the first was "
    "counted, the other is kept beside each row.",
    "Say in the headings what the difference is, or remove one.",
)
YEAR_FROM_COLUMNS = ProblemKind(
    "year_from_columns",
    _NOTE,
    "The file does not say which financial year it is of; it was taken as {value}, the first year "
    "of its amounts.",
    "If it is another, say so with --year 2019/20.",
)
YEAR_UNKNOWN = ProblemKind(
    "submission_year_unknown",
    _WARNING,
    "The file does not say which financial year it is of.",
    "Name the year with --year 2019/20, or in the Submission sheet of a template.",
)
SHEET_HIDDEN = ProblemKind(
    "sheet_hidden",
    _WARNING,
    "Sheet {sheet} is hidden; it was passed over.",
    "Unhide it if it should be read.",
)
SHEET_LACKS_COLUMNS = ProblemKind(
    "sheet_lacks_columns",
    _WARNING,
    "Sheet {sheet} was passed over: it has no {value}. Its headings are: {found}.",
    "Add what is missing if the sheet should be read.",
)
ROW_NOTHING_ELSE = ProblemKind(
    "row_only_name",
    _WARNING,
    "This row has nothing but a name.",
    "Fill in the row, or delete it if it is a heading.",
)
COLUMN_YEAR_UNREADABLE = ProblemKind(
    "column_year_unreadable",
    _WARNING,
    "Heading {header} names no financial year; its amounts are kept with the year unknown.",
    "Write the year in the heading, such as 2019/20.",
)
AMOUNT_COLUMN_UNCLEAR = ProblemKind(
    "amount_column_unclear",
    _WARNING,
    "Heading {header} names a financial year but not what is in it ({value}); it was not read as "
    "money but kept beside each row.",
    "Name the fund as the grants list does, or say Budget, Actual or Adjusted beside the year.",
)
AMOUNT_COLUMN_SINGLE_YEAR = ProblemKind(
    "amount_column_single_year",
    _WARNING,
    "Heading {header} gives a single year, which may be the start or the end of a financial year; "
    "it was not read as money but kept beside each row.",
    "Write the year as 2018/19, or say `single_year: start` or `end` in a mapping file.",
)
NAME_FROM_DESCRIPTION = ProblemKind(
    "name_from_description",
    _NOTE,
    "There is no column of names; the column {header} was taken as the name.",
    "Nothing to do, or add a column with short names.",
)
FIELD_TWICE = ProblemKind(
    "field_twice",
    _WARNING,
    "Columns {first} and {header} both seem to be the {field}; only {first} was used, the other is "
    "kept beside each row.",
    "Rename one of them, or name the right one in a mapping file.",
)
REQUIRED_CELL_EMPTY = ProblemKind(
    "required_cell_empty",
    _WARNING,
    "This row has no {header}; it was read without.",
    "Fill in the {header}.",
)
ROW_PASSED_OVER = ProblemKind(
    "row_passed_over",
    _NOTE,
    "This row was taken for a heading or a footnote, not a project: {value}",
    "If it is a project, fill in its other columns.",
)
HEADING_REPEATED = ProblemKind(
    "heading_repeated",
    _NOTE,
    "This row repeats the heading; it was passed over.",
    "Nothing to do.",
)
OTHER_MUNICIPALITY = ProblemKind(
    "row_of_another_municipality",
    _WARNING,
    "This row is in {value}, but the list is of {own}; it was read all the same.",
    "Check that the row belongs in this list.",
)
SHEET_OF_OTHER = ProblemKind(
    "sheet_of_another_municipality",
    _WARNING,
    "The sheet says {value}, but the file is of {own}.",
    "Check that the sheet belongs in this file; if it does, give it as a file of its own.",
)
TOTAL_ABOVE_PARTS = ProblemKind(
    "total_above_parts",
    _NOTE,
    "The total for {year} is R {rest} more than its amounts by fund; the rest was read with no "
    "fund of its own.",
    "Name the fund the rest comes from.",
)
TOTAL_BELOW_PARTS = ProblemKind(
    "total_below_parts",
    _WARNING,
    "The amounts by fund for {year} are R {rest} more than the total; the amounts by fund were used.",
    "Correct whichever is wrong.",
)
LONG_ROWS_DIFFER = ProblemKind(
    "rows_of_one_item_differ",
    _NOTE,
    "This row adds an amount to the item on row {first}, but its {header} differs; the first was kept.",
    "Write the same {header} on every row of the item.",
)
META_WRONG = ProblemKind(
    "submission_sheet_wrong",
    _WARNING,
    "{value} is not a {header} we know; it was left unknown.",
    "{allowed}",
)
META_OVERRULED = ProblemKind(
    "submission_sheet_overruled",
    _NOTE,
    "The Submission sheet says {header} {value}; you said {told}, which was used.",
    "Nothing to do if that is right.",
)
INSTITUTION_FROM_COLUMN = ProblemKind(
    "institution_from_column",
    _NOTE,
    "The file does not say whose it is; every row names {value}, so it was taken as theirs.",
    "If it is another's, say so with --institution CODE.",
)
