"""How each function of the portable subset is said in Spark's words.

The differences that are mended here are told at the head of :mod:`harvester.engine.portable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Writer = Callable[["Words", Sequence[exp.Expression]], str]


class Words(Protocol):
    """What writes Spark's words."""

    def sql(self, node: exp.Expression) -> str:
        """Any expression."""

    def call(self, name: str, *args: exp.Expression) -> str:
        """A function call."""

    def quote(self, text: str) -> str:
        """A text as a literal."""


class NotPortableError(Exception):
    """A word that has no twin on Spark."""


def _same(name: str) -> Writer:
    return lambda words, args: words.call(name, *args)


def _wide(name: str) -> Writer:
    """Spark counts in 32 bits, DuckDB in 64."""
    return lambda words, args: f"CAST({words.call(name, *args)} AS BIGINT)"


def _real(name: str) -> Writer:
    return lambda words, args: f"CAST({words.call(name, *args)} AS DOUBLE)"


def _round(words: Words, args: Sequence[exp.Expression]) -> str:
    if len(args) == 1:
        return words.call("round", args[0])
    digits = whole(args[1], "the digits of round")
    scaled = f"CAST({words.sql(args[0])} AS DOUBLE)"
    if digits < 0:
        return f"(round({scaled} / 1e{-digits}D) * 1e{-digits}D)"
    return f"(round({scaled} * 1e{digits}D) / 1e{digits}D)"


def whole(node: exp.Expression, what: str) -> int:
    """The number a literal states; raises :class:`NotPortableError` for anything else."""
    sign, literal = (-1, node.this) if isinstance(node, exp.Neg) else (1, node)
    if not isinstance(literal, exp.Literal) or literal.is_string:
        raise NotPortableError(f"{what} has to be a whole number written out")
    return sign * int(literal.name)


def _text(node: exp.Expression, what: str) -> str:
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise NotPortableError(f"{what} has to be a text written out")
    return str(node.this)


def _hash(words: Words, args: Sequence[exp.Expression]) -> str:
    # Spark's hash passes over nulls, so that (null, 1) and (1, null) would be one key.
    said = []
    for arg in args:
        said.append(words.sql(arg))
        if not isinstance(arg, exp.Literal):
            said.append(f"isnull({words.sql(arg)})")
    return f"xxhash64({', '.join(said)})"


def _strip(name: str) -> Writer:
    def write(words: Words, args: Sequence[exp.Expression]) -> str:
        return words.call(name, *reversed(args))

    return write


def _split(words: Words, args: Sequence[exp.Expression]) -> str:
    quoted = f"concat('\\\\Q', {words.sql(args[1])}, '\\\\E')"
    return f"split({words.sql(args[0])}, {quoted})"


def _regexp_replace(words: Words, args: Sequence[exp.Expression]) -> str:
    text, told = words.sql(args[0]), _text(args[1], "the pattern of regexp_replace")
    options = _text(args[3], "the options of regexp_replace") if len(args) > 3 else ""
    pattern = f"(?i:{told})" if "i" in options else told
    first = 0 if "g" in options else 1
    if first:
        # All up to the first match, kept as a group of its own, so that only one is replaced.
        pattern = rf"\A((?s:.*?))(?:{pattern})"
    by = _replacement(words, args[2], first)
    return f"regexp_replace({text}, {words.quote(pattern)}, {by})"


def _replacement(words: Words, node: exp.Expression, first: int) -> str:
    """The replacement after ``first`` groups of ours; one that is worked out names no groups."""
    if isinstance(node, exp.Literal) and node.is_string:
        return words.quote("$1" * first + _java_replacement(node.name, first))
    return f"concat({words.quote('$1' * first)}, replace({words.sql(node)}, '$', '\\\\$'))"


def _java_replacement(by: str, shift: int) -> str:
    r"""``\1`` of RE2 is ``$1`` of Java, whose own signs are escaped."""
    said, n = "", 0
    while n < len(by):
        if by[n] == "\\" and n + 1 < len(by):
            n += 1
            group = f"${int(by[n]) + shift}" if by[n].isdigit() and by[n] != "0" else f"\\{by[n]}"
            said += group
        else:
            said += f"\\{by[n]}" if by[n] == "$" else by[n]
        n += 1
    return said


