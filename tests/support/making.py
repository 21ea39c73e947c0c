"""Joints, studies and results of making, made up: design, pages and tables need no run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bumpfem.design import Anchor, Joint, Making

ROOT = Path(__file__).parents[2]
RESIN = {"material": "epoxy", "family": "epoxy", "thickness": 0.06, "contact_height": 0.12}
MASK = {"material": "solder_resist", "depth": 0.18, "mouth_diameter": 0.56}

_INTERFACE = {"peel_mean": 2.0, "peel_max": 9.5, "shear_mean": 3.0, "shear_max": 11.0}


def made_joint(anchor: dict[str, Any] | None = None, **parts: Any) -> Joint:
    """A joint with other parts.

    Args:
        anchor: What differs from ``RESIN``; without it there is no resin.
        parts: Further fields of the joint.
    """
    resin = None if anchor is None else Anchor(**{**RESIN, **anchor})
    return Joint(name="joint", ball_diameter=0.45, solder="sac305", anchor=resin, **parts)


def kinds(making: Making) -> list[str]:
    """What a making's steps are, in their order."""
    return [step.kind for step in making.steps]


def study_text(joints: str) -> str:
    """A study of making with one cycle of JESD22-A104 G; ``joints`` is the list in TOML."""
    return f"""
kind = "making"
package = "{ROOT}/meshes/pbga_0p80.toml"
joints = {joints}

[cycle]
condition = "G"
cycles = 1

[fatigue]
law = "darveaux_sac305_motalab_2013"
"""


def made_result(name: str, *, resin: bool, shear: bool = True, race: str = "") -> dict[str, Any]:
    """``result.json`` of a joint that was attached, maybe filled and cured, mounted and cycled.

    Args:
        name: Name of the joint.
        resin: Whether it has resin, cured in a step of its own.
        shear: Whether it went through a ball shear test.
        race: Verdict of its race of wetting against gelation; empty for none.
    """
    kinds = ["attach", "cool_down"]
    kinds += ["dispense", "cure", "cool_down"] if resin else []
    kinds += ["ball_shear"] if shear else []
    kinds += ["mount", "cycles"]
    spans = {"dispense": 0.0, "ball_shear": 0.0, "cool_down": 60.0, "cure": 7200.0}
    records, heated, time = [], [], 0.0
    for number, kind in enumerate(kinds, start=1):
        end = time + spans.get(kind, 360.0)
        hard = resin and number > 4
        records.append(
            {
                "number": number,
                "kind": kind,
                "start_s": time,
                "end_s": end,
                "temperature_c": 150.0 if kind == "cure" else 25.0,
                "activity": {"solder": "solid"},
                "cure": _cure(0.95 if hard else 0.05) if resin and number > 2 else None,
                "paste_cure": None,
                "regions": {
                    "solder": _stress(10.0 + number),
                    **({"resin": _stress(5.0 + number)} if hard else {}),
                },
                "interfaces": {"ball_pad": _INTERFACE} if number > 1 else {},
                "warpage": {"bow_over_package": 1.5, "curvature": 1e-4},
                "verdict": _race(race) if race and kind == "attach" else None,
                "shear_test": _test() if kind == "ball_shear" else None,
                "notes": [f"a note on {kind}"],
            }
        )
        if kind in ("attach", "cure", "mount"):
            heated.append(_heated(number, kind, time, end - time, resin and kind != "attach"))
        time = end
    return {
        "key": "made up",
        "status": "ok",
        "joint": name,
        "mesh_size": 2.0,
        "tolerance": 1e-3,
        "cycles": 1,
        "steps_of_making": kinds,
        "resin_model": "cure_hardening",
        "shrinkage": True,
        "records": records,
        "heated": heated,
        "resumed_after": 0,
        "standoff_mm": 0.3,
        "layers": {},
        "yield_margin": None,
        "unknowns": 1234,
        "steps": 99,
        "wall_s": 12.5,
        "sources": [["illustrative_values", "illustrative", "made up"]],
        "extrapolated": [],
        "warnings": [],
    }


def _cure(mean: float) -> dict[str, float]:
    return {"mean": mean, "lowest": mean, "highest": mean, "glass_transition_c": 120.0 * mean}


def _stress(mean: float) -> dict[str, float]:
    return {"von_mises_mean": mean, "von_mises_max": 2.0 * mean, "pressure_mean": -0.1 * mean}


def _race(verdict: str) -> dict[str, Any]:
    return {"verdict": verdict, "margin": 12.5, "sentence": f"the race ends: {verdict}"}


def _heated(number: int, kind: str, start: float, span: float, cures: bool) -> dict[str, Any]:
    return {
        "number": number,
        "stage": kind,
        "start_s": start,
        "facts": {
            "events_s": {"melts": 0.5 * span, "gels": None, "freezes": 0.8 * span},
            "faults": [f"a fault of {kind}"] if kind == "attach" else [],
        },
        "time_s": [0.0, 0.5 * span, span],
        "temperature_c": [25.0, 240.0, 25.0],
        "cure": [0.05, 0.5, 0.95] if cures else None,
        "glass_transition_c": [0.0, 60.0, 120.0] if cures else None,
    }


def _test() -> dict[str, Any]:
    return {
        "tool_height": 0.08,
        "speed": 0.5,
        "temperature": 25.0,
        "ball_height": 0.38,
        "pad_area": 0.09,
        "curve": {"displacement": [0.0, 0.01, 0.02], "force": [0.0, 2.0, 3.25]},
        "peak_force": 3.25,
        "strength": 36.1,
        "levelled": True,
        "verdict": "the solder flows",
        "limits": ["no fracture"],
    }
