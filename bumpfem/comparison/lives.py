"""Joints side by side: table, ranking and reasons, in a terminal and in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import combinations
from typing import Self

import pandas as pd

from bumpfem.comparison.joint_life import JointLife, JointRuns
from bumpfem.comparison.ranking import ErrorModel, Interval, rank_groups
from bumpfem.comparison.ratio import life_ratio
from bumpfem.comparison.why import explain
from bumpfem.comparison.wording import cycles_bar, factor_bar, side
from bumpfem.errors import InputError
from bumpfem.fatigue import LIFE_DEFINITIONS, FatigueLaw, Mismatch

#: Columns of ``table.csv`` in order.
TABLE_COLUMNS = (
    "joint",
    "standoff_mm",
    "delta_w_mpa",
    "delta_w_error_mpa",
    "inelastic_strain_range",
    "critical_layer",
    "life_cycles",
    "life_low",
    "life_high",
    "life_ratio",
    "life_ratio_low",
    "life_ratio_high",
    "life_shape_effect",
    "rank",
    "mismatch",
    "yield_margin",
    "settled",
    "unknowns",
    "wall_s",
    "status",
    "reason",
)

#: What the error bars hold and what they leave out.
ERROR_BAR_NOTE = (
    "Error bars: mesh and time steps only, from the differences of runs. Joints are compared by "
    "the ratio of their lives in runs of equal settings, where errors that they share cancel. Bars "
    "hold neither the scatter of the fatigue law nor that of real joints, nor what the model "
    "leaves out."
)


@dataclass(frozen=True)
class Lives:
    """Lives of several joints under one thermal cycle and one fatigue law.

    Attributes:
        rows: One entry for each joint, in the order given.
        law: The fatigue law.
        baseline: Name of the joint that the others are compared with.
        title: Heading, e.g. package and cycle.
        model: Safety factor and order of the error estimate.
    """

    rows: tuple[JointLife, ...]
    law: FatigueLaw
    baseline: str
    title: str = ""
    model: ErrorModel = field(default_factory=ErrorModel)

    @classmethod
    def from_runs(
        cls,
        joints: Sequence[JointRuns],
        law: FatigueLaw,
        *,
        baseline: str | None = None,
        model: ErrorModel | None = None,
        title: str = "",
    ) -> Self:
        """Compare joints.

        Args:
            joints: All runs of every joint; failed joints and joints without solder included.
            law: Fatigue law.
            baseline: Joint to compare with; ``plain`` if there is one, else the first.
            model: Safety factor and order of the error estimate.
            title: Heading.

        Raises:
            InputError: There is no joint, a name comes twice, the baseline is not among them, or
                the law needs a measure that the runs do not hold.
        """
        names = [joint.joint for joint in joints]
        if not names:
            raise InputError("joints", "none", "at least one joint")
        if len(set(names)) < len(names):
            raise InputError("joints", ", ".join(names), "each name once")
        if baseline is None:
            baseline = "plain" if "plain" in names else names[0]
        if baseline not in names:
            raise InputError("baseline", baseline, f"one of {', '.join(names)}")
        rows = tuple(JointLife.from_runs(joint, law, model) for joint in joints)
        return cls(rows, law, baseline, title, model or ErrorModel())

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[JointLife]:
        return iter(self.rows)

    def __getitem__(self, joint: str) -> JointLife:
        for row in self.rows:
            if row.joint == joint:
                return row
        raise InputError("joint", joint, f"one of {', '.join(row.joint for row in self.rows)}")

    @cached_property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Joints from the longest life to the shortest; certain between groups only."""
        lives = {row.joint: row.life.value for row in self.rows if row.life is not None}
        return rank_groups(lives, self.outlives)

    def rank(self, joint: str) -> int | None:
        """Rank of a joint, 1 for the longest life; joints that are not separated share it."""
        for number, group in enumerate(self.groups, start=1):
            if joint in group:
                return number
        return None

    def ratio(self, joint: str, other: str | None = None) -> Interval | None:
        """Life over that of another joint with its bar; None where it has no value.

        Args:
            joint: Name of the joint.
            other: What it is compared with; None: the baseline.
        """
        reference = self.baseline if other is None else other
        life = self[joint].life
        if joint == reference:
            known = life is not None and math.isfinite(life.value)
            return Interval(1.0, 1.0, 1.0) if known else None
        return life_ratio(self[joint], self[reference], self.model)

    def outlives(self, joint: str, other: str) -> bool:
        """Whether a joint certainly lives longer than another: the whole bar of their ratio."""
        ratio = self.ratio(joint, other)
        return ratio is not None and ratio.low > 1.0

    @property
    def failed(self) -> tuple[str, ...]:
        """Joints whose computation failed."""
        return tuple(row.joint for row in self.rows if row.status == "failed")

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """All mismatches of all joints with the law's calibration, each once."""
        return tuple(dict.fromkeys(m for row in self.rows for m in row.mismatches))

    @cached_property
    def why(self) -> dict[str, str]:
        """For each joint, a paragraph on its life and the causes that were measured."""
        reference = self[self.baseline]
        return {
            row.joint: " ".join(explain(row, reference, self.law, self.model)) for row in self.rows
        }

    @cached_property
    def ranking(self) -> list[str]:
        """The ranking in sentences: claimed only where it is certain."""
        sentences = []
        for number, group in enumerate(self.groups, start=1):
            if len(group) == 1:
                sentences.append(f"Rank {number}: {group[0]}.")
                continue
            sentences.append(f"Rank {number}, not separated: {', '.join(group)}.")
            for first, second in combinations(group, 2):
                if self.outlives(first, second):
                    sentences.append(f"Within it {first} lives longer than {second}.")
        sentences += [
            f"Not ranked: {row.joint} ({row.status}: {row.reason})"
            for row in self.rows
            if row.life is None
        ]
        return sentences

    @cached_property
    def table(self) -> pd.DataFrame:
        """The comparison with the columns of ``table.csv``, one row for each joint."""
        return pd.DataFrame([self._record(row) for row in self.rows], columns=list(TABLE_COLUMNS))

    def _record(self, row: JointLife) -> dict[str, object]:
        life, ratio, work = row.life, self.ratio(row.joint), row.delta_w_mpa
        strain = None if row.measures is None else row.measures.inelastic_strain_range
        nan = math.nan
        return {
            "joint": row.joint,
            "standoff_mm": nan if row.standoff_mm is None else row.standoff_mm,
            "delta_w_mpa": nan if work is None else work.value,
            "delta_w_error_mpa": nan if work is None else work.high - work.value,
            "inelastic_strain_range": nan if strain is None else strain,
            "critical_layer": row.critical_layer or "",
            "life_cycles": nan if life is None else life.value,
            "life_low": nan if life is None else life.low,
            "life_high": nan if life is None else life.high,
            "life_ratio": nan if ratio is None else ratio.value,
            "life_ratio_low": nan if ratio is None else ratio.low,
            "life_ratio_high": nan if ratio is None else ratio.high,
            "life_shape_effect": nan if row.shape_effect is None else row.shape_effect,
            "rank": pd.NA if (rank := self.rank(row.joint)) is None else rank,
            "mismatch": mismatch_words(row.mismatches),
            "yield_margin": nan if row.yield_margin is None else row.yield_margin,
            "settled": pd.NA if row.settled is None else row.settled,
            "unknowns": pd.NA if row.unknowns is None else row.unknowns,
            "wall_s": nan if row.wall_s is None else row.wall_s,
            "status": row.status,
            "reason": row.reason,
        }

    @cached_property
    def _shown(self) -> list[dict[str, str]]:
        shown = []
        for row in sorted(self.rows, key=lambda r: -math.inf if r.life is None else -r.life.value):
            ratio, rank = self.ratio(row.joint), self.rank(row.joint)
            tied = rank is not None and len(self.groups[rank - 1]) > 1
            work = row.delta_w_mpa
            shown.append(
                {
                    "rank": ""
                    if rank is None
                    else f"{rank} (not separated)"
                    if tied
                    else f"{rank}",
                    "joint": row.joint,
                    "life, cycles": row.status if row.life is None else cycles_bar(row.life),
                    f"times {self.baseline}": "" if ratio is None else factor_bar(ratio),
                    "work, MPa": ""
                    if work is None
                    else f"{work.value:.3g} ± {work.high - work.value:.2g}",
                    "fails at": side(row.critical_layer) if row.critical_layer else "",
                    "stand-off, mm": "" if row.standoff_mm is None else f"{row.standoff_mm:.3g}",
                    "by weight": "" if row.shape_effect is None else f"{row.shape_effect:+.1%}",
                    "settled": "" if row.settled is None else "yes" if row.settled else "no",
                    "mismatch": mismatch_words(row.mismatches),
                }
            )
        return sorted(shown, key=lambda entry: entry["rank"] == "")

    @property
    def _heading(self) -> str:
        meaning = LIFE_DEFINITIONS[self.law.calibration.life_definition]
        text = f"{self.law.title} ({self.law.name}); life: {meaning}"
        return f"{self.title}. {text}" if self.title else text

    def __str__(self) -> str:
        shown = self._shown
        columns = list(shown[0])
        widths = {c: max(len(c), *(len(entry[c]) for entry in shown)) for c in columns}
        lines = [self._heading, ""]
        lines.append("  ".join(c.ljust(widths[c]) for c in columns).rstrip())
        lines.append("  ".join("-" * widths[c] for c in columns))
        lines += ["  ".join(entry[c].ljust(widths[c]) for c in columns).rstrip() for entry in shown]
        lines += ["", *self.ranking, ""]
        lines += [f"Mismatch: {mismatch}" for mismatch in self.mismatches]
        return "\n".join([*lines, ERROR_BAR_NOTE])

    def _repr_html_(self) -> str:
        shown = self._shown
        head = "".join(f"<th>{escape(c)}</th>" for c in shown[0])
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in entry.values()) + "</tr>"
            for entry in shown
        )
        ranking = "<br>".join(escape(sentence) for sentence in self.ranking)
        why = "".join(f"<li>{escape(text)}</li>" for text in self.why.values())
        mismatches = "".join(f"<li>{escape(str(m))}</li>" for m in self.mismatches)
        listed = f"<p>Mismatches:</p><ul>{mismatches}</ul>" if mismatches else ""
        return (
            f"<p>{escape(self._heading)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{ranking}</p><ul>{why}</ul>{listed}<p><small>{escape(ERROR_BAR_NOTE)}</small></p>"
        )


def mismatch_words(mismatches: Sequence[Mismatch]) -> str:
    """Mismatches in a few words for a table cell.

    Args:
        mismatches: Mismatches of one joint.

    Returns:
        ``"differs: alloy; unknown: averaging thickness"``, or an empty string.
    """
    parts = []
    for severity in ("differs", "unknown"):
        kinds = dict.fromkeys(
            m.kind.replace("_", " ") for m in mismatches if m.severity == severity
        )
        if kinds:
            parts.append(f"{severity}: {', '.join(kinds)}")
    return "; ".join(parts)
