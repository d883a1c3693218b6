"""Amounts and numbers out of cells, as publishers write them: the value, and what is doubtful.

Pure functions. Each returns :class:`Parsed`; a blank cell is ``Parsed(None)`` without a problem,
which is not the same as 0. Money is exact: text goes through :class:`decimal.Decimal`, a float
through its shortest decimal form, rounded half-even to cents.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from harvester.domain.money import CENTS_PER_RAND
from harvester.sources import problem_kinds as kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from harvester.domain.problems import Problem, ProblemKind

LARGEST_RAND = 10**13
"""R 10 000 bn: above the country's whole yearly product, so no project's amount."""

ERROR_TEXTS = frozenset(
    {
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#N/A",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#DATA!",
        "ERR:502",
        "ERR:508",
        "ERR:522",
    },
)
NOT_GIVEN = frozenset(
    {
        "-",
        "--",
        "–",
        "—",
        "_",
        ".",
        "?",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "not applicable",
        "none",
        "not specified",
        "not stated",
        "not available",
        "unknown",
        "tbc",
        "tbd",
        "tba",
        "to be confirmed",
        "to be determined",
        "to be advised",
        "various",
        "r -",
        "r-",
    },
)
"""Words that say: nothing is given here (lower case, white space folded)."""

_SCALES = {
    "k": 10**3,
    "thousand": 10**3,
    "'000": 10**3,
    "000s": 10**3,
    "m": 10**6,
    "mil": 10**6,
    "mill": 10**6,
    "million": 10**6,
    "miljoen": 10**6,
    "mn": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "miljard": 10**9,
    "bil": 10**9,
}
_AMOUNT = re.compile(
    r"(?P<currency>(?:zar|rand|r)\.?\s*)?(?P<number>[+-]?[\d.,][\d.,\s']*?(?:e[+-]?\d{1,3})?)\s*"
    r"(?P<scale>k|thousand|mill?|m|million|miljoen|mn|bil|bn|b|billion|miljard)?\s*(?:rand|zar)?",
)
_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d{1,3}")
_CENT = Decimal("0.01")


class Parsed(NamedTuple):
    """A value out of a cell; ``kind`` says what is doubtful or lost, ``words`` fill its message."""

    value: Any = None
    kind: ProblemKind | None = None
    words: Mapping[str, object] = {}

    def problem(self, cell: object, **where: Any) -> Problem | None:
        """The problem at a position (``sheet``, ``row``, ``column``, ``header``), if any."""
        if self.kind is None:
            return None
        return self.kind.at(**{"value": cell_text(cell), **where, **self.words})


BLANK = Parsed()

_WORDS = {
    **dict.fromkeys(
        ("-", "--", "r -", "r-", "n/a", "na", "n.a.", "n.a", "not applicable", "none"),
        Parsed(None, kinds.AMOUNT_NOT_GIVEN),
    ),
    **dict.fromkeys(("nil", "zero", "r nil"), Parsed(0, kinds.AMOUNT_NIL)),
    **dict.fromkeys(
        ("nan", "inf", "-inf", "+inf", "infinity", "-infinity"),
        Parsed(None, kinds.AMOUNT_IMPOSSIBLE),
    ),
}


_PLAIN_DIGITS = 13
"""Digits alone and fewer than this are below ``LARGEST_RAND`` and can be nothing but rand."""


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing, or only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip(" \t\r\n\u00a0\u200b\ufeff"))


@lru_cache(maxsize=4096)  # most cells of a list repeat: functions, classes, places
def fold(text: str) -> str:
    """Text with every run of white space (line breaks, no-break and thin spaces) one space."""
    if not text.isascii():
        text = text.replace("\u200b", " ").replace("\ufeff", " ")
    return " ".join(text.split())


def cell_text(cell: object) -> str:
    """A cell's own text: whole floats without ``.0``, dates as ISO, blank as ``""``; unfolded."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell)


def text_of(cell: object) -> str:
    """:func:`cell_text`, white space folded: what goes into a text column."""
    return fold(cell) if type(cell) is str else cell_text(cell)


