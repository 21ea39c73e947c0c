"""Every number of the materials library carries what a reader needs to trust or doubt it."""

from __future__ import annotations

import math
from importlib.resources import files

import pytest

from bumpfem.materials import (
    LawSet,
    Property,
    bibliography,
    law_set_names,
    load_law_set,
    load_material,
    material_names,
    reference_keys,
)
from bumpfem.materials.cure_set import CurePart
from bumpfem.materials.curing_mechanics import MechanicsPart
from bumpfem.materials.loading import _SECTIONS, _tables, _toml
from bumpfem.materials.provenance import STATUS_MEANING

MATERIALS = [load_material(name) for name in material_names()]
PROPERTIES = [entry for material in MATERIALS for entry in material.properties.values()]
LAW_SETS = [entry for material in MATERIALS for entry in material.law_sets.values()]
CURES = [entry for material in MATERIALS for entry in material.cure.values()]
MECHANICS = [entry for material in MATERIALS for entry in material.curing_mechanics.values()]
Entry = Property | LawSet | CurePart | MechanicsPart
ENTRIES: list[Entry] = [*PROPERTIES, *LAW_SETS, *CURES, *MECHANICS]
#: Materials that a model of one of the shipped packages may be made of.
CYCLED = [
    "sac305",
    "sac405",
    "sac387",
    "sac105",
    "sac",
    "sn63pb37",
    "sn60pb40",
    "sn62pb36ag2",
    "sn3p5ag",
    "pb90sn10",
    "pb95sn5",
    "pb97p5sn2p5",
    "pb92p5sn5ag2p5",
    "copper",
    "nickel",
    "silver",
    "gold",
    "aluminium",
    "tungsten",
    "molybdenum",
    "chromium",
    "silicon",
    "alumina",
    "bt_laminate",
    "fr4",
    "fr4_isotropic",
    "glass_epoxy",
    "polyimide",
    "kapton",
    "solder_resist",
    "solder_mask",
    "mould_compound",
    "die_attach",
    "epoxy",
    "epoxy_filled",
    "phenolic",
    "silicone",
    "silver_epoxy",
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.material}.{entry.name}")
def test_every_entry_has_unit_reference_range_and_status(entry: Entry) -> None:
    units = [entry.unit] if isinstance(entry, Property) else list(entry.units.values())
    assert units
    assert all(units)
    assert entry.sources
    for key in entry.sources:
        assert key in reference_keys(), f"{key} is not in references.bib"
    assert entry.range[0] < entry.range[1]
    assert entry.status in STATUS_MEANING
    assert entry.transcribed_from


def test_every_number_in_the_files_is_written_with_its_provenance() -> None:
    """The files themselves, not only the models with their defaults, hold the fields."""
    folder = files("bumpfem.materials").joinpath("library")
    needed = {"range", "range_basis", "source", "transcribed_from", "status", "confidence"}
    for name in material_names():
        raw = _toml(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"), name)
        for section in _SECTIONS:
            for part, entry in _tables(raw, section, name).items():
                if "same_as" not in entry:
                    assert needed <= entry.keys(), f"{name} {part}"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.material}.{entry.name}")
def test_an_estimate_says_how_it_was_derived(entry: Entry) -> None:
    assert entry.status != "estimated" or entry.note


@pytest.mark.parametrize("name", [name for name in material_names() if name.startswith("pb")])
def test_a_set_measured_on_another_lead_rich_alloy_says_for_what_it_stands_in(name: str) -> None:
    material = load_material(name)
    own = material.title.split()[0]
    assert material.law_sets
    for law_set in material.law_sets.values():
        assert law_set.proxy_for == ("" if law_set.alloy == own else own)


