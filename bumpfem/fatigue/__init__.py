"""Life laws bound to their calibration, acceleration factors and the spread of lives."""

from bumpfem.fatigue.applicability import Mismatch, check_applicability
from bumpfem.fatigue.base import DAMAGE_MEASURES, FatigueLaw
from bumpfem.fatigue.calibration import LIFE_DEFINITIONS, Calibration, Constant
from bumpfem.fatigue.estimate import LifeEstimate, LifeInterval
from bumpfem.fatigue.measures import CycleMeasures, RunContext
from bumpfem.fatigue.norris_landzberg import Acceleration, CycleConditions, NorrisLandzberg
from bumpfem.fatigue.registry import (
    acceleration_model_names,
    fatigue_law_names,
    load_acceleration_model,
    load_fatigue_law,
)
from bumpfem.fatigue.weibull import Weibull

__all__ = [
    "DAMAGE_MEASURES",
    "LIFE_DEFINITIONS",
    "Acceleration",
    "Calibration",
    "Constant",
    "CycleConditions",
    "CycleMeasures",
    "FatigueLaw",
    "LifeEstimate",
    "LifeInterval",
    "Mismatch",
    "NorrisLandzberg",
    "RunContext",
    "Weibull",
    "acceleration_model_names",
    "check_applicability",
    "fatigue_law_names",
    "load_acceleration_model",
    "load_fatigue_law",
]