def is_error(cell: object) -> bool:
    """Whether a cell shows a spreadsheet error such as ``#REF!``."""
    return (
        isinstance(cell, str)
        and cell.startswith(("#", "Err:"))
        and cell.strip().upper() in ERROR_TEXTS
    )


def parse_amount(cell: object) -> Parsed:
    """Rand in a cell as whole cents.

    Separators in text: where both ``,`` and ``.`` stand, the last is the decimal sign; spaces and
    apostrophes part groups of three; a lone comma before exactly three digits parts thousands
    (said in a note), otherwise it is the decimal sign; a dot is the decimal sign unless it
    repeats in groups of three. ``(500)`` and ``500-`` are negative. ``m``, ``million``, ``bn`` ...
    multiply (said in a note). ``-`` and ``n/a`` are no amount, never zero; ``nil`` is zero.
    """
    if type(cell) is float:
        return _from_float(cell)
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        return Parsed(None, kinds.AMOUNT_NOT_A_NUMBER)
    if isinstance(cell, int):
        return _from_float(float(cell))
    if is_blank(cell):
        return BLANK
    if is_error(cell):
        return Parsed(None, kinds.ERROR_CELL)
    return _from_text(str(cell))


def parse_number(cell: object) -> Parsed:
    """A plain number (units, targets) as a float of at most six decimals; text is not a number."""
    if isinstance(cell, bool):
        return Parsed(None, kinds.NUMBER_UNREADABLE)
    if isinstance(cell, int | float):
        return (
            Parsed(round(float(cell), 6))
            if math.isfinite(cell)
            else Parsed(None, kinds.NUMBER_UNREADABLE)
        )
    if is_blank(cell):
        return BLANK
    number = _plain_number(fold(str(cell)).rstrip("%").strip())
    if number is None or not math.isfinite(number.value):
        return Parsed(None, kinds.NUMBER_UNREADABLE)
    return Parsed(round(float(number.value), 6))


def extras_text(extras: Mapping[str, object]) -> str:
    """The ``extras`` column: JSON in the order of the columns; empty when there is nothing."""
    return json.dumps(extras, ensure_ascii=False, separators=(",", ":")) if extras else ""


def rand_words(cents: int) -> str:
    """``1 234 567.50`` for messages."""
    rand = f"{abs(cents) // CENTS_PER_RAND:,}".replace(",", " ")
    rest = abs(cents) % CENTS_PER_RAND
    return f"{'-' if cents < 0 else ''}{rand}{f'.{rest:02d}' if rest else ''}"


def _from_float(value: float) -> Parsed:
    if not abs(value) < LARGEST_RAND:  # also true of nan
        return Parsed(None, kinds.AMOUNT_IMPOSSIBLE)
    if value.is_integer():
        return Parsed(int(value) * CENTS_PER_RAND)
    return Parsed(_cents(Decimal(repr(value))))


def _cents(rand: Decimal) -> int:
    return int(rand.quantize(_CENT, rounding=ROUND_HALF_EVEN).scaleb(2))


def _from_text(raw: str) -> Parsed:
    if len(raw) < _PLAIN_DIGITS and raw.isascii() and raw.isdigit():
        return Parsed(int(raw) * CENTS_PER_RAND)  # a number stored as text, the commonest dirt
    text = fold(raw).replace("\u2019", "'").replace("\u2212", "-")
    text = text.replace("\u2013", "-").replace("\u2014", "-").strip("'\"").strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    if "%" in text:
        return Parsed(None, kinds.AMOUNT_PERCENT)
    sign, text = _take_sign(text)
    match = _AMOUNT.fullmatch(text)
    number = _plain_number(match["number"]) if match else None
    if match is None or number is None:
        return Parsed(None, kinds.AMOUNT_NOT_A_NUMBER)
    scale = _SCALES[match["scale"]] if match["scale"] else 1
    rand = sign * number.value * scale
    if abs(rand) >= LARGEST_RAND:
        return Parsed(None, kinds.AMOUNT_IMPOSSIBLE)
    return _with_note(_cents(rand), number, sign * scale)


