"""Pictures of plots: PNG, SVG, PDF show the same."""

import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from mdn_gui.errors import UserError
from mdn_gui.ui.pictures import picture_of, save_figure, save_picture
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.theme import DARK, LIGHT, Theme

RED = "#cc0000"
ENDINGS = pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])


class Shapes(pg.GraphicsObject):
    """What layers paint in data units: a veil, an area, a band, lines."""

    def __init__(self, offset: float) -> None:
        super().__init__()
        self.offset = offset

    def boundingRect(self) -> QRectF:
        return QRectF(self.offset, -1.0, 1.0, 2.0)

    def paint(self, painter: QPainter, *_: object) -> None:
        veil = QLinearGradient(QPointF(self.offset + 0.6, 0.0), QPointF(self.offset + 1.0, 0.0))
        veil.setColorAt(0.0, QColor(0, 160, 0, 0))
        veil.setColorAt(1.0, QColor(0, 160, 0, 255))
        painter.fillRect(QRectF(self.offset + 0.5, 0.5, 0.5, 0.5), veil)
        corners = [QPointF(self.offset + x, y) for x, y in ((0.1, -0.9), (0.4, -0.9), (0.25, -0.5))]
        pen = QPen(QColor("#884400"), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(QColor("#ddaa66"))
        painter.drawPolygon(QPolygonF(corners))
        painter.drawEllipse(QPointF(self.offset + 0.5, -0.7), 0.05, 0.2)
        painter.drawRect(QRectF(self.offset + 0.6, -0.9, 0.1, 0.4))
        painter.drawPolyline(
            QPolygonF([QPointF(self.offset + 0.75 + 0.05 * n, -0.6 - 0.2 * (n % 2)) for n in range(5)])
        )
        painter.drawLine(QPointF(self.offset, -0.95), QPointF(self.offset + 1.0, -0.95))
        painter.drawLines([QLineF(self.offset + x, -0.9, self.offset + x, -0.4) for x in (0.02, 0.04)])


def made_plot(qtbot, offset: float = 0.0, theme: Theme = LIGHT) -> Plot:
    """Return a plot of a wave over a density image, with points, a dashed line, one that goes far beyond the plot."""
    plot = Plot("a wave")
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.set_axis_label("bottom", "time & <b>")
    x = offset + np.linspace(0.0, 1.0, 50)
    wave = np.sin(6.0 * (x - offset))
    density = np.exp(-(((np.linspace(-1.0, 1.0, 40) - wave[:, None]) / 0.2) ** 2))
    ground = pg.ImageItem(density, axisOrder="col-major", levels=(0.0, 1.0))
    ground.setLookupTable(np.array([[11, 99, 206, level // 2] for level in range(256)], dtype=np.ubyte))
    ground.setRect(QRectF(offset, -1.0, 1.0, 2.0))
    plot.addItem(ground)
    plot.plot(x, wave, pen=plot.pen(RED, 2.0))
    plot.plot(x, 0.5 * wave, pen=plot.pen("#008800", 1.0, Qt.PenStyle.DashLine))
    points = pg.ScatterPlotItem(x, -wave, pen=None, brush=pg.mkBrush("#0000cc"), size=6)
    plot.addItem(points)
    plot.addItem(Shapes(offset))
    far = pg.PlotCurveItem(np.array([offset, offset + 1.0]), np.array([-1e250, 1e250]), pen=plot.pen("#888888", 1.0))
    plot.addItem(far, ignoreBounds=True)
    plot.view.setRange(xRange=(offset, offset + 1.0), yRange=(-1.0, 1.0))
    plot.show_theme(theme)
    plot.show()
    return plot


def pixels(image: QImage, part: QRectF | None = None) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    if part is not None:
        image = image.copy(part.toAlignedRect())
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(float)


def svg_drawn(path: Path, size: QSize) -> QImage:
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def inside(plot: Plot, scale: float) -> QRectF:
    """Return the part of the picture between the axes: the renderer of the test does not clip."""
    part = plot.view.sceneBoundingRect().adjusted(3, 3, -3, -3)
    return QRectF(part.x() * scale, part.y() * scale, part.width() * scale, part.height() * scale)


def pdf_content(path: Path) -> bytes:
    """Return the drawing commands of the only page."""
    raw = path.read_bytes()
    streams = []
    for match in re.finditer(rb"/FlateDecode\s*>>\s*stream\r?\n", raw):
        try:
            streams.append(zlib.decompressobj().decompress(raw[match.end() :]))
        except zlib.error:
            continue
    return max((stream for stream in streams if b" cm\n" in stream), key=len)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_that_an_svg_looks_like_the_screen_also_far_from_zero(qtbot, tmp_path, offset, theme):
    plot = made_plot(qtbot, offset, theme)
    for ending in (".png", ".svg"):
        save_figure(tmp_path / f"plot{ending}", plot, 1.0)
    shown = QImage(str(tmp_path / "plot.png"))
    drawn = svg_drawn(tmp_path / "plot.svg", shown.size())
    part = inside(plot, 1.0)
    assert np.abs(pixels(shown, part) - pixels(drawn, part)).mean() < 3.0
    assert np.abs(pixels(shown) - pixels(drawn)).mean() < 4.0
    for image in (shown, drawn):
        assert image.pixelColor(4, 4).name() == theme.base


@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_that_an_svg_holds_lines_as_lines_images_as_images_text_as_text(qtbot, tmp_path, offset):
    plot = made_plot(qtbot, offset)
    save_figure(tmp_path / "plot.svg", plot)
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()  # a file that this test has written
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert tags.count("image") == 1
    assert tags.count("clipPath") > 0
    assert any("time & <b>" in (element.text or "") for element in root.iter())
    assert root.get("viewBox") == "0 0 500 300"
    waves = [group for group in root.iter() if group.get("stroke") == RED and len(group)]
    steps = re.findall(r"[ML](\S+),(\S+)", waves[0][0].get("d"))
    assert len(steps) == 50
    across = np.array([float(x) for x, _ in steps])
    assert np.ptp(np.diff(across)) < 0.01
    assert across[-1] > 400
    assert waves[0].get("stroke-width") == "2"
    assert waves[0][0].get("vector-effect") == "none"  # the line grows with the picture


def test_that_no_place_in_an_svg_is_too_far_away_for_its_readers(qtbot, tmp_path):
    save_figure(tmp_path / "plot.svg", made_plot(qtbot, 1e9))
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    places = [element.get("d") or element.get("points") or "" for element in root.iter()]
    numbers = [float(number) for place in places for number in re.findall(r"-?\d[\d.]*(?:e[+-]\d+)?", place)]
    assert len(numbers) > 1000
    assert max(map(abs, numbers)) <= 1e6


@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_that_a_pdf_has_the_size_of_the_plot_and_its_lines(qtbot, tmp_path, offset):
    plot = made_plot(qtbot, offset)
    save_figure(tmp_path / "plot.pdf", plot)
    raw = (tmp_path / "plot.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    inch = plot.logicalDpiX()
    width, height = map(float, re.search(rb"MediaBox \[0 0 (\S+) (\S+)\]", raw).groups())
    assert (width, height) == pytest.approx((500 * 72 / inch, 300 * 72 / inch), abs=0.5)
    assert raw.count(b"/Subtype /Image") == 2  # the density image, its opacity
    assert b"DCTDecode" not in raw  # an image is kept as it is
    content = pdf_content(tmp_path / "plot.pdf")
    wave = content.split(b"0.800000011 0 0 SCN")[1]
    steps = re.findall(rb"(\S+) (\S+) [ml]\b", wave.split(b"\nS\n")[0])
    across = np.array([float(x) for x, _ in steps])
    assert len(across) == 50
    assert np.ptp(np.diff(across)) < 0.01


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0, 4.0])
def test_that_a_png_is_as_fine_as_asked(qtbot, tmp_path, scale):
    plot = made_plot(qtbot)
    save_figure(tmp_path / "plot.PNG", plot, scale)
    assert QImage(str(tmp_path / "plot.PNG")).size() == plot.size() * scale


@ENDINGS
def test_that_a_picture_does_not_show_where_the_keyboard_is(qtbot, tmp_path, ending):
    plot = made_plot(qtbot)
    plot.setStyleSheet("QGraphicsView { border: 1px solid white; } QGraphicsView:focus { border: 1px solid red; }")
    plot.clearFocus()
    save_figure(tmp_path / f"before{ending}", plot)
    plot.activateWindow()
    plot.setFocus()
    QApplication.processEvents()
    assert plot.hasFocus()
    save_figure(tmp_path / f"after{ending}", plot)
    before, after = ((tmp_path / f"{name}{ending}").read_bytes() for name in ("before", "after"))
    if ending == ".pdf":  # which states when it was made
        before, after = pdf_content(tmp_path / "before.pdf"), pdf_content(tmp_path / "after.pdf")
    assert before == after


@ENDINGS
def test_that_a_picture_leaves_the_plot_as_it_was(qtbot, tmp_path, ending):
    plot = made_plot(qtbot)
    before = plot.grab().toImage()
    modes = [item.cacheMode() for item in plot.scene().items()]
    save_figure(tmp_path / f"plot{ending}", plot, 3.0)
    assert plot.fineness == plot.devicePixelRatioF()
    assert [item.cacheMode() for item in plot.scene().items()] == modes
    assert {c.opts["segmentedLineMode"] for c in plot.scene().items() if isinstance(c, pg.PlotCurveItem)} == {"auto"}
    assert plot.grab().toImage() == before


@ENDINGS
def test_that_an_earlier_file_stays_when_a_picture_cannot_be_written(qtbot, tmp_path, ending):
    plot = made_plot(qtbot)
    target = tmp_path / f"plot{ending}"
    target.mkdir()
    with pytest.raises(UserError, match="is a folder") as caught:
        save_figure(target, plot)
    assert caught.value.hint
    with pytest.raises(UserError, match="there is no folder"):
        save_figure(tmp_path / "nowhere" / f"plot{ending}", plot)


@ENDINGS
def test_that_an_empty_widget_is_refused_and_the_earlier_file_stays(qtbot, tmp_path, ending):
    path = tmp_path / f"plot{ending}"
    path.write_bytes(b"before")
    plot = made_plot(qtbot)
    plot.hide()
    plot.resize(0, 0)
    with pytest.raises(UserError, match="empty"):
        save_figure(path, plot)
    assert path.read_bytes() == b"before"


def test_that_an_empty_picture_is_refused(tmp_path, application):
    with pytest.raises(UserError, match="empty"):
        save_picture(tmp_path / "plot.png", QPixmap())


def test_that_another_ending_is_refused_in_words(qtbot, tmp_path):
    with pytest.raises(UserError, match=r"plot\.bmp") as caught:
        save_figure(tmp_path / "plot.bmp", made_plot(qtbot))
    assert ".svg" in caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_that_a_plot_inside_a_panel_is_drawn_where_it_stands(qtbot, tmp_path, offset):
    panel = QWidget()
    qtbot.addWidget(panel)
    plot = made_plot(qtbot, offset)
    layout = QVBoxLayout(panel)
    layout.addWidget(QLabel("Coverage", panel))
    layout.addWidget(plot)
    panel.resize(500, 300)
    panel.show()
    for ending in (".png", ".svg", ".pdf"):
        save_figure(tmp_path / f"panel{ending}", panel, 1.0)
    shown = QImage(str(tmp_path / "panel.png"))
    assert plot.viewport().updatesEnabled()
    drawn = svg_drawn(tmp_path / "panel.svg", shown.size())
    assert np.abs(pixels(shown) - pixels(drawn)).mean() < 8.0
    assert "Coverage" in (tmp_path / "panel.svg").read_text(encoding="utf-8")
    assert pdf_content(tmp_path / "panel.pdf").count(b" l\n") > 100


def test_that_a_picture_of_a_widget_has_its_size(qtbot):
    assert picture_of(made_plot(qtbot), 3.0).size() == QSize(1500, 900)
