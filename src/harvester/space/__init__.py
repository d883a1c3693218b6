"""Where the money of an entry is, and every rand of it in a place and a municipal year.

``place`` gives each entry its shares in the areas of each layer; ``spatial_budget`` carries the
amounts over those shares and over the months they fund. Neither loses or makes a cent.

The ground entries stand on is in :mod:`harvester.space.ground.shapes`: ``shapes_of(entries)`` gives the
point, points, line or area of each entry (from its columns ``points``, ``longitude`` and
``latitude``), ``run_together(shapes, left, right, metres)`` how much of one line runs beside
another (corridors), ``crossed(shapes, areas)`` which areas each touches (boundaries).
"""
