"""The SQL that every engine runs: DuckDB's words, and the same said in Spark's.

Stages write SQL for DuckDB. :func:`spark_sql` says it in Spark's words so that the answer is the
same, or raises :class:`EngineError` for a function outside the portable subset, which is
:data:`harvester.engine.functions.FUNCTIONS`, each tried on both engines in ``tests/engines``. What
is made equal here:

- nulls sort last, in either direction, in ``ORDER BY``, in lists and in windows;
- ``list(...)`` keeps nulls and is null, not empty, over no rows; ``list_concat`` takes null for
  empty; ``list_distinct`` and ``list_intersect`` pass over nulls;
- positions past the end of a list give null; slices with literal bounds;
- ``/`` is a division of doubles whatever is divided; ``//`` and ``%`` by zero give null;
- a cast of a double to a whole number rounds (half to even), it does not cut;
- ``round(x, n)`` rounds ``x * 10**n`` as a double, as C does; ``floor`` and ``ceil`` of a double
  are doubles; counts and lengths are 64 bits wide;
- ``regexp_replace`` replaces the first match, unless the option is ``'g'``;
- ``hash`` gives another number but, like DuckDB's, tells null from its neighbours; equal values
  have one hash when they are of one type;
- ``HUGEINT`` is a decimal of 38 digits: products and ``//`` of cents are exact;
- ``row_number() OVER ()`` numbers the rows in any order, without gathering them in one place: hold
  the table before the number is used;
- tuples compare part by part, and may be a key or an argument.

What stays different, and is to be kept out of a result that engines must agree on:

- a sum of whole numbers has 64 bits on Spark (an error beyond) and 128 on DuckDB: cast it;
- ``/`` by zero is an error on Spark, infinity on DuckDB; the logarithm of zero is null on Spark;
- logarithms, powers and trigonometry may differ in the last bit: round before a threshold;
- ``printf`` of a figure halfway between two (``0.35`` to one digit) goes up on Spark; a double as
  text has another form beyond 1e7;
- ``jaro_similarity`` and ``jaro_winkler_similarity`` count an odd transposition as half on Spark
  and not at all on DuckDB;
- a decimal cast to a whole number, or rounded to digits, is taken as a double;
- ``list_distinct``, ``list_intersect``, ``list(DISTINCT ...)`` come in any order: sort them;
- ``len`` is of a list, ``length`` of a text; ``substr`` counts from 1;
- ``unnest`` stands alone in the list of a SELECT, not inside another expression; an alias is not
  known in the WHERE of its own SELECT; ``LIMIT`` takes a number written out; columns replaced after
  a star (``* REPLACE``) come last.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.dialects import DuckDB, Spark
from sqlglot.errors import SqlglotError
from sqlglot.transforms import any_to_exists, preprocess, unnest_to_explode

from harvester.domain.errors import EngineError
from harvester.engine.functions import COLLECTING, FUNCTIONS, RANKS, WHOLE, NotPortableError, whole


def spark_sql(query: str) -> str:
    """A query in DuckDB's words, in Spark's.

    Raises :class:`EngineError` naming the query when it cannot be read, or uses a function that is
    not in :data:`FUNCTIONS`.
    """
    try:
        tree = sqlglot.parse_one(query, read=_Portable)
        return tree.sql(dialect=_Words, identify=True)
    except (SqlglotError, NotPortableError) as error:
        message = f"not in the SQL that every engine runs: {error}\n{query}"
        raise EngineError(message) from error


def _function(words: _Words.Generator, node: exp.Anonymous) -> str:
    name = node.name.lower()
    writer = FUNCTIONS.get(name)
    if writer is None:
        raise NotPortableError(f"function {name}")
    return writer(words, node.expressions)


def _filter(words: _Words.Generator, node: exp.Filter) -> str:
    where = f" FILTER ({words.sql(node, 'expression').strip()})"
    collect = (
        COLLECTING.get(node.this.name.lower()) if isinstance(node.this, exp.Anonymous) else None
    )
    return (
        collect(words, node.this.expressions, where) if collect else words.sql(node, "this") + where
    )


def _divided(words: _Words.Generator, node: exp.Div) -> str:
    return f"(CAST({words.sql(node, 'this')} AS DOUBLE) / CAST({words.sql(node, 'expression')} AS DOUBLE))"


def _by_what(words: _Words.Generator, node: exp.Binary) -> str:
    """The divisor, null where it is zero."""
    divisor = words.sql(node, "expression")
    return divisor if isinstance(node.expression, exp.Literal) else f"nullif({divisor}, 0)"


def _cast(words: _Words.Generator, node: exp.Cast) -> str:
    name = "TRY_CAST" if isinstance(node, exp.TryCast) else "CAST"
    held = words.sql(node, "this")
    if node.to.this in exp.DataType.INTEGER_TYPES and not _surely_whole(node.this):
        # Text that is no number has to be nothing before it is rounded.
        tried = f"TRY_CAST({held} AS DECIMAL(38, 6))" if name == "TRY_CAST" else held
        held = f"bround({tried})"
    return f"{name}({held} AS {words.sql(node, 'to')})"


def _surely_whole(node: exp.Expression) -> bool:
    """Whether a cast to a whole number needs no rounding: it is whole, true or false, or nothing."""
    node = node.unnest()
    if isinstance(node, exp.Window | exp.Filter):
        return _surely_whole(node.this)
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        return name in WHOLE or (name == "round" and len(node.expressions) == 1)
    if isinstance(node, exp.Cast):
        return node.to.this in exp.DataType.INTEGER_TYPES
    return isinstance(
        node,
        exp.Literal | exp.Null | exp.Boolean | exp.Predicate | exp.Connector | exp.Not | exp.IntDiv,
    )


def _element(words: _Words.Generator, node: exp.Bracket) -> str:
    held, wanted = words.sql(node, "this"), node.expressions[0]
    if not isinstance(wanted, exp.Slice):
        return f"try_element_at({held}, {words.sql(wanted)})"
    first = whole(wanted.this, "the start of a slice") if wanted.this else 1
    last = whole(wanted.expression, "the end of a slice")
    if first < 1 or last < first:
        raise NotPortableError("a slice counts from 1, and upwards")
    return f"slice({held}, {first}, {last - first + 1})"


def _window(words: _Words.Generator, node: exp.Window) -> str:
    name = node.this.name.lower() if isinstance(node.this, exp.Anonymous) else ""
    bare = not any(node.args.get(part) for part in ("partition_by", "order", "alias", "spec"))
    if name == "row_number" and bare:
        return "(monotonically_increasing_id() + 1)"
    said = words.window_sql(node)
    return f"CAST({said} AS BIGINT)" if name in RANKS else said


def _tuple(words: _Words.Generator, node: exp.Tuple) -> str:
    """A struct where it is a value; names of its own, so that tuples of other columns compare."""
    if not isinstance(node.parent, exp.Anonymous | exp.Binary | exp.Distinct | exp.Paren):
        return str(words.tuple_sql(node))
    parts = (f"{words.sql(part)} AS p{n}" for n, part in enumerate(node.expressions))
    return f"struct({', '.join(parts)})"


def _star(words: _Words.Generator, node: exp.Star) -> str:
    """All columns; those replaced stand last, since Spark can only leave them out."""
    replaced = node.args.pop("replace", None)
    if not replaced:
        return str(words.star_sql(node))
    if node.args.get("except_"):
        raise NotPortableError("EXCLUDE and REPLACE together")
    names = ", ".join(words.sql(one, "alias") for one in replaced)
    return f"* EXCEPT ({names}), {', '.join(words.sql(one) for one in replaced)}"


class _Portable(DuckDB):  # type: ignore[misc]
    """DuckDB's grammar in which every function keeps its own name, and positions count from 1."""

    INDEX_OFFSET = 0

    class Parser(DuckDB.Parser):  # type: ignore[misc]
        FUNCTIONS: dict[str, object] = {}
        FUNCTION_PARSERS = {
            name: DuckDB.Parser.FUNCTION_PARSERS[name] for name in ("CAST", "TRY_CAST")
        }


