"""The engine that interprets procedures: courses, the moves open in them, and their clocks."""
