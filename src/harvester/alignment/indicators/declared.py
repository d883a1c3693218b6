"""What an indicator is: its words, and the query that yields its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.errors import EngineError

if TYPE_CHECKING:
    import pyarrow as pa

    from harvester.alignment.facts import Facts

PART_COLUMNS = (
    "metro",
    "sphere",
    "year",
    "item",
    "entry_id",
    "amount_cents",
    "share",
    "share_low",
    "share_high",
)


@dataclass(frozen=True)
class Indicator:
    """One indicator, declared once; the page that shows its figure shows these words.

    ``formula`` is the formula in words, ``unit`` what the weights are (``rand`` or a count),
    ``reading`` how to read a value and what it does not say, ``source`` where it comes from.
    ``query`` is SQL over the facts giving :data:`PART_COLUMNS`; a part whose answer is not known
    has a null ``share``. ``family`` groups an indicator with its parts (``V2.idp`` with ``V2``).
    """

    id: str
    name: str
    question: str
    formula: str
    unit: str
    reading: str
    source: str
    higher_is_better: bool
    query: str

    @property
    def family(self) -> str:
        """``V2`` for ``V2.idp``."""
        return self.id.partition(".")[0]

    def parts(self, facts: Facts) -> pa.Table:
        """The parts of this indicator: one row per item, in :data:`PART_COLUMNS`.

        Raises ``EngineError`` when the query gives other columns.
        """
        rows = facts.query(self.query)
        if tuple(rows.column_names) != PART_COLUMNS:
            message = f"indicator {self.id}: parts have columns {rows.column_names}"
            raise EngineError(message)
        return rows
