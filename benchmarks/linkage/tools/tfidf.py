"""A tuned matcher of texts: character n-grams weighed by rarity, nearest by cosine.

``options``: ``low`` and ``high`` of the n-grams, ``analyzer``, ``columns`` of the text, and whether
only rows of one municipality are compared (``block``; rows of none are compared with all).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.linkage.tools.common import Options, Outcome, across_sources, fold, rows

if TYPE_CHECKING:
    from pathlib import Path

    from scipy.sparse import csr_matrix

NEAREST = 12
CHUNK = 2_000


def run(folder: Path, options: Options) -> Outcome:
    """The nearest rows of each row, by text."""
    told = rows(folder)
    texts = [
        fold(" ".join(parts)) for parts in zip(*(told[c] for c in options["columns"]), strict=True)
    ]
    vectors = TfidfVectorizer(
        analyzer=options["analyzer"], ngram_range=(options["low"], options["high"]), sublinear_tf=True,
        token_pattern=r"\S+" if options["analyzer"] == "word" else None, dtype=np.float32,
    ).fit_transform(texts)  # fmt: skip
    towns = np.array([fold(m) for m in told["municipality"]])
    everywhere = np.arange(len(texts))
    parts = [(everywhere, everywhere)]
    if options["block"]:
        nowhere = np.flatnonzero(towns == "")
        parts = [
            (here, here) for t in sorted(set(towns) - {""}) for here in [np.flatnonzero(towns == t)]
        ]
        parts.append((nowhere, everywhere))
    found = [_nearest(vectors, mine, theirs) for mine, theirs in parts if len(mine)]
    left, right, score = (np.concatenate(column) for column in zip(*found, strict=True))
    keep = (left != right) & across_sources(left, right, told["source"])
    low, high = np.minimum(left, right)[keep], np.maximum(left, right)[keep]
    _, first = np.unique(low * np.int64(len(texts)) + high, return_index=True)
    return Outcome(low[first], high[first], score[keep][first].astype(float))


def _nearest(
    vectors: csr_matrix, mine: np.ndarray, theirs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Up to :data:`NEAREST` rows of ``theirs`` for each of ``mine``."""
    other = vectors[theirs].T.tocsc()
    left, right, scores = [], [], []
    for start in range(0, len(mine), CHUNK):
        chunk = mine[start : start + CHUNK]
        near = (vectors[chunk] @ other).tocsr()
        for n in range(len(chunk)):
            at = slice(near.indptr[n], near.indptr[n + 1])
            values, columns = near.data[at], near.indices[at]
            if len(values) > NEAREST:
                best = np.argpartition(values, -NEAREST)[-NEAREST:]
                values, columns = values[best], columns[best]
            left.append(np.full(len(values), chunk[n]))
            right.append(theirs[columns])
            scores.append(values)
    return np.concatenate(left), np.concatenate(right), np.concatenate(scores)
