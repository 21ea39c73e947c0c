"""Why a joint lives longer or shorter than the baseline, from what the runs measured."""

from __future__ import annotations

import math
from dataclasses import replace

from bumpfem.comparison.joint_life import JointLife
from bumpfem.comparison.ranking import ErrorModel
from bumpfem.comparison.ratio import life_ratio
from bumpfem.comparison.wording import cycles_bar, factor, factor_bar, side, unbounded
from bumpfem.fatigue import DAMAGE_MEASURES, CycleMeasures, FatigueLaw


def explain(
    row: JointLife, baseline: JointLife, law: FatigueLaw, model: ErrorModel | None = None
) -> list[str]:
    """Sentences on one joint against the baseline.

    The ratio of lives is split into factors: the baseline's life is computed again with the
    joint's damage measure (everything else kept), then with the joint's crack path as well.
    Their product is the ratio of lives of the two critical layers.

    Args:
        row: The joint.
        baseline: What it is compared with.
        law: The fatigue law that gave both lives.
        model: Safety factor and order of the error of their ratio.

    Returns:
        Sentences in the order result, split of the ratio, stand-off and shear, where it fails,
        mismatches of severity ``differs``, remarks.
    """
    if row.life is None or row.measures is None or row.critical_layer is None:
        return [f"{row.joint}: {row.status}: {row.reason}", *row.remarks]
    sentences = [_result(row, baseline, model)]
    if (
        row.joint != baseline.joint
        and baseline.measures is not None
        and baseline.life is not None
        and baseline.critical_layer is not None
    ):
        sentences += _split(row.measures, baseline.measures, baseline.joint, law)
        sentences += _geometry(row, baseline, row.measures, baseline.measures)
        where = f"It fails at {side(row.critical_layer)}"
        same = row.critical_layer == baseline.critical_layer
        sentences.append(
            f"{where}, like {baseline.joint}."
            if same
            else f"{where}; {baseline.joint} fails at {side(baseline.critical_layer)}."
        )
    else:
        measure, value = law.measure, law.damage_measure(row.measures)
        unit, words = DAMAGE_MEASURES[measure]
        sentences.append(
            f"It fails at {side(row.critical_layer)}; {words} there: {value:.3g} {unit}".rstrip()
            + "."
        )
    if row.yield_margin is not None:
        sentences.append(
            f"Its bump stays {row.yield_margin:.3g} times below yield."
            if row.yield_margin > 1.0
            else f"Edges of its bump would yield: margin {row.yield_margin:.3g} (elastic peak)."
        )
    sentences += [m.sentence for m in row.mismatches if m.severity == "differs"]
    return [*sentences, *row.remarks]


def _result(row: JointLife, baseline: JointLife, model: ErrorModel | None) -> str:
    if row.life is None:
        raise ValueError(f"{row.joint} has no life")
    text = f"{row.joint}: {cycles_bar(row.life)} cycles"
    if row.joint == baseline.joint:
        return f"{text}; the others are compared with it."
    if baseline.life is None:
        return f"{text}; {baseline.joint} has no life to compare with."
    ratio = life_ratio(row, baseline, model)
    if ratio is None:
        return f"{text}; both it and {baseline.joint} have no end of life in this law."
    text = f"{text}, {factor_bar(ratio)} times {baseline.joint}"
    if not ratio.low <= 1.0 <= ratio.high:
        return f"{text}; {'longer' if ratio.value > 1.0 else 'shorter'} beyond the error bar."
    if unbounded(ratio):
        return f"{text}; not separated: there is no error bar."
    return f"{text}; not separated: the error bar holds 1."


def _split(own: CycleMeasures, other: CycleMeasures, baseline: str, law: FatigueLaw) -> list[str]:
    unit, words = DAMAGE_MEASURES[law.measure]
    damage, reference = law.damage_measure(own), law.damage_measure(other)
    if damage == 0.0 or reference == 0.0:
        return []
    start = law.life(other).cycles
    moved = law.with_measure(other, damage)
    by_damage = law.life(moved).cycles / start
    shown = f"{damage:.3g} instead of {reference:.3g} {unit}".rstrip()
    text = (
        f"A factor {factor(by_damage)} comes from the {words} in the critical layer ({shown}, "
        f"{factor(damage / reference)} times {baseline})"
    )
    if own.crack_length_mm is None or other.crack_length_mm is None:
        return [f"{text}."]
    crossed = replace(moved, crack_length_mm=own.crack_length_mm)
    by_length = law.life(crossed).cycles / law.life(moved).cycles
    if math.isclose(by_length, 1.0, rel_tol=1e-9):
        return [f"{text}."]
    return [
        f"{text}, a factor {factor(by_length)} from the crack path "
        f"({own.crack_length_mm:.3g} instead of {other.crack_length_mm:.3g} mm)."
    ]


def _geometry(
    row: JointLife, baseline: JointLife, own: CycleMeasures, other: CycleMeasures
) -> list[str]:
    sentences = []
    height, reference = row.standoff_mm, baseline.standoff_mm
    known = height is not None and reference is not None and height > 0.0 and reference > 0.0
    if known and height is not None and reference is not None:
        change = height / reference - 1.0
        sentences.append(
            f"Stand-off {height:.3g} mm, as {baseline.joint}."
            if abs(change) < 0.005
            else f"Stand-off {height:.3g} instead of {reference:.3g} mm ({change:+.0%})."
        )
    shear, shear_reference = own.shear_strain_range, other.shear_strain_range
    if shear is not None and shear_reference:
        text = (
            f"Shear strain range {shear:.3g} instead of {shear_reference:.3g} "
            f"({factor(shear / shear_reference)} times)"
        )
        if known and height is not None and reference is not None and height != reference:
            text += f"; the stand-off alone would give {factor(reference / height)} times"
        sentences.append(f"{text}.")
    strain, strain_reference = own.inelastic_strain_range, other.inelastic_strain_range
    if strain is not None and strain_reference:
        sentences.append(
            f"Inelastic strain range in the critical layer {strain:.3g} instead of "
            f"{strain_reference:.3g} ({factor(strain / strain_reference)} times)."
        )
    return sentences
