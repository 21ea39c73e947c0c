"""The library of fatigue laws: ``library/*.toml``, read once and validated."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from bumpfem.errors import InputError
from bumpfem.fatigue.base import FatigueLaw
from bumpfem.fatigue.coffin_manson import CoffinManson
from bumpfem.fatigue.darveaux import Darveaux
from bumpfem.fatigue.engelmaier import Engelmaier
from bumpfem.fatigue.morrow import Morrow
from bumpfem.fatigue.norris_landzberg import NorrisLandzberg
from bumpfem.fatigue.schubert import SchubertEnergy, SchubertStrain
from bumpfem.fatigue.syed import SyedEnergy, SyedPartitioned, SyedStrain
from bumpfem.fatigue.zhao import Zhao
from bumpfem.materials.citations import cite

AnyFatigueLaw = Annotated[
    Darveaux
    | SyedStrain
    | SyedEnergy
    | SyedPartitioned
    | SchubertStrain
    | SchubertEnergy
    | Morrow
    | CoffinManson
    | Zhao
    | Engelmaier,
    Field(discriminator="family"),
]
_LAWS: TypeAdapter[AnyFatigueLaw] = TypeAdapter(AnyFatigueLaw)
_ACCELERATION = "norris_landzberg.toml"


def fatigue_law_names() -> list[str]:
    """Names of all fatigue laws in the library, sorted."""
    return sorted(_laws())


def load_fatigue_law(name: str) -> FatigueLaw:
    """A fatigue law of the library; its source is recorded as used.

    >>> load_fatigue_law("syed_2004_sac_sinh_energy").damage_coefficient.value
    0.0019

    Args:
        name: One of :func:`fatigue_law_names`.

    Raises:
        InputError: There is no law of that name; the message names the nearest.
    """
    law = _pick("fatigue law", name, _laws())
    cite([law.calibration.source], law.calibration.status, f"fatigue law {name}")
    return law


def acceleration_model_names() -> list[str]:
    """Names of all acceleration models in the library, sorted."""
    return sorted(_acceleration_models())


def load_acceleration_model(name: str) -> NorrisLandzberg:
    """An acceleration model of the library; its source is recorded as used.

    Args:
        name: One of :func:`acceleration_model_names`.

    Raises:
        InputError: There is no model of that name; the message names the nearest.
    """
    model = _pick("acceleration model", name, _acceleration_models())
    cite([model.calibration.source], model.calibration.status, f"acceleration model {name}")
    return model


def _pick[T](kind: str, name: str, library: dict[str, T]) -> T:
    if name not in library:
        near = get_close_matches(name, library, n=3, cutoff=0.4)
        names = ", ".join(near or sorted(library))
        raise InputError(kind, name, f"{'a name like' if near else 'one of'} {names}")
    return library[name]


@cache
def _laws() -> dict[str, FatigueLaw]:
    found: dict[str, FatigueLaw] = {}
    for file, name, entry in _entries():
        if file == _ACCELERATION:
            continue
        if name in found:
            raise InputError("fatigue law", name, "a name used once", reason=f"again in {file}")
        found[name] = _LAWS.validate_python({"name": name, **entry})
    return found


@cache
def _acceleration_models() -> dict[str, NorrisLandzberg]:
    return {
        name: NorrisLandzberg.model_validate({"name": name, **entry})
        for file, name, entry in _entries()
        if file == _ACCELERATION
    }


def _entries() -> list[tuple[str, str, dict[str, Any]]]:
    folder = files("bumpfem.fatigue") / "library"
    return [
        (item.name, name, entry)
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".toml")
        for name, entry in tomllib.loads(item.read_text(encoding="utf-8")).items()
    ]
