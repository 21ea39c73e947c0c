"""Reading TOML and turning every complaint about input into one clear :class:`InputError`."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bumpfem.design.quantities import PATTERNS, Quantity
from bumpfem.errors import InputError

#: Lengths that people write beside a number, in mm.
_LENGTH_UNITS_MM = {
    "nm": 1e-6, "um": 1e-3, "µm": 1e-3, "μm": 1e-3, "mm": 1.0, "cm": 10.0, "m": 1000.0,
    "mil": 0.0254, "mils": 0.0254, "in": 25.4, "inch": 25.4, "inches": 25.4, '"': 25.4,
}  # fmt: skip
#: What was expected, by pydantic's type of error, where neither range nor choice says it.
_EXPECTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "tuple_type": "a list",
    "path_type": "the path of a file, as text",
}
_NUMBER_AND_UNIT = re.compile(r"^\s*([-+0-9.eE]+)\s*(\S+)\s*$")


def read_toml(path: Path | str) -> dict[str, Any]:
    """Content of a TOML file.

    Raises:
        InputError: The file is missing, not readable, not UTF-8 or not valid TOML; the message
            names the file and, for a syntax error, the line.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError("file", path, "an existing TOML file", reason="no such file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InputError(
            "file", path, "UTF-8 text", reason=f"line {line} holds a byte that is not UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            "file", path, "a readable TOML file", reason=error.strerror or str(error)
        ) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("file", path, "valid TOML", reason=_toml_reason(text, error)) from None


def read_study(path: Path, *files: str) -> dict[str, Any]:
    """Content of a study's file: its name, if none is given, is that of the file.

    Args:
        path: The study's file.
        files: Keys of files that are named relative to it.

    Raises:
        InputError: As :func:`read_toml`.
    """
    data = {"name": path.stem, **read_toml(path)}
    for key in files:
        if isinstance(data.get(key), str):
            data[key] = path.parent / data[key]
    return data


#: Keys whose values name materials.
MATERIAL_KEYS = frozenset(
    {
        "material", "attach_material", "paste_material", "bond_material", "solder", "metal",
        "substrate", "resins",
    }
)  # fmt: skip


def materials_beside(data: Any, folder: Path, key: str = "") -> Any:
    """Design data with every material file of the user's own relative to a folder."""
    if isinstance(data, dict):
        return {name: materials_beside(value, folder, name) for name, value in data.items()}
    if isinstance(data, list):
        return [materials_beside(item, folder, key) for item in data]
    own = key in MATERIAL_KEYS and isinstance(data, str) and data.endswith(".toml")
    return str(folder / data) if own else data


def profiles_beside(data: Any, folder: Path) -> Any:
    """The data of a study with every measured profile of an oven relative to the study's folder."""
    if isinstance(data, list):
        return [profiles_beside(item, folder) for item in data]
    if not isinstance(data, dict):
        return data
    return {
        key: folder / value
        if key == "measured" and isinstance(value, str)
        else profiles_beside(value, folder)
        for key, value in data.items()
    }


def _toml_reason(text: str, error: tomllib.TOMLDecodeError) -> str:
    message = str(error)
    lines = text.splitlines() or [""]
    found = re.search(r"at line (\d+)", message)
    number = int(found.group(1)) if found else len(lines)
    content = lines[min(number, len(lines)) - 1].strip()
    place = "" if found else f" (line {number}, the last)"
    return f"{message}{place}: {content!r}"


def in_file(error: InputError, path: Path | str) -> InputError:
    """The same error, with the file that the value came from."""
    reason = f"{error.reason}; in {path}" if error.reason else f"in {path}"
    return InputError(error.field, error.value, error.allowed, error.unit, reason)


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known word, or an empty string."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def quoted(words: Iterable[str]) -> str:
    """The words for an error message: ``'a', 'b', 'c'``."""
    return ", ".join(repr(word) for word in words)


def translated(model: type[BaseModel], root: str, error: ValidationError) -> InputError:
    """The first complaint of pydantic as an :class:`InputError`, the others named in its reason.

    Args:
        model: The model that was being built.
        root: What the model is called in a message, e.g. ``package``.
        error: What pydantic found.
    """
    details = sorted(error.errors(include_url=False), key=lambda d: d["type"] == "missing")
    first = _translated_detail(model, root, details[0])
    others = [_translated_detail(model, root, detail).field for detail in details[1:]]
    others = [
        name
        for name in dict.fromkeys(others)
        if not (name.startswith(first.field) or first.field.startswith(name))
    ]
    if not others:
        return first
    reason = "; ".join(filter(None, [first.reason, f"also wrong: {', '.join(others)}"]))
    return InputError(first.field, first.value, first.allowed, first.unit, reason)


