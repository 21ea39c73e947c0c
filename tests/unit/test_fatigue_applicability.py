"""A run that differs from a calibration is told so, one sentence for each difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bumpfem.fatigue import RunContext, check_applicability, load_fatigue_law

DARVEAUX = load_fatigue_law("darveaux_2000_snpb_layer_25um")
MATCHING = RunContext(
    alloy="sn63pb37",
    constitutive_law="anand",
    law_set="anand_snpb_darveaux_2000",
    averaging_volume="solder_layer_interposer",
    averaging_thickness_mm=0.0254,
    temperature_minimum_c=0.0,
    temperature_maximum_c=100.0,
)
#: The same law with everything known, so that a matching run has nothing to be told.
KNOWN = DARVEAUX.model_copy(
    update={
        "calibration": DARVEAUX.calibration.model_copy(
            update={"temperature_range_c": (-55.0, 125.0)}
        )
    }
)


def test_a_run_as_calibrated_has_no_mismatch() -> None:
    assert check_applicability(KNOWN, MATCHING) == []


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"alloy": "sac305"}, "alloy", "the run is for sac305"),
        ({"constitutive_law": "garofalo"}, "constitutive_law", "the run uses garofalo"),
        ({"law_set": "anand_other"}, "law_set", "the run uses anand_other"),
        ({"averaging_volume": "solder"}, "averaging_volume", "averages over solder"),
        ({"averaging_thickness_mm": 0.05}, "averaging_thickness", "over 50 um"),
        ({"temperature_maximum_c": 150.0}, "temperature_range", "0 to 150 C"),
        ({"temperature_minimum_c": -65.0}, "temperature_range", "-65 to 100 C"),
        ({"life_definition_wanted": "mean"}, "life_definition", "mean life was asked for"),
    ],
)
def test_each_difference_is_found_alone(change: dict[str, str], kind: str, words: str) -> None:
    (found,) = check_applicability(KNOWN, replace(MATCHING, **change))
    assert (found.kind, found.severity) == (kind, "differs")
    assert words in str(found)
    assert KNOWN.name in str(found) or kind == "life_definition"


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("alloy", "alloy"),
        ("constitutive_law", "constitutive_law"),
        ("law_set", "law_set"),
        ("averaging_volume", "averaging_volume"),
        ("averaging_thickness_mm", "averaging_thickness"),
        ("temperature_maximum_c", "temperature_range"),
    ],
)
def test_what_the_run_does_not_state_is_unknown_not_silent(field: str, kind: str) -> None:
    (found,) = check_applicability(KNOWN, replace(MATCHING, **{field: None}))
    assert (found.kind, found.severity) == (kind, "unknown")


def test_what_the_calibration_does_not_state_is_unknown_not_silent() -> None:
    assert [(m.kind, m.severity) for m in check_applicability(DARVEAUX, MATCHING)] == [
        ("temperature_range", "unknown")
    ]
    zhao = load_fatigue_law("zhao_2010_sac_energy")
    assert [(m.kind, m.severity) for m in check_applicability(zhao, MATCHING)] == [
        ("alloy", "differs"),
        ("constitutive_law", "unknown"),
        ("law_set", "unknown"),
        ("averaging_volume", "unknown"),
        ("averaging_thickness", "unknown"),
        ("temperature_range", "unknown"),
    ]


def test_layer_of_25_um_is_the_layer_of_one_mil() -> None:
    """1 mil = 25.4 um; 25 um is 1.6 % away, inside the 5 % that count as the same layer."""
    assert check_applicability(KNOWN, replace(MATCHING, averaging_thickness_mm=0.025)) == []


@pytest.mark.parametrize(
    ("alloy", "severity"),
    [("SAC305", "unknown"), ("sn95.5ag3.8cu0.7", "unknown"), ("sn63pb37", "differs")],
)
def test_an_alloy_family_is_weaker_than_an_alloy(alloy: str, severity: str) -> None:
    law = load_fatigue_law("syed_2004_sac_sinh_energy")
    found = [m for m in law.check_applicability(RunContext(alloy=alloy)) if m.kind == "alloy"]
    assert [m.severity for m in found] == [severity]


def test_spelling_of_an_alloy_does_not_matter() -> None:
    assert check_applicability(KNOWN, replace(MATCHING, alloy="Sn63-Pb37")) == []


def test_a_law_without_simulation_behind_it_does_not_ask_for_one() -> None:
    law = load_fatigue_law("engelmaier_1983_snpb")
    context = RunContext(alloy="sn63pb37", temperature_minimum_c=0.0, temperature_maximum_c=100.0)
    assert [m.kind for m in law.check_applicability(context)] == ["temperature_range"]


def test_specimen_law_on_a_joint_is_a_mismatch() -> None:
    law = load_fatigue_law("morrow_sac387_pang_2004")
    kinds = [m.kind for m in law.check_applicability(replace(MATCHING, alloy="sac387"))]
    assert "averaging_volume" in kinds
