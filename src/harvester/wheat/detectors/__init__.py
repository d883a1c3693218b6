"""Every detector, declared once."""

from harvester.wheat.detectors.agreement import AGREEMENT_DETECTORS
from harvester.wheat.detectors.allocations import ALLOCATION_DETECTORS
from harvester.wheat.detectors.delivery import DELIVERY_DETECTORS
from harvester.wheat.detectors.landing import LANDING_DETECTORS
from harvester.wheat.detectors.lawful import LAWFUL_DETECTORS
from harvester.wheat.detectors.lines import LINE_DETECTORS
from harvester.wheat.detectors.mandate import MANDATE_DETECTORS
from harvester.wheat.detectors.settlements import SETTLEMENT_DETECTORS
from harvester.wheat.detectors.targets import TARGET_DETECTORS
from harvester.wheat.finding import Detector

DETECTORS: list[Detector] = sorted(
    [
        *LANDING_DETECTORS,
        *AGREEMENT_DETECTORS,
        *DELIVERY_DETECTORS,
        *MANDATE_DETECTORS,
        *LAWFUL_DETECTORS,
        *TARGET_DETECTORS,
        *LINE_DETECTORS,
        *ALLOCATION_DETECTORS,
        *SETTLEMENT_DETECTORS,
    ],
    key=lambda d: d.id,
)

__all__ = ["DETECTORS", "Detector"]
