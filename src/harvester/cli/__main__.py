"""``python -m harvester.cli``."""

from harvester.cli import main

main()
