"""Where the money of an entry is, and every rand of it in a place and a municipal year.

``place`` gives each entry its shares in the areas of each layer; ``spatial_budget`` carries the
amounts over those shares and over the months they fund. Neither loses or makes a cent.
"""
