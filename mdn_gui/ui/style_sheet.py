"""The style sheet of the window, made from a theme."""

from string import Template

from mdn_gui.ui.assets import icon_url
from mdn_gui.ui.theme import Theme, blend

_SHEET_ICONS = ("up", "down", "close", "float", "check")

_SHEET = Template("""
QMainWindow, QDialog, QDockWidget, QScrollArea, QScrollArea > QWidget > QWidget { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $accent_soft; }
QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 3px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $border; padding: 3px 10px; spacing: 4px; }
QToolBar::separator { width: 1px; background: $border; margin: 6px 8px; }
QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 5px 10px; }
QToolButton:hover { background: $accent_soft; }
QToolButton:pressed { background: $border; }
QToolButton:disabled { color: $disabled; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QToolButton#primary { background: $accent; color: $on_accent; font-weight: 600; padding: 5px 14px; }
QToolButton#primary:hover { background: $accent_hover; }
QToolButton#primary:disabled { background: $border; color: $disabled; }
QToolButton#primary:focus { border-color: $text; }
QToolButton#cancel { padding: 1px 9px; color: $text; border: 1px solid $border; border-radius: 4px; }
QToolButton#cancel:hover { border-color: $accent; }
QToolButton#layer { padding: 2px 6px; color: $muted; border: 1px solid transparent; }
QToolButton#layer:checked { color: $text; background: $accent_soft; }
QToolButton#layer:focus { border-color: $accent; }
QToolButton#small { padding: 1px 4px; border: 1px solid $border; border-radius: 4px; background: $raised; }
QToolButton#small:hover { border-color: $muted; }
QToolButton#small:pressed, QToolButton#small:checked { background: $accent_soft; }
QToolButton#small:focus { border-color: $accent; }
QToolButton#disclosure { padding: 3px 2px; color: $muted; }
QDockWidget { titlebar-close-icon: url($close_icon); titlebar-normal-icon: url($float_icon); }
QDockWidget::title { background: $window; padding: 7px 14px 3px 14px; text-align: left; }
QDockWidget { color: $muted; font-weight: 600; }
QDockWidget > QWidget { font-weight: 400; }
QDockWidget::close-button, QDockWidget::float-button { border: none; padding: 1px; background: transparent; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $accent_soft; border-radius: 3px; }
QLabel#heading { color: $muted; font-weight: 600; letter-spacing: 1px; }
QLabel#muted, QLabel#support, QLabel#nearby { color: $muted; }
QLabel#nearby[warns="true"] { color: $caution; }
QLabel#nearby:disabled { color: $disabled; }
QLabel#support[warns="true"], QLabel#error { color: $error; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QLabel#title { font-size: 20pt; font-weight: 300; }
QLabel#strong { font-weight: 600; }
QFrame#line { background: $border; max-height: 1px; min-height: 1px; border: none; }
QFrame#notice { background: $accent_soft; border: none; border-bottom: 1px solid $border; }
QFrame#noticeError { background: $error_soft; border: none; border-bottom: 1px solid $error; }
QFrame#noticeError QLabel#strong { color: $error; }
QFrame#card { background: $raised; border: 1px solid $border; border-radius: 8px; }
QFrame#card:hover, QFrame#card:focus { border-color: $accent; }
QFrame#remark { background: $raised; border: 1px solid $border; border-radius: 6px; }
QToolButton#dismiss { border: 1px solid transparent; padding: 0 4px; color: $muted; }
QToolButton#dismiss:focus { border-color: $accent; }
QFrame#drop { background: $raised; border: 1px dashed $muted; border-radius: 8px; }
QPushButton { background: $raised; border: 1px solid $border; border-radius: 5px; padding: 5px 10px; }
QPushButton:hover { border-color: $muted; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton:default:disabled { background: $border; color: $disabled; border-color: $border; }
QPushButton#link { background: transparent; border: none; color: $accent; text-align: left; padding: 3px 0; }
QPushButton#link:hover, QPushButton#link:focus { text-decoration: underline; }
QPushButton#link:disabled { color: $muted; text-decoration: none; }
QComboBox, QSpinBox, QLineEdit {
  background: $raised; border: 1px solid $border; border-radius: 5px; padding: 3px 7px; min-height: 20px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox:hover, QSpinBox:hover, QLineEdit:hover { border-color: $muted; }
QComboBox:focus, QSpinBox:focus, QLineEdit:focus { border-color: $accent; }
QComboBox:disabled, QSpinBox:disabled, QLineEdit:disabled {
  background: $window; color: $muted;
}
QPlainTextEdit { background: $raised; border: 1px solid $border; border-radius: 5px; padding: 1px 3px;
  selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit:focus { border-color: $accent; }
QPlainTextEdit:disabled { background: $window; }
QSplitter::handle { background: transparent; }
QLineEdit[wrong="true"] { border-color: $error; background: $error_soft; }
QLineEdit#x { font-size: 15pt; font-weight: 600; padding: 4px 8px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url($down_icon); width: 9px; height: 9px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; selection-background-color: $accent_soft;
  selection-color: $text; outline: none; }
QSpinBox { padding-right: 20px; }
QSpinBox::up-button { subcontrol-position: top right; border: none; width: 18px; }
QSpinBox::down-button { subcontrol-position: bottom right; border: none; width: 18px; }
QSpinBox::up-arrow { image: url($up_icon); width: 9px; height: 9px; }
QSpinBox::down-arrow { image: url($down_icon); width: 9px; height: 9px; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator { width: 13px; height: 13px; border: 1px solid $muted; border-radius: 3px; background: $raised; }
QCheckBox::indicator:focus, QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { image: url($check_icon); }
QCheckBox::indicator:disabled { border-color: $border; }
QTableView { background: $base; border: 1px solid $border; border-radius: 5px; gridline-color: transparent;
  selection-background-color: $accent_soft; selection-color: $text; outline: none; }
QTableView:focus { border-color: $accent; }
QHeaderView { background: transparent; }
QHeaderView::section { background: transparent; color: $muted; border: none; border-bottom: 1px solid $border;
  padding: 4px 5px; font-weight: 400; }
QTableView::item { padding: 0 1px; border: none; }
QTableView#preview::item, QTableView#runs::item { padding: 0 4px; }
QTableView#preview QTableCornerButton::section { background: $base; border: none; border-bottom: 1px solid $border; }
QTableView#preview QHeaderView { background: $base; }
QTableView#preview QHeaderView::section:vertical { border: none; padding: 0 7px 1px 7px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView#choices { background: $base; border: 1px solid $border; border-radius: 5px; outline: none; padding: 2px; }
QListView#choices:focus { border-color: $accent; }
QListView#choices::item { padding: 2px 4px; border-radius: 3px; color: $text; }
QListView#choices::item:selected { background: $accent_soft; }
QListView#choices::item:disabled { color: $disabled; }
QListView#choices::indicator { width: 13px; height: 13px; border: 1px solid $muted; border-radius: 3px; }
QListView#choices::indicator:checked { image: url($check_icon); }
QListView#choices::indicator:disabled { border-color: $border; }
QFrame#doubt { background: $accent_soft; border: none; border-left: 3px solid $accent; border-radius: 4px; }
QFrame#refusal { background: $error_soft; border: 1px solid $error; border-radius: 5px; }
QFrame#refusal QLabel#strong { color: $error; }
QStatusBar { background: $window; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QProgressBar { background: $border; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar::handle:vertical { background: $border; border-radius: 4px; min-height: 24px; }
QScrollBar::handle:vertical:hover { background: $muted; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle:horizontal { background: $border; border-radius: 4px; min-width: 24px; }
QScrollBar::handle:horizontal:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { background: none; width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QGraphicsView { border: 1px solid transparent; }
QGraphicsView:focus { border: 1px solid $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 4px; }
""")


def style_sheet(theme: Theme) -> str:
    """Return the Qt style sheet of a theme."""
    return _SHEET.substitute(
        window=theme.window,
        raised=theme.raised,
        base=theme.base,
        border=theme.border,
        text=theme.text,
        muted=theme.muted,
        accent=theme.accent,
        on_accent=theme.on_accent,
        accent_soft=theme.accent_soft,
        accent_hover=blend(theme.accent, theme.text, 0.88).name(),
        disabled=blend(theme.muted, theme.window, 0.6).name(),
        caution=theme.caution,
        error=theme.error,
        error_soft=theme.error_soft,
        **{f"{name}_icon": icon_url(f"{name}-{'dark' if theme.is_dark else 'light'}") for name in _SHEET_ICONS},
    )
