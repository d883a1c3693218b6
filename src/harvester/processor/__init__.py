"""The four offerings as pure workflows: agreements, compacts, finance, learning.

``workflow`` interprets the procedures of ``rules/data/procedures``; ``adjudication`` says which
mechanism a dispute goes to first and who may convene its parties. No framework, no engine, no
clock of its own: a matter is a value, and every step gives a new one.
"""
