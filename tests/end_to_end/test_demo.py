"""``--demo`` as a newcomer types it, with a display, without one."""

import csv
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from tests.end_to_end.home import home_in

ROOT = Path(__file__).resolve().parents[2]


def test_that_the_demo_without_a_display_leaves_a_picture_with_a_table(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "QT_QPA_PLATFORM"}}
    result = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--demo"],
        cwd=tmp_path,
        env=environment | home_in(tmp_path),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "Saved mdn-demo.png and mdn-demo.csv" in result.stdout
    picture = QImage(str(tmp_path / "mdn-demo.png"))
    assert (picture.width(), picture.height()) == (1280, 800)
    lines = (tmp_path / "mdn-demo.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == 1000
    assert abs(sum(float(rows[500][f"weight_{k}"]) for k in range(1, 9)) - 1.0) < 1e-12
