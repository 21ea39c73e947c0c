"""Curing resins beyond the temperatures of their data: refused, or named once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from mpi4py import MPI

from bumpfem.constitutive import ResinModel, resin_law
from bumpfem.constitutive.curing_resin import STILL_PER_HOUR, CuringResin
from bumpfem.design import Joint, Package, ThermalCycle
from bumpfem.design.dip_window import OneHeating
from bumpfem.design.making import Attach, Cure, Dispense, Making, Mount
from bumpfem.design.programme import Programme
from bumpfem.errors import PropertyRangeError
from bumpfem.materials import Extrapolation, Span, collect_extrapolations, load_material
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.chain_cell import chain_cell
from bumpfem.process.heated_step import run_heated
from bumpfem.process.region_materials import RegionMaterial, Window
from bumpfem.process.setting_resin import SetResin, set_laws
from bumpfem.units import ZERO_CELSIUS_K

REFLOW = OneHeating(cure_temperature=165.0, cure_time=300.0).programme(3.0, 245.0)
HINT = "extrapolate = true in the study"


@pytest.fixture(scope="module")
def mesh(pbga: Package) -> Mesh:
    return build_mesh(
        pbga, pbga.joint("anchored"), size=2.5, kind="axisymmetric", comm=MPI.COMM_SELF
    )


def _joint(package: Package, resin: str, route: str) -> Joint:
    joint = package.joint("anchored")
    assert joint.anchor is not None
    changes = {"material": resin, "family": "epoxy", "route": route}
    anchor = type(joint.anchor)(**{**joint.anchor.model_dump(), **changes})
    return joint.model_copy(update={"anchor": anchor})


def _of(entries: list[Extrapolation], material: str) -> dict[str, float]:
    """What was recorded of a material: how far each of its data was used."""
    found = [item for item in entries if item.material == material]
    assert len({item.name for item in found}) == len(found)
    return {item.name: item.reached for item in found}


# --- heat ---------------------------------------------------------------------------------------


def test_kinetics_beyond_their_range_stop_a_heating(pbga: Package, mesh: Mesh) -> None:
    """Material, part, range, what was asked for, the source and the way out."""
    with pytest.raises(PropertyRangeError) as caught:
        run_heated(pbga, _joint(pbga, "epoxy_8552", "dip"), "attach", REFLOW, mesh, strict=False)
    words = ("epoxy_8552 cure kinetics", "25 to 200 C", "not at 24", "hubert2001", "no range", HINT)
    for word in words:
        assert word in str(caught.value)


def test_what_goes_on_is_named_once(pbga: Package, mesh: Mesh) -> None:
    """Two heatings: the hotter one counts. The resin is liquid when the solder has molten, so its
    viscosity counts too; the numbers are those of the same resin without ranges."""
    joint = _joint(pbga, "epoxy_8552", "dip")
    colder = OneHeating(cure_temperature=165.0, cure_time=300.0).programme(3.0, 230.0)
    with collect_extrapolations() as beyond:
        for heat in (REFLOW, colder):
            run = run_heated(pbga, joint, "attach", heat, mesh, strict=False, extrapolate=True)
            hottest = run.history.regions["resin"].highest.max()
            reached = _of(beyond.entries, "epoxy_8552")
            assert set(reached) == {"cure kinetics", "cure viscosity"}
            assert (reached["cure kinetics"] == hottest) == (heat is REFLOW)
            assert reached["cure viscosity"] == pytest.approx(reached["cure kinetics"], abs=3.0)
    assert run.resin is not None
    unlimited = replace(run.resin.resin, data={})
    cure = unlimited.along(run.times, run.resin.temperature)
    assert run.resin.mean[-1] == pytest.approx(cure[-1], abs=1e-3)


def test_a_heating_within_all_ranges_names_nothing(pbga: Package, mesh: Mesh) -> None:
    """The usual cure of the same resin, 180 C."""
    cure = Programme(points=((0.0, 25.0), (100.0, 180.0), (7300.0, 180.0)))
    with collect_extrapolations() as beyond:
        run_heated(pbga, _joint(pbga, "epoxy_8552", "spread"), "cure", cure, mesh)
    assert beyond.entries == []


def test_a_viscosity_does_not_count_before_the_solder_melts(pbga: Package, mesh: Mesh) -> None:
    """The ordinary epoxy has gelled by then; its viscosity ends at 200 C."""
    with collect_extrapolations() as beyond:
        run_heated(pbga, _joint(pbga, "epoxy", "dip"), "attach", REFLOW, mesh, strict=False)
    assert beyond.entries == []


def test_a_history_in_python_obeys_the_same_rule() -> None:
    resin = CuringResin.of("epoxy_120c")
    times, temperatures = np.array([0.0, 100.0]), np.array([25.0, 230.0])
    with pytest.raises(PropertyRangeError, match=f"epoxy_120c cure kinetics.*230 C.*{HINT}"):
        resin.along(times, temperatures)
    with collect_extrapolations() as beyond:
        cure = resin.along(times, temperatures, extrapolate=True)
    assert _of(beyond.entries, "epoxy_120c") == {"cure kinetics": 230.0}
    np.testing.assert_array_equal(cure, replace(resin, data={}).along(times, temperatures))


# --- cold ---------------------------------------------------------------------------------------


def test_a_resin_that_stands_still_may_be_colder() -> None:
    """At 25 C the one cures by a millionth in an hour, the other's tests begin at 120 C."""
    CuringResin.of("epoxy_8552").check_cure(Span(-40.0, 180.0))
    CuringResin.of("epoxy_8552").check_cure(Span(-40.0, -20.0))
    with pytest.raises(PropertyRangeError, match="from 120 to 200 C, not at 25 C"):
        CuringResin.of("moulding_compound_turng").check_cure(Span(25.0, 180.0))


