"""Saving a project, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.archive import LARGEST_FILE, Archive, Member, archive_size, check_sums, write_archive
from mdn_gui.files.projects.contents import members_of, project_in
from mdn_gui.files.projects.opening import file_at
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.saving import SaveError, replace_file

if TYPE_CHECKING:
    from os import PathLike


def save_project(path: "str | PathLike[str]", project: Project) -> None:
    """Write a project to a file, whole or not at all; an earlier file of that name stays beside it as ``NAME.bak``.

    The new file is read back and checked before it takes the place of the old one. The same project gives the same
    bytes.

    Parameters
    ----------
    path : path
        Where the file belongs.
    project : Project
        What to write.

    Raises
    ------
    ProjectFileError
        When the file cannot be written, or would not open again; what was there before is unchanged.
    """
    try:
        members = members_of(project)
        if archive_size(members) > LARGEST_FILE:
            raise RefusedError("it would be larger than 2 GiB", "Delete runs, or save it without the rows.")
        replace_file(
            path,
            lambda stream: write_archive(stream, members),
            check=lambda written: _verify(written, members),
            keep_previous=True,
        )
    except RefusedError as refusal:
        message = f"{path} was not saved: {refusal.reason}."
        raise ProjectFileError(message, refusal.remedy or "Delete what is named, then save.") from refusal
    except SaveError as error:
        raise ProjectFileError(error.message, error.hint) from error


def _verify(written: Path, members: list[Member]) -> None:
    """Refuse a file that does not hold these members, or that would not be opened."""
    with file_at(written) as stream:
        if not _holds(stream, members):
            raise RefusedError("the disk gave back other bytes than were written", "Save in another folder.")
        project_in(stream)


def _holds(stream: BinaryIO, members: list[Member]) -> bool:
    sums = {member.name: member.sha256 for member in members}
    try:
        archive = Archive(stream)
        for name in archive.names:
            check_sums({name: archive.read(name)}, sums)
    except RefusedError:
        return False
    return set(archive.names) == set(sums)
