"""The way to read a table that other packages call."""

from mdn_gui.files.delimited import read_table

__all__ = ["read_table"]