@pytest.mark.parametrize(("shift", "refused"), [(-1.0, False), (1.0, True)])
def test_where_a_resin_stands_still(shift: float, refused: bool) -> None:
    """An n-th order law is fastest at the beginning, A exp(-E/RT): 2 % in an hour at
    T = E/R / ln(3600 A / 0.02). A range that begins below may be left, one that begins above not.
    """
    resin = CuringResin.of("vialux_81")
    part = resin.data["kinetics"]
    factor, activation = part.parameters["factor"], part.parameters["activation"]
    still = activation / math.log(3600.0 * factor / STILL_PER_HOUR) - ZERO_CELSIUS_K
    moved = part.model_copy(update={"range": (still + shift, 250.0)})
    resin = replace(resin, data={**resin.data, "kinetics": moved})
    if not refused:
        resin.check_cure(Span(-40.0, 150.0))
        return
    with pytest.raises(PropertyRangeError, match="vialux_81 cure kinetics"):
        resin.check_cure(Span(-40.0, 150.0))


# --- mechanics ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "model", "highest", "expected"),
    [
        ("polyimide", "cure_hardening", 150.0, {}),
        ("polyimide", "cure_hardening", 240.0, dict.fromkeys(("E", "nu", "alpha"), 240.0)),
        ("polyimide", "maxwell", 260.0, dict.fromkeys(("E", "nu", "alpha"), 250.0)),
        ("silicone", "maxwell", 245.0, dict.fromkeys(("E", "nu", "alpha"), 245.0)),
        ("epoxy", "maxwell", 260.0, {}),
        ("underfill_u8439_1", "cure_hardening", 130.0, {"curing mechanics rubbery": 130.0}),
        (
            "underfill_u8439_1", "maxwell", 105.0,
            {f"curing mechanics {part}": 105.0 for part in ("rubbery", "prony", "shift")},
        ),
    ],
)  # fmt: skip
def test_mechanics_of_resins(
    name: str, model: ResinModel, highest: float, expected: dict[str, float]
) -> None:
    """Data of the glass count up to the transition of the cured resin (polyimide: 250 C, the
    underfill: 88 C), data of the rubber above: silicone's elastic ones are those of its rubber."""
    short = {"E": "youngs_modulus", "nu": "poissons_ratio", "alpha": "expansion"}
    wanted = {short.get(key, key): value for key, value in expected.items()}
    with collect_extrapolations() as beyond:
        resin_law(name, model, 25.0, 1.0, span=Span(-40.0, highest, extrapolate=True))
    assert _of(beyond.entries, name) == wanted
    if not wanted:
        resin_law(name, model, 25.0, 1.0, span=Span(-40.0, highest))
        return
    with pytest.raises(PropertyRangeError, match=f"{name} .*{HINT}"):
        resin_law(name, model, 25.0, 1.0, span=Span(-40.0, highest))


