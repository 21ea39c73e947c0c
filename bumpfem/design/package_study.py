"""What all studies of a package share: they are read from a file and fit their package."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from bumpfem.design.loading import in_file, materials_beside, profiles_beside, read_study
from bumpfem.design.package import Package
from bumpfem.design.record import Record
from bumpfem.errors import InputError


class PackageStudy(Record):
    """A study of a package, loadable from TOML (:meth:`load`).

    Attributes:
        package: File of the package; in a study's file relative to it.
    """

    #: Keys of files that a study's file names relative to itself.
    files: ClassVar[tuple[str, ...]] = ("package",)

    package: Path

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a study, and what it names to make sure that it fits.

        Measured profiles of ovens are looked for beside the study's file.

        Raises:
            InputError: A file is unreadable or its content is wrong; names the file.
        """
        path = Path(path)
        folder = path.parent
        data = profiles_beside(materials_beside(read_study(path, *cls.files), folder), folder)
        try:
            study = cls(**data)
        except InputError as error:
            raise in_file(error, path) from None
        package = study.load_package()
        try:
            study.check_fit(package)
        except InputError as error:
            raise in_file(error, path) from None
        return study

    def load_package(self) -> Package:
        """The package of the study.

        Raises:
            InputError: Its file is unreadable or its content is wrong.
        """
        return Package.load(self.package)

    def check_fit(self, package: Package) -> None:
        """Make sure that the study can be done with its package.

        Raises:
            InputError: Something of the study does not fit the package.
        """
