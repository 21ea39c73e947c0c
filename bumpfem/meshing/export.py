"""Write a joint's mesh for other programs, and read a ``.msh`` file back."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import gmsh
import meshio
import numpy as np
from mpi4py import MPI
from numpy.typing import NDArray

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing.build import on_root
from bumpfem.meshing.generate import Generated, generate
from bumpfem.meshing.mesh import Mesh, MeshFacts
from bumpfem.meshing.names import Kind, region_tag, surface_tag
from bumpfem.meshing.quality import MeshQuality, measure_quality
from bumpfem.meshing.session import gmsh_session
from bumpfem.units import FloatArray

#: Comment section of a ``.msh`` file that holds the facts about the cell.
_SECTION = ("$Comments\nbumpfem ", "\n$EndComments\n")


@dataclass(frozen=True)
class PlainMesh:
    """Nodes, cells by region and nodes by surface, in VTK's node order.

    Args:
        points: Coordinates, shape (n, 3).
        cells: Node numbers of each region's cells, shape (m, 10) or (m, 6).
        surfaces: Node numbers on each named surface.
        kind: Kind of cell.
    """

    points: FloatArray
    cells: dict[str, NDArray[np.int64]]
    surfaces: dict[str, NDArray[np.int64]]
    kind: Kind

    @property
    def cell_type(self) -> str:
        """Cell type in meshio's words."""
        return "triangle6" if self.kind == "axisymmetric" else "tetra10"


def export_mesh(
    package: Package,
    joint: Joint,
    path: Path,
    *,
    size: float = 1.0,
    kind: Kind = "half_cell",
    layer_thickness: float = 0.025,
) -> MeshQuality:
    """Build a joint's mesh and write it to a file; the ending chooses the format.

    ``.msh`` (gmsh 4.1, physical groups) can be read back by :func:`read_msh`; ``.vtu`` and
    ``.xdmf`` carry the cell data ``region`` and the regions' names; ``.inp`` holds an element set
    per region and a node set per surface for CalculiX (C3D10 or CAX6).

    Args:
        package: The package.
        joint: One of its joints.
        path: File to write.
        size: Factor on every element size.
        kind: Kind of cell.
        layer_thickness: Thickness of the averaging layers, mm.

    Returns:
        Figures of the elements.

    Raises:
        InputError: If the ending is unknown, the joint cannot be, or the file not be written.
        MeshError: If the mesh fails its checks.
    """
    path = Path(path)
    writers: dict[str, Callable[[PlainMesh, Path], None]] = {
        ".vtu": _write_vtu, ".xdmf": _write_xdmf, ".inp": _write_inp,
    }  # fmt: skip
    if path.suffix not in (".msh", *writers):
        raise InputError("output", path.name, ".msh, .vtu, .xdmf or .inp")
    if not path.parent.is_dir():
        raise InputError("output", path, "a file in a folder that exists")
    with gmsh_session("export"):
        made = generate(package, joint, size, kind, layer_thickness)
        try:
            if path.suffix == ".msh":
                _write_msh(made, path)
            else:
                writers[path.suffix](plain_mesh(made), path)
        except OSError as error:
            raise InputError("output", path, "a writable file", reason=str(error)) from error
    return made.quality


def read_msh(path: Path, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Mesh:
    """Read a ``.msh`` file that :func:`export_mesh` wrote.

    Args:
        path: The file.
        comm: Communicator; rank 0 reads.

    Raises:
        MeshError: If the file cannot be read or was not written by bumpfem.
    """
    return on_root(comm, lambda: _load(Path(path)))


def _load(path: Path) -> Generated:
    try:
        text = path.read_text(encoding="utf-8")
        start = text.rindex(_SECTION[0]) + len(_SECTION[0])
        known = json.loads(text[start : text.index(_SECTION[1], start)])
        gmsh.merge(str(path))
    except OSError as error:
        raise MeshError(f"{path} cannot be read: {error}") from error
    except ValueError as error:
        raise MeshError(f"{path} is not a mesh written by bumpfem") from error
    except Exception as error:  # gmsh raises bare exceptions
        raise MeshError(f"{path} cannot be read by gmsh: {error}") from error
    facts = MeshFacts(**{**known["facts"], "notes": tuple(known["facts"]["notes"])})
    regions = {name: region_tag(name) for name in known["regions"]}
    surfaces = {name: surface_tag(name, facts.kind) for name in known["surfaces"]}
    dimension = 2 if facts.kind == "axisymmetric" else 3
    return Generated(regions, surfaces, measure_quality(dimension, regions), facts)


def _write_msh(made: Generated, path: Path) -> None:
    gmsh.write(str(path))
    known = {"facts": asdict(made.facts), "regions": list(made.regions),
             "surfaces": list(made.surfaces)}  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(known).join(_SECTION))


