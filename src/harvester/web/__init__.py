"""The web: pages over a finished harvest, sign-in, and uploads. The only room that knows Django."""
