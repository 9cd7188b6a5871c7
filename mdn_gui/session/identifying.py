"""The components of the newest fit that are not needed, found off the GUI thread."""

from functools import partial

from PySide6.QtCore import QObject

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.files.options import Watch
from mdn_gui.session.follower import Follower


class ComponentFinder(Follower):
    """Keeps what is found of the newest fit: a tuple of ComponentFinding, empty where nothing is found or known yet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)

    def follow(self, model: FittedModel | None, dataset: Dataset | None) -> None:
        """Look at the components of a finished fit over the rows of a data set, where they are not those of before."""
        work = None if model is None or dataset is None else partial(_found, model, dataset)
        self.ask((model, dataset), work)


def _found(model: FittedModel, dataset: Dataset, _: Watch) -> tuple[ComponentFinding, ...]:
    special.load()
    return find_components(model, dataset.x, dataset.y)
