"""The flat parts of a cell: slabs of board and interposer with what they carry."""

from __future__ import annotations

from dataclasses import dataclass

from bumpfem.design import Package
from bumpfem.errors import InputError
from bumpfem.shapes import JointShape


@dataclass(frozen=True)
class FlatPart:
    """A region between two heights; ``hollow`` ones leave out the cylinder of the joint."""

    region: str
    bottom: float
    top: float
    hollow: bool = False


def flat_parts(package: Package, shape: JointShape) -> list[FlatPart]:
    """Slabs from the board's bottom to the top of the package, and the layers around the joint.

    Args:
        package: The package.
        shape: The joint's shape, which gives the interposer's height.

    Raises:
        InputError: If the die does not fit into the mould.
    """
    height = shape.interposer_surface
    parts = [FlatPart("board", -package.board.thickness, 0.0)]

    def pile(region: str, thickness: float) -> None:
        nonlocal height
        if thickness > 0.0:
            parts.append(FlatPart(region, height, height + thickness))
            height += thickness

    pile("interposer", package.interposer.thickness)
    mould = 0.0 if package.mould is None else package.mould.thickness
    if package.die is not None and package.under_die:
        pile("die_attach", package.die.attach_thickness)
        pile("die", package.die.thickness)
        covered = package.die.attach_thickness + package.die.thickness
        if mould > 0.0:
            mould -= covered
            if mould < -1e-9:
                raise InputError(
                    "package.mould.thickness",
                    package.mould and package.mould.thickness,
                    f">= {covered}",
                    "mm",
                    "the die must fit into the mould",
                )
    if mould > 1e-6:
        pile("mould", mould)
    parts += [FlatPart(a.region, a.bottom, a.top, hollow=True) for a in shape.layers]
    return parts
