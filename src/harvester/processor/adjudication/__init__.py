"""Adjudication: which mechanism a dispute goes to first, and who may convene its parties."""

from harvester.processor.adjudication.jurisdiction import Convening, who_convenes
from harvester.processor.adjudication.router import Considered, Routing, route

__all__ = ["Considered", "Convening", "Routing", "route", "who_convenes"]
