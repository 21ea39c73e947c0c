r"""Gel time under a steady rise of temperature against the closed form.

A resin of second order, :math:`\dot x = A e^{-B/T} (1 - x)^2`, heated at the rate q from
:math:`T_0`, has

.. math:: \frac{x}{1 - x} - \frac{x_0}{1 - x_0} = \frac{A}{q} \int_{T_0}^{T} e^{-B/T'} dT',
          \qquad \int e^{-B/T} dT = T e^{-B/T} - B\,E_1(B/T),

with the exponential integral :math:`E_1`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import exp1

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.constitutive.nth_order import NthOrder
from bumpfem.design import Joint, Package
from bumpfem.design.programme import Programme
from bumpfem.meshing import build_mesh
from bumpfem.process.heated_step import run_heated
from bumpfem.process.resin_in_oven import ResinCure
from bumpfem.units import ZERO_CELSIUS_K

_FACTOR, _ACTIVATION, _ORDER = 1e7, 9000.0, 2.0
_START_C, _GEL = 25.0, 0.5


def _resin() -> CuringResin:
    return replace(
        CuringResin.of("noflow_epoxy"),
        kinetics=NthOrder(_FACTOR, _ACTIVATION, _ORDER),
        initial_cure=0.01,
        gel_cure=_GEL,
    )


def _primitive(kelvin: float) -> float:
    ratio = _ACTIVATION / kelvin
    return float(kelvin * np.exp(-ratio) - _ACTIVATION * exp1(ratio))


def _closed_gel_time(rate: float) -> float:
    start = _START_C + ZERO_CELSIUS_K
    wanted = _GEL / (1.0 - _GEL) - 0.01 / 0.99

    def excess(kelvin: float) -> float:
        return _FACTOR / rate * (_primitive(kelvin) - _primitive(start)) - wanted

    return float((brentq(excess, start, 900.0) - start) / rate)


@pytest.mark.parametrize("rate", [0.05, 0.5, 5.0])
def test_gel_time_of_a_steady_rise(rate: float) -> None:
    """Found to a millionth, although the history has a point every 20 K only.

    The primitive itself is checked against quadrature.
    """
    found, _ = quad(lambda kelvin: np.exp(-_ACTIVATION / kelvin), 300.0, 500.0, epsrel=1e-12)
    assert _primitive(500.0) - _primitive(300.0) == pytest.approx(found, rel=1e-9)
    resin = _resin()
    temperatures = np.arange(_START_C, 346.0, 20.0)
    times = (temperatures - _START_C) / rate
    hot = replace(resin, highest_temperature=400.0)
    cure = hot.along(times, temperatures, extrapolate=True)
    history = ResinCure(resin, times, temperatures, cure, cure, cure, 0.0)
    wanted = _closed_gel_time(rate)
    assert history.events["gels"] == pytest.approx(wanted, rel=1e-6)
    assert history.events["gelled"] == history.events["gels"]


def test_a_slow_rise_of_the_cell_gels_as_its_surface_would(repository: Path) -> None:
    """At 0.05 K/s a cell without melting lags less than 0.1 K behind its surface.

    So its gel time is that of the programme itself; 0.1 K of lag are 2 s at this rate.
    """
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    joint: Joint = package.joint("anchored")
    assert joint.anchor is not None
    anchor = joint.anchor.model_copy(update={"material": "epoxy"})
    joint = joint.model_copy(update={"anchor": anchor})
    mesh = build_mesh(package, joint, size=2.5, kind="axisymmetric")
    rise = Programme(points=((0.0, 25.0), (3500.0, 200.0)))
    run = run_heated(package, joint, "cure", rise, mesh)
    assert run.spread < 0.2
    assert run.uniform
    resin = CuringResin.of("epoxy")
    times = np.linspace(0.0, 3500.0, 701)
    cure = resin.along(times, 25.0 + 0.05 * times)
    wanted = float(np.interp(resin.gel_cure, cure, times))
    assert run.events["gels"] == pytest.approx(wanted, abs=2.0)