def _regexp_matches(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"({words.sql(args[0])} RLIKE {words.sql(args[1])})"


def _regexp_extract(words: Words, args: Sequence[exp.Expression]) -> str:
    group = words.sql(args[2]) if len(args) > 2 else "0"
    return f"regexp_extract({words.sql(args[0])}, {words.sql(args[1])}, {group})"


def _list_concat(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"concat({', '.join(f'coalesce({words.sql(a)}, array())' for a in args)})"


def _without_null(name: str) -> Writer:
    return lambda words, args: f"array_compact({words.call(name, *args)})"


def _list_has_any(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"(size(array_compact({words.call('array_intersect', *args)})) > 0)"


def _list_contains(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"exists({words.sql(args[0])}, e_ -> e_ <=> {words.sql(args[1])})"


def _list_unique(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"CAST(size(array_distinct(array_compact({words.sql(args[0])}))) AS BIGINT)"


def _list_sort(words: Words, args: Sequence[exp.Expression]) -> str:
    order = _text(args[1], "the order of list_sort").lower() if len(args) > 1 else "asc"
    if order not in {"asc", "desc"}:
        raise NotPortableError(f"list_sort in order {order!r}")
    name, more = ("array_sort", "") if order == "asc" else ("sort_array", ", false")
    return f"{name}({words.sql(args[0])}{more})"


def _list_reverse_sort(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"sort_array({words.sql(args[0])}, false)"


def _list_sum(words: Words, args: Sequence[exp.Expression]) -> str:
    # The least of no elements is a null of the elements' own type, which a plain NULL is not.
    held = words.sql(args[0])
    return (
        f"reduce({held}, array_min(slice({held}, 1, 0)), (s_, e_) -> CASE WHEN s_ IS NULL THEN e_ "
        "WHEN e_ IS NULL THEN s_ ELSE s_ + e_ END)"
    )


def _list_reduce(words: Words, args: Sequence[exp.Expression]) -> str:
    held, merge = (words.sql(a) for a in args)
    return f"reduce(slice({held}, 2, greatest(size({held}) - 1, 0)), try_element_at({held}, 1), {merge})"


def _list_position(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"nullif({words.call('array_position', *args)}, 0)"


def _span(*, last: bool) -> Writer:
    """Whole numbers from one to another, the last one with them or not; none where it lies before."""

    def write(words: Words, args: Sequence[exp.Expression]) -> str:
        if len(args) != 2:
            raise NotPortableError("a range has a start and an end, and steps of one")
        start, end = (f"CAST({words.sql(a)} AS BIGINT)" for a in args)
        end = end if last else f"{end} - 1"
        return (
            f"CASE WHEN {start} <= {end} THEN sequence({start}, {end}) "
            f"WHEN {start} > {end} THEN array() END"
        )

    return write


def _lcm(words: Words, args: Sequence[exp.Expression]) -> str:
    """The first multiple of one that the other divides; for small numbers, as they are counted."""
    a, b = (f"CAST({words.sql(x)} AS BIGINT)" for x in args)
    multiples = f"transform(sequence(1, {b}), k_ -> {a} * k_)"
    return f"element_at(filter({multiples}, m_ -> m_ % {b} = 0), 1)"


def _regexp_full_match(words: Words, args: Sequence[exp.Expression]) -> str:
    pattern = _text(args[1], "the pattern of regexp_full_match")
    whole_text = words.quote(rf"\A(?:{pattern})\z")
    return f"({words.sql(args[0])} RLIKE {whole_text})"


def _to_json(words: Words, args: Sequence[exp.Expression]) -> str:
    return f"to_json({words.sql(args[0])}, map('ignoreNullFields', 'false'))"


def _list(words: Words, args: Sequence[exp.Expression], where: str = "") -> str:
    """A list of all values, nulls too, in the order asked; null over no rows.

    Values are collected in structs, because Spark leaves bare nulls out.
    """
    value, keys, distinct = args[0], [], False
    if isinstance(value, exp.Order):
        value, keys = value.this, value.expressions
    if isinstance(value, exp.Distinct):
        value, distinct = value.expressions[0], True
    if distinct and keys:
        raise NotPortableError("list(DISTINCT ... ORDER BY ...): use list_sort")
    fields = [f"{words.sql(k.this)} AS k{n}" for n, k in enumerate(keys)]
    fields.append(f"{words.sql(value)} AS v")
    collected = (
        f"{'collect_set' if distinct else 'collect_list'}(struct({', '.join(fields)})){where}"
    )
    if keys:
        collected = f"array_sort({collected}, (a_, b_) -> {_compared(keys)})"
    return f"nullif(transform({collected}, e_ -> e_.v), array())"


def _compared(keys: Sequence[exp.Ordered]) -> str:
    """Which of two structs comes first by ``k0``, ``k1`` ...: -1, 0 or 1; nulls last."""
    said = "0"
    for n, key in reversed(list(enumerate(keys))):
        a, b = f"a_.k{n}", f"b_.k{n}"
        before = f"{a} > {b}" if key.args.get("desc") else f"{a} < {b}"
        last, first = ("-1", "1") if key.args.get("nulls_first") else ("1", "-1")
        said = (
            f"CASE WHEN {a} <=> {b} THEN {said} WHEN {a} IS NULL THEN {last} "
            f"WHEN {b} IS NULL THEN {first} WHEN {before} THEN -1 ELSE 1 END"
        )
    return said


def _string_agg(words: Words, args: Sequence[exp.Expression], where: str = "") -> str:
    *values, last = args
    keys = last.expressions if isinstance(last, exp.Order) else []
    values.append(last.this if keys else last)
    order = f" WITHIN GROUP (ORDER BY {', '.join(words.sql(k) for k in keys)})" if keys else ""
    return f"{words.call('listagg', *values)}{order}{where}"


def _by(name: str) -> Writer:
    """The value at the least (most) key, of rows where neither is null."""

    def write(words: Words, args: Sequence[exp.Expression]) -> str:
        value, key = (words.sql(a) for a in args)
        return f"{name}({value}, CASE WHEN {value} IS NOT NULL THEN {key} END)"

    return write


COLLECTING: dict[str, Callable[[Words, Sequence[exp.Expression], str], str]] = {
    "list": _list,
    "string_agg": _string_agg,
}
"""Aggregates whose filter stands inside what they are said with."""

_SAME = (
    "coalesce", "nullif", "least", "greatest", "if", "abs", "sqrt", "exp", "ln", "log2", "log10",
    "sin", "cos", "asin", "acos", "atan2", "radians", "degrees",
    "count", "sum", "min", "max", "avg", "bool_or", "bool_and", "count_if", "lag", "lead", "first_value",
    "first", "last", "grouping",
    "upper", "lower", "replace", "substr", "substring", "split_part", "contains", "left", "right",
    "lpad", "rpad", "repeat", "reverse", "concat_ws", "md5", "year", "month", "flatten",
)  # fmt: skip

FUNCTIONS: dict[str, Writer] = {
    **{name: _same(name) for name in _SAME},
    **{name: _same(name) for name in ("row_number", "rank", "dense_rank")},
    **{name: _wide(name) for name in ("length", "levenshtein")},
    "sign": lambda words, args: f"CAST({words.call('sign', *args)} AS INT)",
    "round": _round, "floor": _real("floor"), "ceil": _real("ceil"),
    "pow": _same("power"), "power": _same("power"),
    "hash": _hash,
    "trim": _strip("trim"), "ltrim": _strip("ltrim"), "rtrim": _strip("rtrim"),
    "string_split": _split, "string_split_regex": _same("split"),
    "regexp_replace": _regexp_replace, "regexp_matches": _regexp_matches,
    "regexp_extract": _regexp_extract, "regexp_full_match": _regexp_full_match,
    "starts_with": _same("startswith"), "ends_with": _same("endswith"), "strpos": _wide("instr"),
    "printf": _same("format_string"),
    "jaro_winkler_similarity": _same("jaro_winkler"), "jaro_similarity": _same("jaro_sim"),
    "damerau_levenshtein": _wide("damerau_levenshtein"),
    "len": _wide("size"), "unnest": _same("explode"),
    "list_value": _same("array"), "list_transform": _same("transform"),
    "list_filter": _same("filter"), "list_max": _same("array_max"), "list_min": _same("array_min"),
    "list_intersect": _without_null("array_intersect"), "list_has_any": _list_has_any,
    "list_distinct": lambda words, args: f"array_distinct({_without_null('')(words, args)})",
    "list_unique": _list_unique, "list_concat": _list_concat, "list_contains": _list_contains,
    "list_reduce": _list_reduce, "list_position": _list_position, "array_to_string": _same("array_join"),
    "range": _span(last=False), "generate_series": _span(last=True), "lcm": _lcm,
    "list_sort": _list_sort, "list_reverse_sort": _list_reverse_sort, "list_sum": _list_sum,
    "to_json": _to_json, "arg_min": _by("min_by"), "arg_max": _by("max_by"),
    "list": _list, "string_agg": _string_agg,
}  # fmt: skip
"""The functions a portable query may use, by DuckDB's name."""

RANKS = frozenset({"row_number", "rank", "dense_rank"})
WHOLE = RANKS | {"count", "length", "len", "floor", "ceil", "hash"}


__all__ = ["COLLECTING", "FUNCTIONS", "RANKS", "WHOLE", "NotPortableError", "Words", "whole"]
