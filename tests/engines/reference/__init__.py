"""A slow, obvious engine in plain Python: what the core of a harvest promises on tiny countries.

No SQL, no Arrow, no arrays: lists of dictionaries and loops, written from what the tables, the
indicators and the findings say they mean, so that both fast engines can be held against it. It
covers which papers stand, the landing ladder and its near misses, a whole and its parts, V1, V2, B1
and Q1 with their bands and sums, and W01, W02, W03 and W07. Money over months and areas has a
reference of its own, :mod:`tests.space.reference`.
"""
