"""Money to wards, zones, any layer or H3 cells: by area, by population, or by a stated share.

The harvest's own tables say only what a publisher said: a list of wards is equal shares of those
wards, and a region names no ward. ``allocate`` goes further on request and says so in ``basis``.
"""

from harvester.space.allocation.allocate import Allocation, Request, Split, allocate

__all__ = ["Allocation", "Request", "Split", "allocate"]