def plain_mesh(made: Generated) -> PlainMesh:
    """The current gmsh model as plain arrays.

    gmsh numbers the last two nodes of a quadratic tetrahedron the other way round than VTK and
    CalculiX do. Triangles are turned anticlockwise, as CalculiX wants them.
    """
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    points = np.empty((len(tags), 3))
    points[tags.astype(np.int64) - 1] = coordinates.reshape(-1, 3)
    dimension = 3 if made.facts.kind == "half_cell" else 2
    order = [0, 1, 2, 3, 4, 5, 6, 7, 9, 8] if dimension == 3 else [0, 1, 2, 3, 4, 5]
    cells = {}
    for name, group in made.regions.items():
        found = [
            gmsh.model.mesh.getElements(dimension, entity)[2][0]
            for entity in gmsh.model.getEntitiesForPhysicalGroup(dimension, group)
        ]
        nodes = np.concatenate(found).astype(np.int64).reshape(-1, len(order))[:, order] - 1
        if dimension == 2:
            a, b, c = (points[nodes[:, i], :2] for i in range(3))
            edge, other = b - a, c - a
            clockwise = edge[:, 0] * other[:, 1] < edge[:, 1] * other[:, 0]
            nodes[clockwise] = nodes[clockwise][:, [0, 2, 1, 5, 4, 3]]
        cells[name] = nodes
    surfaces = {
        name: np.unique(gmsh.model.mesh.getNodesForPhysicalGroup(dimension - 1, group)[0])
        .astype(np.int64) - 1
        for name, group in made.surfaces.items()
    }  # fmt: skip
    return PlainMesh(points, cells, surfaces, made.facts.kind)


def _meshio(mesh: PlainMesh) -> meshio.Mesh:
    nodes = np.concatenate(list(mesh.cells.values()))
    region = np.concatenate(
        [np.full(len(c), region_tag(name), dtype=np.int32) for name, c in mesh.cells.items()]
    )
    return meshio.Mesh(mesh.points, [(mesh.cell_type, nodes)], cell_data={"region": [region]})


def _write_vtu(mesh: PlainMesh, path: Path) -> None:
    """VTK file: cell data ``region``; names in the field data ``region_names``, ``region_ids``."""
    meshio.write(path, _meshio(mesh), file_format="vtu")
    tree = ElementTree.parse(path)
    grid = tree.getroot().find("UnstructuredGrid")
    if grid is None:
        raise MeshError(f"{path} was not written as a VTK file")
    field = ElementTree.Element("FieldData")
    names = {"type": "String", "Name": "region_names", "NumberOfTuples": str(len(mesh.cells))}
    letters = ElementTree.SubElement(field, "DataArray", {**names, "format": "ascii"})
    letters.text = " ".join(str(ord(c)) for name in mesh.cells for c in f"{name}\0")
    numbers = {"type": "Int32", "Name": "region_ids", "NumberOfTuples": str(len(mesh.cells))}
    ids = ElementTree.SubElement(field, "DataArray", {**numbers, "format": "ascii"})
    ids.text = " ".join(str(region_tag(name)) for name in mesh.cells)
    grid.insert(0, field)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _write_xdmf(mesh: PlainMesh, path: Path) -> None:
    """XDMF file with its data in the text (meshio's writer needs HDF5 even for that).

    The regions' names are in the element ``Information``, as meshio reads them.
    """
    nodes = np.concatenate(list(mesh.cells.values()))
    dimension = 2 if mesh.kind == "axisymmetric" else 3
    root = ElementTree.Element("Xdmf", {"Version": "3.0"})
    domain = ElementTree.SubElement(root, "Domain")
    grid = ElementTree.SubElement(domain, "Grid", {"Name": "joint", "GridType": "Uniform"})
    ElementTree.SubElement(grid, "Time", {"Value": "0"})  # some readers insist on a time
    names = ElementTree.SubElement(grid, "Information", {"Name": "regions"})
    maps = "".join(
        f'<map key="{name}" dim="{dimension}">{region_tag(name)}</map>' for name in mesh.cells
    )
    names.text = f"<main>{maps}</main>"
    geometry = ElementTree.SubElement(grid, "Geometry", {"GeometryType": "XYZ"})
    _data_item(geometry, mesh.points, "Float")
    shape = {"tetra10": "Tetrahedron_10", "triangle6": "Triangle_6"}[mesh.cell_type]
    topology = {"TopologyType": shape, "NumberOfElements": str(len(nodes))}
    _data_item(ElementTree.SubElement(grid, "Topology", topology), nodes, "Int")
    attribute = {"Name": "region", "AttributeType": "Scalar", "Center": "Cell"}
    region = _meshio(mesh).cell_data["region"][0]
    _data_item(ElementTree.SubElement(grid, "Attribute", attribute), region, "Int")
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _data_item(parent: ElementTree.Element, data: NDArray[np.generic], kind: str) -> None:
    shape = " ".join(map(str, data.shape))
    precision = "8" if kind == "Float" else "4"
    item = ElementTree.SubElement(
        parent, "DataItem",
        {"Dimensions": shape, "NumberType": kind, "Precision": precision, "Format": "XML"},
    )  # fmt: skip
    form = "{:.12g}" if kind == "Float" else "{:d}"
    rows = data.reshape(len(data), -1)
    item.text = "\n" + "\n".join(" ".join(map(form.format, row.tolist())) for row in rows) + "\n"


def _write_inp(mesh: PlainMesh, path: Path) -> None:
    """CalculiX deck of nodes, elements and sets (meshio knows no axisymmetric elements)."""
    lines = ["** units: mm, N, MPa", "*NODE, NSET=ALL"]
    lines += [
        f"{number}, {x:.12g}, {y:.12g}, {z:.12g}"
        for number, (x, y, z) in enumerate(mesh.points, start=1)
    ]
    element = "CAX6" if mesh.kind == "axisymmetric" else "C3D10"
    number = 0
    for name, cells in mesh.cells.items():
        lines.append(f"*ELEMENT, TYPE={element}, ELSET={name.upper()}")
        for nodes in cells + 1:
            number += 1
            lines.append(", ".join(map(str, (number, *nodes))))
    for name, members in mesh.surfaces.items():
        lines.append(f"*NSET, NSET={name.upper()}")
        lines += [", ".join(map(str, members[i : i + 12] + 1)) for i in range(0, len(members), 12)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
