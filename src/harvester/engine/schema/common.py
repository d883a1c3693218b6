"""Columns that many tables have."""

from __future__ import annotations

from harvester.engine.schema.table import TEXT, Column

SUBMISSION_ID = Column("submission_id", TEXT, "`<first 16 of sha256>:<part>`; a part is a sheet")
ENTRY_ID = Column("entry_id", TEXT, "`<submission_id>:<row>`, row as the spreadsheet shows it")
METRO = Column("metro", TEXT, "municipality code (`BUF`, `EC101`), or `unknown`")
SPHERE = Column("sphere", TEXT, "national, provincial, local, entity, or `unknown`")
YEAR = Column("year", TEXT, "financial year label `2018/19`; municipal (July to June)")
UNDERTAKING_ID = Column("undertaking_id", TEXT, "persistent id of the real project")
SHEET = Column("sheet", TEXT, "sheet name; empty for a CSV")
CELL = Column("cell", TEXT, "cell such as `P14`; `row:column` letters also for a CSV")