def _with_note(cents: int, number: _Number, factor: int) -> Parsed:
    words: dict[str, object] = {"read": rand_words(cents)}
    if number.other is not None and number.kind is kinds.AMOUNT_AMBIGUOUS:
        return Parsed(
            cents, number.kind, {**words, "other": rand_words(_cents(number.other * factor))}
        )
    if abs(factor) != 1:
        return Parsed(cents, kinds.AMOUNT_SCALED, words)
    return Parsed(cents, number.kind, words if number.kind else {})


def _take_sign(text: str) -> tuple[int, str]:
    """The sign of an amount and the rest: brackets, a leading or trailing minus, also after R."""
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1].strip()
    elif match := re.fullmatch(r"((?:zar|rand|r)\.?)\s*\((.*)\)", text):
        sign, text = -1, match[1] + match[2]
    if match := re.fullmatch(r"((?:zar|rand|r)?\.?\s*)-\s*(.*)", text):
        sign, text = -sign, match[1] + match[2]
    elif text.endswith("-"):
        sign, text = -sign, text[:-1].strip()
    return sign, text


class _Number(NamedTuple):
    value: Decimal
    kind: ProblemKind | None = None
    other: Decimal | None = None


_ONE_SEPARATOR = re.compile(r"[+-]?(?:\d+[.,]?\d*|[.,]\d+)")
_GROUPED_BY_SPACE = re.compile(r"[+-]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?")


def _plain_number(text: str) -> _Number | None:
    """A number by the separator rule of :func:`parse_amount`; ``None`` when it is none."""
    text = text.strip().lower()
    if _EXPONENT.fullmatch(text):
        value = Decimal(text.replace(",", "."))
        return _Number(value if abs(value.adjusted()) < 30 else Decimal(LARGEST_RAND))
    if " " in text or "'" in text:
        return _grouped_by_spaces(text)
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        return _both_separators(text)
    if commas > 1 or dots > 1:
        sign = "," if commas else "."
        return _Number(Decimal(text.replace(sign, ""))) if _grouped(text, sign) else None
    return _one_separator(text) if _ONE_SEPARATOR.fullmatch(text) else None


def _grouped_by_spaces(text: str) -> _Number | None:
    if not _GROUPED_BY_SPACE.fullmatch(text):
        return _grouped_both_ways(text)
    return _Number(Decimal(re.sub(r"[ ']", "", text).replace(",", ".").rstrip(".")))


def _grouped_both_ways(text: str) -> _Number | None:
    """``1, 234, 567`` and ``1 234,567.00``: spaces beside another group sign."""
    tight = re.sub(r"\s*([,.])\s*", r"\1", text)
    if " " not in tight and "'" not in tight:
        return _plain_number(tight)
    if re.fullmatch(r"[+-]?\d{1,3}(?:[ ',]\d{3})+(?:\.\d*)?", tight):
        return _Number(Decimal(re.sub(r"[ ',]", "", tight).rstrip(".")))
    return None


def _both_separators(text: str) -> _Number | None:
    decimal = "," if text.rindex(",") > text.rindex(".") else "."
    group = "." if decimal == "," else ","
    whole, _, rest = text.rpartition(decimal)
    if decimal in whole or not _grouped(whole, group) or not re.fullmatch(r"\d*", rest):
        return None
    return _Number(Decimal(f"{whole.replace(group, '')}.{rest or '0'}"))


def _one_separator(text: str) -> _Number:
    if "," in text:
        whole, _, rest = text.partition(",")
        as_decimal = (
            Decimal(f"{whole or '0'}.{rest or '0'}")
            if whole not in {"+", "-"}
            else Decimal(f"{whole}0.{rest}")
        )
        if len(rest) == 3 and 1 <= len(whole.lstrip("+-")) <= 3 and whole.lstrip("+-0"):
            return _Number(Decimal(whole + rest), kinds.AMOUNT_COMMA_GROUPS, as_decimal)
        return _Number(as_decimal)
    value = Decimal(text)
    whole, _, rest = text.partition(".")
    if len(rest) == 3 and 1 <= len(whole.lstrip("+-")) <= 3 and whole.lstrip("+-0"):
        return _Number(value, kinds.AMOUNT_AMBIGUOUS, Decimal(whole + rest))
    return _Number(value)


def _grouped(text: str, sign: str) -> bool:
    return re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", text) is not None
