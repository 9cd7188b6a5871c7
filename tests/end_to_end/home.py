"""A home of its own for a program that a test starts: nothing of the person at this machine is read or written."""

import json
from pathlib import Path


def home_in(folder: Path) -> dict[str, str]:
    """Return the environment of a program whose preferences, snapshots, caches lie in a folder, which is made."""
    home = folder / "home"
    places = {
        "HOME": home,
        **{f"XDG_{kind}_HOME": home / kind.lower() for kind in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    return {name: str(place) for name, place in places.items()}


def runs_kept(folder: Path) -> list[int]:
    """Return how many runs each of the snapshots holds that a crash would leave in the home in a folder."""
    notes = (folder / "home" / "data").glob("**/recovery/*/snapshot.json")
    return [json.loads(note.read_text(encoding="utf-8"))["runs"] for note in notes]
