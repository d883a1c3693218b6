"""Value and chaff: measured effect of interventions, days saved by disposed procedures.

Empty in the first slice: it needs cases, which the processor brings.
"""
