"""Packages and joints that several tests share."""

from __future__ import annotations

import warnings
from typing import Any

from bumpfem.design import Array, Joint, Package, Pad, Slab

_PAD = Pad(diameter=0.3, thickness=0.03)
#: Four joints of SAC305 between a laminate and a board.
FOUR = Package(
    name="four", pitch=0.8, array=Array(columns=2, rows=2), solder="sac305", ball_diameter=0.4,
    interposer=Slab(material="bt_laminate", thickness=0.3),
    board=Slab(material="fr4", thickness=0.8), interposer_pad=_PAD, board_pad=_PAD,
)  # fmt: skip


def changed(package: Package, name: str, part: str = "", /, **values: Any) -> Joint:
    """A ready-made joint with other values, of itself or of one of its parts."""
    data = package.joint(name).model_dump()
    (data[part] if part else data).update(values)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Joint(**data)
