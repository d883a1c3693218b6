"""Ours and its peers, one module each: ``run(folder, options)`` reads the rows of a country.

Peers run in an environment of their own and may import nothing of the Harvester.
"""
