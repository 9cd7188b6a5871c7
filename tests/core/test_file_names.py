import pytest

from mdn_gui.core.file_names import file_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/me/a b.csv", "a b.csv"),
        ("C:\\Users\\me\\a.csv", "a.csv"),
        ("\\\\server\\share\\a.csv", "a.csv"),
        ("Silverman 1985 / R package MASS", "Silverman 1985 / R package MASS"),
        ("", ""),
    ],
)
def test_that_a_file_is_named_without_its_folder(path: str, name: str) -> None:
    assert file_name(path) == name
