"""Every write of the web, and nothing but: each is an action that leaves an event.

No other module saves, creates, updates or deletes a row: a test reads the code for it, and the
connection itself refuses (:mod:`harvester.web.actions.guard`).
"""
