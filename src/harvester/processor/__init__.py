"""The four offerings as pure workflows: agreements, compacts, finance, learning.

Empty in the first slice: findings are made and shown; working them as cases comes next.
"""
