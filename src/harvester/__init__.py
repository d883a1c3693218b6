"""The Combined Harvester: line up the plans and budgets of South Africa's three spheres.

The stages of a harvest are ordinary functions, so a notebook can do what the command does; see
``docs/how-to/notebook.md``.
"""

__version__ = "0.1.0"
