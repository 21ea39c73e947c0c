"""The averaging layers of solder at both pads."""

from __future__ import annotations

from bumpfem.errors import InputError
from bumpfem.shapes import JointShape

#: A layer's plane this close to a pole or lip, relative to the layer's thickness, is moved.
TANGENCY = 0.12


def solder_layers(shape: JointShape, thickness: float) -> dict[str, tuple[float, float]]:
    """Bottom and top of the averaging layers at board and interposer.

    A plane that would just touch the pole of a core or crown, or run just beside the lip of the
    resist, would leave a film too thin to mesh; it is moved by up to 18 % of the thickness. The
    mesh records the thickness that it has.

    Args:
        shape: The joint.
        thickness: Thickness wanted, mm.

    Returns:
        Heights by region name; no layer at the interposer where a metal bump stands there, and
        none at all without solder.

    Raises:
        InputError: If the layers would meet.
    """
    if "solder" not in shape.regions:
        return {}
    low, high = shape.board_face, shape.interposer_face
    ceiling = shape.board_face + shape.standoff if high is None else high
    limit = 0.45 * (ceiling - low)
    if not 0.0 < thickness <= limit:
        raise InputError(
            "layer_thickness",
            thickness,
            f"0 to {limit:.4g}",
            "mm",
            "two layers must fit into the solder with some between them",
        )
    inner = [b for b in shape.bodies if b.region in ("core", "bump", "bump_barrier")]
    bottoms = [min(s.height_range[0] for s in body.loop) - low for body in inner]
    layers = {"solder_layer_board": (low, low + _clear(thickness, bottoms, shape.lips[0]))}
    if high is not None:
        tops = [high - max(s.height_range[1] for s in body.loop) for body in inner]
        layers["solder_layer_interposer"] = (high - _clear(thickness, tops, shape.lips[1]), high)
    return layers


def _clear(thickness: float, poles: list[float], lip: float) -> float:
    """Thickness nearest to the wanted one that keeps clear of poles and of the resist's lip."""
    if abs(lip - thickness) < 2.0 * TANGENCY * thickness:
        return lip
    for pole in poles:
        if (1.0 - TANGENCY) * thickness < pole < (1.0 + TANGENCY) * thickness:
            below = pole > (1.0 - 1e-6) * thickness
            return pole * (1.0 - TANGENCY if below else 1.0 + TANGENCY)
    return thickness