@pytest.mark.parametrize("name", CYCLED)
def test_mechanical_properties_cover_a_cycle_from_minus_40_to_125(name: str) -> None:
    """The default cycle (JESD22-A104 G) starts stress-free at 125 C and reaches -40 C."""
    material = load_material(name)
    axes = ("_x", "_y", "_z") if material.is_orthotropic else ("",)
    planes = ("_xy", "_yz", "_xz") if material.is_orthotropic else ("",)
    names = [f"youngs_modulus{a}" for a in axes] + [f"expansion{a}" for a in axes]
    names += [f"poissons_ratio{p}" for p in planes]
    names += [f"shear_modulus{p}" for p in planes if p]
    for prop in names:
        temperatures, values = material[prop].table(-40.0, 125.0)
        assert temperatures[0] <= -40.0
        assert temperatures[-1] >= 125.0
        assert min(values) > 0.0


def test_a_shear_set_is_kept_on_the_equivalent_basis() -> None:
    """At sigma = sqrt(3) tau both forms must give the same flow: rate_gamma = sqrt(3) rate."""
    law_set = load_law_set("garofalo_sac_zhang_2003_shear")
    shear_stress, t = 12.0, 398.15
    gamma_rate = 1500.0 * math.sinh(0.19 * shear_stress) ** 4 * math.exp(-8576.0 / t)
    sigma = math.sqrt(3.0) * shear_stress
    p = law_set.number
    rate = p("A") * math.sinh(p("alpha") * sigma) ** p("n") * math.exp(-p("Q_over_R") / t)
    assert rate == pytest.approx(gamma_rate / math.sqrt(3.0), rel=1e-4)


def test_shear_and_tensile_sets_of_zhang_are_told_apart_on_both() -> None:
    shear = load_law_set("garofalo_sac_zhang_2003_shear")
    tensile = load_law_set("garofalo_sac_zhang_2003_tensile")
    assert "never mix" in " ".join(shear.conflicts)
    assert "never mix" in " ".join(tensile.conflicts)


@pytest.mark.parametrize("core", ["pb90sn10", "pb95sn5"])
def test_high_lead_cores_say_that_their_creep_is_a_proxy(core: str) -> None:
    law_set = load_material(core).law_set()
    assert law_set.proxy_for
    assert law_set.proxy_for not in law_set.alloy
    assert "stands in" in law_set.note
    assert dict(law_set.parameters) == dict(load_law_set("anand_pb97p5sn2p5_wang_2001").parameters)


def test_law_set_names_are_unique_and_every_default_exists() -> None:
    homes = [name for m in material_names() for name in load_material(m).law_sets]
    assert sorted(homes) == law_set_names()
    assert len(set(homes)) == len(homes)


def test_every_reference_can_be_shown() -> None:
    keys = reference_keys()
    lines = bibliography(keys)
    assert len(lines) == len(keys)
    for key, line in zip(sorted(keys), lines, strict=True):
        assert line.startswith(f"[{key}] ")
        assert len(line) > len(key) + 12
        assert "{" not in line


def test_a_reference_reads_like_one() -> None:
    assert bibliography(["wang2001"]) == [
        "[wang2001] G. Z. Wang, Z. N. Cheng, K. Becker, J. Wilde: Applying Anand model to "
        "represent the viscoplastic deformation behavior of solder alloys. "
        "Journal of Electronic Packaging 123, 247-253, 2001."
    ]


KEYS_CITED_ELSEWHERE = [
    "motalab2012",
    "mysore2009",
    "wang2001",
    "darveaux2000",
    "schubert2003",
    "pang2004",
    "lau2003",
    "zhang2003",
    "shirley2009",
    "vianco2004",
    "syed2004",
    "wiese",
    "liu2013",
    "coatings2022",
    "motalab2013",
    "engelmaier1983",
    "engelmaier2008",
    "norris_landzberg1969",
    "pan2005",
    "zhao2010",
    "jesd22_a104",
    "ipc9701",
    "jstd020",
]


@pytest.mark.parametrize(
    "key",
    KEYS_CITED_ELSEWHERE,
)
def test_keys_that_other_rooms_cite_exist(key: str) -> None:
    assert key in reference_keys()
