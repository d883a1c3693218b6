"""Connected components of likely pairs, and the weakest pair that holds each together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Forest:
    """For each record, the least record of its component, and the component's bottleneck.

    The bottleneck is the least probability on the surest way through the component: below it, the
    component would fall apart. It is 1 for a record alone.
    """

    roots: np.ndarray
    bottleneck: np.ndarray


def grow(left: np.ndarray, right: np.ndarray, probability: np.ndarray, count: int) -> Forest:
    """The spanning forest of the surest pairs, by Borůvka's rounds.

    ``left`` and ``right`` number records below ``count``; the surest pair comes first. Which of two
    equally sure pairs comes first does not matter. Linear in memory, a few passes over the pairs.
    """
    component, weakest = np.arange(count), np.ones(count)
    asked = np.arange(len(left))
    number = np.empty(count, np.int64)
    while True:
        a, b = component[left[asked]], component[right[asked]]
        apart = a != b
        asked, a, b = asked[apart], a[apart], b[apart]
        if not len(asked):
            break
        # A round costs what is still open: components that a pair leads out of.
        open_ = np.zeros(count, bool)
        open_[a] = open_[b] = True
        joining = np.flatnonzero(open_)
        number[joining] = np.arange(len(joining))
        a, b = number[a], number[b]
        best = np.full(len(joining), len(asked))
        np.minimum.at(best, a, np.arange(len(asked)))
        np.minimum.at(best, b, np.arange(len(asked)))
        here = np.arange(len(joining))
        parent = np.where(a[best] == here, b[best], a[best])
        # Two that chose the same pair point at one another: the lesser becomes the root.
        mutual = (parent[parent] == here) & (here < parent)
        parent[mutual] = here[mutual]
        while True:
            further = parent[parent]
            if np.array_equal(further, parent):
                break
            parent = further
        held = weakest[joining]
        np.minimum.at(held, parent, weakest[joining])
        np.minimum.at(held, parent, probability[asked[best]])
        weakest[joining] = held
        above = np.arange(count)
        above[joining] = joining[parent]
        component = above[component]
    least = np.full(count, count)
    np.minimum.at(least, component, np.arange(count))
    return Forest(least[component], weakest[component])