class _Words(Spark):  # type: ignore[misc]
    """Spark's words for it."""

    class Generator(Spark.Generator):  # type: ignore[misc]
        TRANSFORMS = {
            **Spark.Generator.TRANSFORMS,
            exp.Anonymous: _function,
            exp.Filter: _filter,
            exp.Div: _divided,
            exp.IntDiv: lambda words, e: f"({words.sql(e, 'this')} DIV {_by_what(words, e)})",
            exp.Mod: lambda words, e: f"({words.sql(e, 'this')} % {_by_what(words, e)})",
            exp.Cast: _cast,
            exp.TryCast: _cast,
            exp.Bracket: _element,
            exp.Window: _window,
            exp.Star: _star,
            exp.Tuple: _tuple,
            exp.Select: preprocess([unnest_to_explode, any_to_exists]),
        }
        TYPE_MAPPING = {
            **Spark.Generator.TYPE_MAPPING,
            exp.DataType.Type.INT128: "DECIMAL(38, 0)",
        }

        def call(self, name: str, *args: exp.Expression) -> str:
            """A function call in Spark's words."""
            return f"{name}({', '.join(self.sql(a) for a in args)})"

        def quote(self, text: str) -> str:
            """A text as a literal of Spark."""
            return self.sql(exp.Literal.string(text))


__all__ = ["FUNCTIONS", "spark_sql"]
