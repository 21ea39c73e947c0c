"""The base of all design data: frozen, validated once, and clear about what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bumpfem.design.loading import in_file, materials_beside, read_toml, translated
from bumpfem.errors import InputError

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class _Door(ModelMetaclass):
    """Calls a model and turns pydantic's complaint into an :class:`InputError`.

    Only the outermost call passes here; nested models are validated inside it, so that the error
    knows the whole dotted path.
    """

    if not TYPE_CHECKING:

        def __call__(self, **data):
            """Build the model or say what is wrong with the data."""
            try:
                return super().__call__(**data)
            except ValidationError as error:
                raise translated(self, self.label, error) from None


class Record(BaseModel, metaclass=_Door):
    """Frozen, validated design data; unknown keys are refused.

    Raises:
        InputError: Names the dotted field, the value, its unit and what is allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    #: What the record is called in an error message.
    label: ClassVar[str] = "record"

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read the record from a TOML file.

        Raises:
            InputError: The file is unreadable or its content is wrong; names the file.
        """
        data = materials_beside(read_toml(path), Path(path).parent)
        try:
            return cls(**data)
        except InputError as error:
            raise in_file(error, path) from None
