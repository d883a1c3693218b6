"""The connection refuses to write our tables outside an action: no event, no write."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

_WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?web_', re.IGNORECASE)
_allowed: ContextVar[bool] = ContextVar("an action is under way", default=False)


class WriteWithoutEventError(RuntimeError):
    """A row of ours was about to be written outside an action: a fault of the program."""


@contextmanager
def writing() -> Iterator[None]:
    """Rows may be written inside. For actions and migrations."""
    before = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(before)


def refuse(
    execute: Callable[..., Any],
    sql: str,
    params: object,
    many: bool,  # noqa: FBT001
    context: dict[str, Any],
) -> Any:
    """Pass a statement on, unless it writes a table of ours outside an action."""
    if not _allowed.get() and _WRITES.match(sql):
        raise WriteWithoutEventError(sql[:120])
    return execute(sql, params, many, context)


def watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Put the guard on a connection that was just opened."""
    if refuse not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse)
