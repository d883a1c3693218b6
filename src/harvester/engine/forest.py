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
    component = np.arange(count)
    weakest = np.ones(count)
    nothing = len(left)
    alive = np.arange(len(left))
    while len(alive):
        a, b = component[left[alive]], component[right[alive]]
        apart = a != b
        alive, a, b = alive[apart], a[apart], b[apart]
        if not len(alive):
            break
        best = np.full(count, nothing)
        np.minimum.at(best, a, alive)
        np.minimum.at(best, b, alive)
        joining = np.flatnonzero(best < nothing)
        pair = best[joining]
        ends = np.stack((component[left[pair]], component[right[pair]]))
        towards = np.where(ends[0] == joining, ends[1], ends[0])
        parent = np.arange(count)
        parent[joining] = towards
        # Two that chose the same pair point at one another: the lesser becomes the root.
        mutual = (parent[parent] == np.arange(count)) & (np.arange(count) < parent)
        parent[mutual] = np.flatnonzero(mutual)
        while True:
            further = parent[parent]
            if np.array_equal(further, parent):
                break
            parent = further
        held = weakest.copy()
        np.minimum.at(held, parent, weakest)
        np.minimum.at(held, parent[joining], probability[pair])
        weakest = held
        component = parent[component]
    least = np.full(count, count)
    np.minimum.at(least, component, np.arange(count))
    return Forest(least[component], weakest[component])