def test_a_rubber_counts_from_the_gel_point_on() -> None:
    """There the epoxy has its lowest glass transition as a solid; colder it is glass."""
    known, resin = load_material("epoxy"), CuringResin.of("epoxy")
    lowest = float(resin.glass_transition.at(np.array([resin.gel_cure]))[0])
    for start, reached in (
        (lowest - 1.0, {}),
        (lowest + 1.0, {"curing mechanics rubbery": lowest}),
    ):
        part = known.curing_mechanics["rubbery"].model_copy(update={"range": (start, 300.0)})
        parts = {**known.curing_mechanics, "rubbery": part}
        own = known.model_copy(update={"curing_mechanics": parts})
        with collect_extrapolations() as beyond:
            resin_law(own, "cure_hardening", 25.0, span=Span(-40.0, 120.0, extrapolate=True))
        assert _of(beyond.entries, "epoxy") == pytest.approx(reached)


def test_formal_ranges_are_never_left() -> None:
    """A gel point and a shrinkage do not depend on temperature, whatever their entry says."""
    epoxy = load_material("epoxy")
    for part in (epoxy.cure["gel_cure"], epoxy.curing_mechanics["shrinkage"]):
        assert part.range_basis == "formal"
        assert part.outside(-200.0, 1000.0) is None


def test_cycles_without_history_mind_the_resin() -> None:
    """Cycles to 125 C are within all ranges; solder that freezes at 217 C is beyond its cure."""
    resins = SetResin("cure_hardening", {"resin": 0.9})
    item = RegionMaterial("resin", "epoxy_120c", None)
    with collect_extrapolations() as beyond:
        set_laws([item], resins, Window(-40.0, 125.0, 125.0))
        assert beyond.entries == []
        set_laws([item], resins, Window(-40.0, 217.0, 217.0, extrapolate=True))
    assert _of(beyond.entries, "epoxy_120c") == pytest.approx(
        {
            "cure kinetics": 217.0, "youngs_modulus": 135.0, "poissons_ratio": 135.0,
            "expansion": 135.0,
        }
    )  # fmt: skip
    with pytest.raises(PropertyRangeError, match=r"epoxy_120c cure kinetics.*217 C"):
        set_laws([item], resins, Window(-40.0, 217.0, 217.0))


def test_a_resin_does_not_see_what_was_before_it(pbga: Package) -> None:
    """Dispensed after the ball is attached at 245 C and cured at 180 C; mounting heats it again."""
    joint = _joint(pbga, "epoxy_8552", "spread")
    cure = Cure(programme=Programme(points=((0.0, 25.0), (100.0, 180.0))))
    cycle = ThermalCycle.jedec("G")
    early = Making(steps=(Attach(programme=REFLOW), Dispense(), cure))
    for steps, reached in ((early.steps, None), ((*early.steps, Mount(programme=REFLOW)), 245.0)):
        mesh = build_mesh(pbga, joint, size=2.5, kind="axisymmetric", comm=MPI.COMM_SELF)
        with collect_extrapolations() as beyond:
            chain_cell(pbga, joint, mesh, Making(steps=steps), cycle, extrapolate=True)
        assert _of(beyond.entries, "epoxy_8552").get("cure kinetics") == reached
