"""Judging a mapping file: every wrong key and value is listed, with what is allowed there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from harvester.domain.documents import Document, EntryKind, Phase, Stage
from harvester.domain.periods import Calendar, parse_year_label
from harvester.sources.mapping import definition as shape
from harvester.sources.mapping.definition import Amounts, MappedColumn, Mapping, NamedAmount


class Checker:
    """Reads the raw values and gathers every fault, so that a person mends all at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self._known(raw, shape.KEYS, "")
        columns = tuple(
            self._column(c, n) for n, c in enumerate(self._list(raw, "columns", ""), start=1)
        )
        self._columns_together(columns)
        return Mapping(
            name=str(raw.get("name") or "mapping"),
            title=str(raw.get("title") or raw.get("name") or "Project list"),
            document=Document(self._choice(raw, "document", tuple(Document), "agency_projects")),
            kind=EntryKind(self._choice(raw, "kind", tuple(EntryKind), "project")),
            calendar=Calendar(self._choice(raw, "calendar", tuple(Calendar), None)),
            stage=Stage(self._choice(raw, "stage", tuple(Stage), "unknown")),
            phase=Phase(self._choice(raw, "phase", tuple(Phase), "planned")),
            publisher=self._choice(raw, "publisher", shape.PUBLISHERS, "any"),
            reference=str(raw.get("reference") or ""),
            from_=self._day(raw.get("from")),
            verified=self._flag(raw, "verified", ""),
            legal_minimum=str(raw.get("legal_minimum") or "").strip(),
            sheet=str(raw.get("sheet") or ""),
            unit=shape.UNITS[self._choice(raw, "unit", tuple(shape.UNITS), "rand")],
            single_year=self._choice(raw, "single_year", ("", "start", "end"), ""),
            columns=columns,
            amounts=self._amounts(raw.get("amounts")),
        )

    def _column(self, raw: object, n: int) -> MappedColumn:
        at = f"columns[{n}]"
        if not isinstance(raw, dict):
            self.faults.append(f"{at}: must have the keys field and header")
            return MappedColumn("extra", f"column {n}", "")
        at += f" {raw.get('header') or raw.get('field') or ''!s}"
        self._known(raw, shape.COLUMN_KEYS, at)
        name = self._choice(raw, "field", shape.FIELDS, None, at)
        header = str(raw.get("header") or "")
        if not header:
            self.faults.append(f"{at}: key header is missing")
        also = self._choice(raw, "also", ("", *shape.ENTRY_TEXTS), "", at)
        default = "amount" if name in {"amount", "total_cost"} else "text"
        return MappedColumn(
            field=name,
            key=str(raw.get("key") or (header if name == "extra" else name)),
            header=header,
            synonyms=tuple(str(s) for s in self._list(raw, "synonyms", at)),
            also=also,
            required=self._flag(raw, "required", at),
            telling=self._flag(raw, "telling", at),
            basis=self._choice(raw, "basis", ("practice", "law"), "practice", at),
            submission=self._choice(raw, "submission", ("", "published_on"), "", at),
            type=self._choice(raw, "type", shape.TYPES, default, at),
            list=self._choice(raw, "list", ("", *shape.LISTS), "", at),
            values=tuple(str(v) for v in self._list(raw, "values", at)),
            meaning=str(raw.get("meaning") or ""),
            example=raw.get("example"),
        )

    def _columns_together(self, columns: tuple[MappedColumn, ...]) -> None:
        if not columns:
            self.faults.append("key columns is missing or empty: list at least the name column")
        elif not any(c.field == "name" for c in columns):
            self.faults.append("columns: one column must have field: name")
        seen: dict[str, str] = {}
        for column in columns:
            if column.key in seen:
                self.faults.append(
                    f"columns: {seen[column.key]!r} and {column.header!r} are both {column.key}; "
                    "give one of them another field, or a key of its own",
                )
            seen[column.key] = column.header
        fields = {c.field for c in columns}
        if len(fields & {"year", "amount"}) == 1:
            self.faults.append("columns: fields year and amount go together (long form)")

    def _amounts(self, raw: object) -> Amounts:
        if raw is None:
            return Amounts(required=False)
        if not isinstance(raw, dict):
            self.faults.append("amounts: must have keys such as header and years")
            return Amounts()
        self._known(raw, shape.AMOUNT_KEYS, "amounts")
        header = str(raw.get("header") or "Budget {year}")
        if "{year}" not in header:
            self.faults.append("amounts: header must hold {year}, such as 'Budget {year}'")
        years = raw.get("years", 3)
        if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= 10:
            self.faults.append(
                f"amounts: years is {years!r}; a whole number from 1 to 10 is allowed"
            )
            years = 3
        return Amounts(
            header=header,
            funds=tuple(str(f) for f in self._list(raw, "funds", "amounts")),
            years=years,
            required=self._flag(raw, "required", "amounts", default=True),
            basis=self._choice(raw, "basis", ("practice", "law"), "practice", "amounts"),
            meaning=str(raw.get("meaning") or ""),
            examples=tuple(self._list(raw, "examples", "amounts")),
            columns=tuple(
                self._named(c, n)
                for n, c in enumerate(self._list(raw, "columns", "amounts"), start=1)
            ),
        )

    def _named(self, raw: object, n: int) -> NamedAmount:
        at = f"amounts.columns[{n}]"
        if not isinstance(raw, dict) or not raw.get("header"):
            self.faults.append(f"{at}: must have the keys header and year")
            return NamedAmount("", 0, Phase.PLANNED)
        self._known(raw, {"header": "", "year": "", "phase": "", "fund": ""}, at)
        year = parse_year_label(str(raw.get("year") or ""))
        if year is None:
            self.faults.append(f"{at}: year is {raw.get('year')!r}; write it as 2018/19")
        phase = self._choice(raw, "phase", tuple(Phase), "planned", at)
        return NamedAmount(str(raw["header"]), year or 0, Phase(phase), str(raw.get("fund") or ""))

    def _known(self, raw: dict[str, Any], keys: dict[str, str], at: str) -> None:
        for key in raw:
            if key not in keys:
                where = f"{at}: " if at else ""
                self.faults.append(
                    f"{where}unknown key {key!r}; allowed keys are {', '.join(keys)}",
                )

    def _choice(
        self,
        raw: dict[str, Any],
        key: str,
        allowed: tuple[str, ...],
        default: str | None,
        at: str = "",
    ) -> str:
        """The value when allowed; else a fault and something harmless to go on with."""
        value = raw.get(key, default)
        if isinstance(value, str) and value in allowed:
            return str(value)
        where = f"{at}: " if at else ""
        told = "is missing" if value is None else f"is {value!r}"
        listed = ", ".join(v for v in allowed if v)
        self.faults.append(f"{where}{key} {told}; allowed: {listed}")
        return allowed[0] if default is None else default

    def _flag(self, raw: dict[str, Any], key: str, at: str, *, default: bool = False) -> bool:
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        where = f"{at}: " if at else ""
        self.faults.append(f"{where}{key} is {value!r}; allowed: true, false")
        return default

    def _list(self, raw: dict[str, Any], key: str, at: str) -> list[Any]:
        value = raw.get(key)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        where = f"{at}: " if at else ""
        self.faults.append(f"{where}{key} must be a list, such as [one, two]")
        return []

    def _day(self, value: object) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        self.faults.append(f"from is {value!r}; write it as 2018-07-01")
        return None
