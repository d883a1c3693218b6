"""Every detector, declared once."""

from harvester.wheat.detectors.agreement import AGREEMENT_DETECTORS
from harvester.wheat.detectors.delivery import DELIVERY_DETECTORS
from harvester.wheat.detectors.landing import LANDING_DETECTORS
from harvester.wheat.finding import Detector

DETECTORS: list[Detector] = sorted(
    [*LANDING_DETECTORS, *AGREEMENT_DETECTORS, *DELIVERY_DETECTORS],
    key=lambda d: d.id,
)

__all__ = ["DETECTORS", "Detector"]
