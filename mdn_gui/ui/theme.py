"""The colours of the window in light, in dark."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Theme:
    """One set of colours, each as ``#rrggbb``.

    Text colours have a contrast of at least 4.5:1 on ``window`` and ``base``, marks at least 3:1 on ``base``.
    """

    is_dark: bool
    window: str
    base: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    points: str
    density: str
    hatch: str
    cursor: str
    train: str
    quantile: str
    region: str
    drawn: str
    other: str
    caution: str
    error: str
    error_soft: str
    components: tuple[str, ...]
    runs: tuple[str, ...]

    def component(self, k: int) -> QColor:
        """Return the colour of component k, counted from 0; colours repeat, markers tell them apart."""
        return QColor(self.components[k % len(self.components)])

    def run(self, number: int) -> QColor:
        """Return the colour of a run, which may also be that of a text; colours repeat, names tell runs apart."""
        return QColor(self.runs[(number - 1) % len(self.runs)])


LIGHT = Theme(
    is_dark=False,
    window="#f5f7fa",
    base="#ffffff",
    raised="#ffffff",
    border="#d5dbe3",
    text="#1b2430",
    muted="#5a6472",
    accent="#0b63ce",
    on_accent="#ffffff",
    accent_soft="#dce9fa",
    points="#7d8590",
    density="#0b63ce",
    hatch="#c3cad3",
    cursor="#0c6e78",
    train="#7b8592",
    quantile="#8a5a00",
    region="#0c6e78",
    drawn="#b0307f",
    other="#c8570c",
    caution="#855400",
    error="#a3200d",
    error_soft="#fdecea",
    components=("#1077bb", "#e17126", "#3d7b1b", "#c16195", "#997851", "#5b4fc4", "#3d8fb8"),
    runs=("#127a6b", "#c73758", "#401993", "#755914", "#974dbf", "#16587f", "#79000f", "#542a57"),
)
DARK = Theme(
    is_dark=True,
    window="#1b2028",
    base="#12161b",
    raised="#252c36",
    border="#353e4a",
    text="#e8ecf1",
    muted="#9aa5b3",
    accent="#5aa7ff",
    on_accent="#0b1420",
    accent_soft="#22374f",
    points="#6d7680",
    density="#3f8fe8",
    hatch="#3b434e",
    cursor="#57c7d4",
    train="#8d98a6",
    quantile="#e3b667",
    region="#57c7d4",
    drawn="#f08cc8",
    other="#ff9a57",
    caution="#e3b667",
    error="#ff9a8a",
    error_soft="#3d2320",
    components=("#32bff7", "#ff8441", "#0ebe8e", "#e693bb", "#eec541", "#9a86ff", "#9fd6e0"),
    runs=("#27fdf7", "#e5598e", "#afd194", "#a8912c", "#deadfd", "#509dbe", "#cfef54", "#7ec137"),
)

MARKERS = ("o", "t1", "s", "d", "star", "p", "h", "t")
"""pyqtgraph's symbol names; component k wears marker k mod 8."""


def palette(theme: Theme) -> QPalette:
    """Return the Qt palette of a theme."""
    result = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.base,
        QPalette.ColorRole.AlternateBase: theme.window,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.border,
    }
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(disabled, role, blend(theme.muted, theme.window, 0.6))
    return result


def theme_of(colours: QPalette) -> Theme:
    """Return the theme that a palette was made from."""
    return DARK if colours.color(QPalette.ColorRole.Base).lightness() < 128 else LIGHT


def blend(front: str | QColor, back: str | QColor, share: float) -> QColor:
    """Return ``share`` of one colour laid over the other, opaque: opaque pens draw faster than translucent ones."""
    f, b = QColor(front), QColor(back)
    pairs = ((f.red(), b.red()), (f.green(), b.green()), (f.blue(), b.blue()))
    return QColor(*(round(share * p + (1 - share) * q) for p, q in pairs))


def contrast(first: str | QColor, second: str | QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    lighter, darker = sorted((_luminance(QColor(first)), _luminance(QColor(second))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
