"""Money is whole cents in an ``int``. Splitting loses nothing; unknown (``None``) is not zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CENTS_PER_RAND = 100


def split_cents(cents: int, weights: Sequence[int]) -> list[int]:
    """Split ``cents`` in proportion to whole-number ``weights``; the parts sum to the whole.

    Largest-remainder rounding: each part is rounded towards zero and the cents that are left go
    to the largest remainders (ties to the earlier part), so the answer does not depend on
    floating point. A negative amount is split as its mirror image.

    Raises ``ValueError`` when there is no weight to split by (none, a negative one, or all zero).
    """
    total = sum(weights)
    if not weights or total <= 0 or min(weights) < 0:
        message = f"cannot split {cents} cents by weights {list(weights)!r}: need positive weights"
        raise ValueError(message)
    sign = -1 if cents < 0 else 1
    magnitude = abs(cents)
    parts = [magnitude * weight // total for weight in weights]
    left = magnitude - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % total), i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return [sign * part for part in parts]


def format_rand(cents: int | None) -> str:
    """``R 1 234 567`` (whole rand, thin groups by a space); ``unknown`` for ``None``."""
    if cents is None:
        return "unknown"
    rand = _rounded(cents, CENTS_PER_RAND)
    sign = "-" if rand < 0 else ""
    return f"{sign}R {abs(rand):,}".replace(",", " ")


def format_rand_short(cents: int | None) -> str:
    """``R 31.4 bn``, ``R 640 m``, ``R 85 000``; ``unknown`` for ``None``."""
    if cents is None:
        return "unknown"
    rand = abs(cents) / CENTS_PER_RAND
    sign = "-" if cents < 0 else ""
    if rand >= 999_500_000:
        return f"{sign}R {rand / 1e9:.1f} bn"
    if rand >= 9_950_000:
        return f"{sign}R {rand / 1e6:.0f} m"
    if rand >= 999_500:
        return f"{sign}R {rand / 1e6:.1f} m"
    return format_rand(cents)


def _rounded(value: int, unit: int) -> int:
    """``value / unit`` to the nearest whole number, halves away from zero."""
    sign = -1 if value < 0 else 1
    return sign * ((abs(value) + unit // 2) // unit)
