"""The one door to the computing engine, and the schema of every table.

Stages take and return Ibis tables; only this room opens a connection.
"""
