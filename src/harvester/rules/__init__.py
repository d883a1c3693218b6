"""Law and policy as dated data (``rules/data``), and the code that reads it.

Institutions, code lists, place words, expectations, forums and responsibilities. Every file says
its reference, the day it holds from and whether the source was read. Nothing here guesses.
"""
