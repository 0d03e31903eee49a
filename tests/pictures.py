"""The pictures of the README, made anew from the release that ships: `make pictures`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from browsing import CHROMIUM, FLAGS
from kzgraph.build import build
from page_kinds import PAGE_KINDS
from server_fixtures import serving

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
#: Name of each picture to the kind of page that it shows.
PICTURES = {"overview": "overview", "figure": "population figure"}
_SIZE = (1280, 900)


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(None, Path(folder))
        with serving(Path(folder)) as address:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            width, height = _SIZE
            page = browser.new_page(viewport={"width": width, "height": height})
            for name, kind in PICTURES.items():
                page.goto(address + PAGE_KINDS[kind], wait_until="networkidle")
                page.screenshot(path=FOLDER / f"{name}.png")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