def _translated_detail(model: type[BaseModel], root: str, detail: ErrorDetails) -> InputError:
    names, node, description, owner = _follow(model, detail["loc"])
    field = ".".join([root, *names])
    context = detail.get("ctx", {})
    cause = context.get("error")
    value: object = detail["input"]
    if isinstance(cause, InputError):
        inner = f"{field}.{cause.field}" if cause.field else field
        return InputError(inner, cause.value, cause.allowed, cause.unit, cause.reason)
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        known = sorted(owner.model_fields)
        return InputError(
            f"{field}.{key}",
            value,
            "no such key",
            reason=did_you_mean(key, known) or f"known keys: {', '.join(known)}",
        )
    quantity = _quantity(node)
    choices = _choices(node)
    if quantity is not None:
        allowed, unit = str(quantity), quantity.unit
        reason = _quantity_reason(value, quantity)
    elif choices:
        allowed, unit = f"one of {quoted(choices)}", ""
        reason = did_you_mean(value, choices)
    else:
        message = _EXPECTED.get(detail["type"]) or PATTERNS.get(str(context.get("pattern")))
        message = message or detail["msg"].removeprefix("Input should be ").removeprefix("Value ")
        allowed, unit = description or message, ""
        reason = ""
    if detail["type"] == "missing":
        return InputError(field, "nothing", allowed, reason="this field is required")
    shown_unit = unit if isinstance(value, int | float) else ""
    shown = repr(value) if isinstance(value, str) else value
    return InputError(field, shown, allowed, shown_unit, reason)


def _quantity_reason(value: object, quantity: Quantity) -> str:
    """Why a value is no such quantity: a unit written out, or another unit meant."""
    if not quantity.unit:
        return ""
    if not isinstance(value, str):
        return f"the unit of this field is {quantity.unit}"
    hint = f"give the number alone, its unit is {quantity.unit}"
    parts = _NUMBER_AND_UNIT.match(value)
    if parts and quantity.unit == "mm" and parts.group(2) in _LENGTH_UNITS_MM:
        try:
            length = float(parts.group(1)) * _LENGTH_UNITS_MM[parts.group(2)]
        except ValueError:
            return hint
        return f"{hint}; {value} is {length:.6g} mm"
    return hint


def _follow(
    model: type[BaseModel], location: tuple[int | str, ...]
) -> tuple[list[str], object, str | None, type[BaseModel]]:
    """Walk from a model along the location of an error.

    Returns:
        The names on the way, places in a list from 1; the type found there, its description, and
        the last model passed.
    """
    names: list[str] = []
    node: object = model
    description: str | None = None
    owner = model
    for part in location:
        options = list(_options(node))
        for option in options:
            origin, arguments = get_origin(option), get_args(option)
            if isinstance(option, type) and issubclass(option, BaseModel):
                owner = option
                if part not in option.model_fields:
                    continue
                info = option.model_fields[str(part)]
                node, description = info.annotation, info.description
                if info.metadata:
                    node = Annotated[(node, *info.metadata)]
            elif origin is dict and len(options) == 1:
                node = arguments[1]
                description = _description(node) or description
            elif origin in (tuple, list) and isinstance(part, int):
                node = arguments[min(part, len(arguments) - 1)]
                if node is Ellipsis:
                    node = arguments[0]
            else:
                continue
            names.append(str(part + 1) if isinstance(part, int) else part)
            break
    for option in _options(node):
        if isinstance(option, type) and issubclass(option, BaseModel):
            owner = option
    return names, node, description, owner


def _description(node: object) -> str | None:
    """The description that a type carries, if any."""
    if get_origin(node) is not Annotated:
        return None
    found = (item.description for item in get_args(node)[1:] if isinstance(item, FieldInfo))
    return next((text for text in found if text), None)


def _options(node: object) -> Iterator[object]:
    """The plain types that a possibly annotated, possibly optional type stands for."""
    origin = get_origin(node)
    if origin is Annotated:
        yield from _options(get_args(node)[0])
    elif origin in (Union, UnionType):
        for argument in get_args(node):
            yield from _options(argument)
    elif node is not NoneType:
        yield node


def _quantity(node: object) -> Quantity | None:
    """The quantity that a type carries, if any."""
    origin = get_origin(node)
    if origin is Annotated:
        for item in get_args(node)[1:]:
            if isinstance(item, Quantity):
                return item
        return _quantity(get_args(node)[0])
    if origin in (Union, UnionType):
        found = (_quantity(argument) for argument in get_args(node))
        return next((quantity for quantity in found if quantity is not None), None)
    return None


def _choices(node: object) -> list[str]:
    """The words that a type allows, if it allows only words."""
    options = list(_options(node))
    if not all(get_origin(option) is Literal for option in options):
        return []
    return [str(word) for option in options for word in get_args(option)]
