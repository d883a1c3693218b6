"""``harvester serve`` and ``up``: the web pages."""

from __future__ import annotations

from typing import Annotated

import typer

from harvester.cli.console import Home, err, home_of, out, progress_bar
from harvester.engine.granary import Granary


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    home: Home = None,
) -> None:
    """Serve the web pages of the harvest.

    Example: `harvester serve --port 8080`
    """
    from harvester.web.server import serve as serve_pages

    serve_pages(home_of(home), host, port)


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    scale: Annotated[float, typer.Option(min=0.001, help="Size of the sample country.")] = 0.2,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Prepare, do not serve.")
    ] = False,
    home: Home = None,
) -> None:
    """Make everything ready and serve it: sample country, harvest, pages, people to sign in as.

    Example: `harvester up --port 8080`
    """
    from harvester import harvest as stages
    from harvester import intake
    from harvester.sample.stage import make_sample
    from harvester.web.operator import tell_harvest
    from harvester.web.server import make_ready, prepare
    from harvester.web.server import serve as serve_pages

    place = home_of(home)
    before = Granary(place).harvest()
    with progress_bar(quiet=False) as progress:
        if not Granary(place).readings():
            err.print("Making a sample country (invented projects, real formats) …")
            make_sample(place / "sample", seed=1, scale=scale, progress=progress)
            err.print("Reading its files …")
            intake.ingest(place, [place / "sample"], progress=progress)
        err.print("Harvesting (nothing to do when nothing has changed) …")
        harvest = stages.run(place, progress=progress, only_if_changed=True)
    if (place / "sample").is_dir():
        welcome = prepare(place)
    else:
        make_ready(place)
        welcome = (
            "This store holds files of your own, so no sample people were made. Make an account:\n"
            "  DJANGO_SETTINGS_MODULE=harvester.web.settings .venv/bin/django-admin make_person "
            "NAME E-MAIL secretariat\nReading needs no account."
        )
    tell_harvest(place, before, harvest)
    counts = harvest.manifest["counts"]
    out.print(
        f"\nHarvest {harvest.run}: {counts['entries']} entries are {counts['undertakings']} "
        f"undertakings; {counts['findings']} findings.\n\n{welcome}\n",
        highlight=False,
        markup=False,
    )
    out.print(
        f"Open http://{host}:{port}/  Look first at: Wheat, its first finding, then that project's "
        "landing ladder.\nCtrl-C stops it; nothing is lost.",
        highlight=False,
    )
    if not prepare_only:
        serve_pages(place, host, port)
