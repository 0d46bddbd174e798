"""Write the static files as a web server serves them: `python -m app.publish FOLDER`.

Every file stands under its hashed name, with its sibling for gzip beside it and that for brotli,
under the same name, in a folder of its own: nginx finds the first by itself, the second it is told.
"""

import argparse
from pathlib import Path

from app.web.assets import Assets, build


def main() -> None:
    """Write every file into FOLDER."""
    parser = argparse.ArgumentParser(prog="python -m app.publish", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    publish(build(), parser.parse_args().folder)


def publish(assets: Assets, folder: Path) -> None:
    """Write the files of `assets` into `folder`, which is made if need be."""
    (folder / "br").mkdir(parents=True, exist_ok=True)
    for asset in assets.files.values():
        path = folder / asset.url.rpartition("/")[2]
        path.write_bytes(asset.body)
        path.with_name(f"{path.name}.gz").write_bytes(asset.packed["gzip"])
        (folder / "br" / path.name).write_bytes(asset.packed["br"])


if __name__ == "__main__":
    main()
