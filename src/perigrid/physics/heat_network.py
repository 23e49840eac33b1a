"""Heat in a satellite as a network of nodes: conduction, pumped loops, heat pipes, radiation.

There is no convection to the surroundings in orbit, and without weight none inside either: heat
moves through solids, with a pumped fluid, in heat pipes, and as radiation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Rounding that the sums over a column of a loop may leave.
_ROUNDING: Final = 1.0e-12


@dataclass(frozen=True, slots=True)
class HeatPipe:
    """A heat pipe that carries no more than its limit.

    Parameters
    ----------
    hot, cold : int
        Nodes at its ends; it works both ways.
    conductance_w_k : float
        While it carries less than the limit [W/K].
    limit_w : float
        Largest heat that its wick or grooves can return liquid for [W].
    dry_conductance_w_k : float
        What the wall conducts of any further drop in temperature [W/K].

    Raises
    ------
    ValueError
        If the conductance or the limit is not positive, or the dry conductance not below the full.
    """

    hot: int
    cold: int
    conductance_w_k: float
    limit_w: float
    dry_conductance_w_k: float

    def __post_init__(self) -> None:
        if self.conductance_w_k <= 0.0 or self.limit_w <= 0.0:
            raise ValueError("a heat pipe needs a conductance and a limit above zero")
        if not 0.0 <= self.dry_conductance_w_k <= self.conductance_w_k:
            raise ValueError("a heat pipe that ran dry cannot conduct better than a working one")


@dataclass(frozen=True, slots=True)
class HeatNetwork:
    """Nodes of one temperature each, and what carries heat between them and to space.

    Parameters
    ----------
    capacity_j_k : (n_nodes,) array
        Heat capacities; 0 for a node that follows its neighbours at once [J/K].
    emitting_m2 : (n_nodes,) array
        Emissivity times area towards space [m2].
    conductance_w_k : (n_nodes, n_nodes) array, optional
        Conductances, symmetric [W/K].
    flow_w_k : (n_nodes, n_nodes) array, optional
        Mass flow times specific heat of a pumped fluid from node (row) to node (column). As much
        must enter each node as leaves it [W/K].
    exchange_m2 : (n_nodes, n_nodes) array, optional
        Gray-body exchange areas between nodes, symmetric [m2].
    pipes : sequence of HeatPipe, optional
        Heat pipes.
    names : sequence of str, optional
        Of the nodes.

    Raises
    ------
    ValueError
        If shapes differ, a value is negative or not finite, a matrix is not symmetric, a loop
        loses fluid, or a node has no way to space.

    Notes
    -----
    ``C_i T_i' = Q_i - sum_j G_ij (T_i - T_j) - sum_j (f_ij T_i - f_ji T_j)
    - sigma sum_j R_ij (T_i^4 - T_j^4) - sigma eps_i A_i T_i^4``, less what heat pipes take. Space
    is taken as absolutely cold: its 2.7 K send back 3 uW/m2.

    References
    ----------
    .. [1] D. G. Gilmore (ed.), Spacecraft Thermal Control Handbook, vol. 1, 2nd ed. (2002), ch. 15.
    """

    capacity_j_k: Floats
    emitting_m2: Floats
    conductance_w_k: Floats | None = None
    flow_w_k: Floats | None = None
    exchange_m2: Floats | None = None
    pipes: Sequence[HeatPipe] = ()
    names: Sequence[str] = ()
    pattern: Bools = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n = len(self.capacity_j_k)
        nothing = np.zeros((n, n))
        for name, shape in (("capacity_j_k", (n,)), ("emitting_m2", (n,))):
            self._freeze(name, _checked(name, getattr(self, name), shape))
        for name in ("conductance_w_k", "flow_w_k", "exchange_m2"):
            given = getattr(self, name)
            self._freeze(name, _checked(name, nothing if given is None else given, (n, n)))
        object.__setattr__(self, "pipes", tuple(self.pipes))
        object.__setattr__(self, "names", tuple(self.names) or tuple(str(i) for i in range(n)))
        self._check_matrices()
        self._freeze("pattern", _filled(self._coupled()))
        if not np.all(_reaches(self._coupled(), self.emitting_m2 > 0.0)):
            raise ValueError("every node needs a way for its heat to space")

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.capacity_j_k)

    def index(self, name: str) -> int:
        """Find a node.

        Parameters
        ----------
        name : str
            One of ``names``.

        Returns
        -------
        int
            Its row in temperatures and heat.
        """
        return list(self.names).index(name)

    def _freeze(self, name: str, array: npt.NDArray[np.generic]) -> None:
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def _matrix(self, name: str) -> Floats:
        matrix: Floats = getattr(self, name)
        return matrix

    def _check_matrices(self) -> None:
        for name in ("conductance_w_k", "exchange_m2"):
            if not np.array_equal(self._matrix(name), self._matrix(name).T):
                raise ValueError(f"{name} must be symmetric: heat flows both ways alike")
        flow = self._matrix("flow_w_k")
        if np.any(np.abs(flow.sum(axis=0) - flow.sum(axis=1)) > _ROUNDING * flow.sum()):
            raise ValueError("as much fluid must leave each node of flow_w_k as enters it")
        if len(self.names) != self.n_nodes:
            raise ValueError("names needs one name per node")
        for pipe in self.pipes:
            if not (0 <= pipe.hot < self.n_nodes and 0 <= pipe.cold < self.n_nodes):
                raise ValueError(f"a heat pipe ends at a node that is not there: {pipe}")
            if pipe.hot == pipe.cold:
                raise ValueError(f"a heat pipe needs two ends: {pipe}")

    def _coupled(self) -> Bools:
        """Nodes whose temperature acts on the balance of another, and their own."""
        coupled = np.eye(self.n_nodes, dtype=np.bool_) | (self._matrix("exchange_m2") > 0.0)
        coupled |= (self._matrix("conductance_w_k") > 0.0) | (self._matrix("flow_w_k").T > 0.0)
        for pipe in self.pipes:
            coupled[pipe.hot, pipe.cold] = coupled[pipe.cold, pipe.hot] = True
        return coupled

    def couplings(self) -> tuple[Floats, Floats, Bools]:
        """Give the couplings as the solver takes them.

        Returns
        -------
        linear_w_k, quartic_w_k4 : (n_nodes, n_nodes) float array
            Heat out of the row's node by the difference to the column's, of temperatures and of
            their fourth powers. As much fluid enters a node as leaves it, so what it carries off
            is the inflow times the difference, too.
        pattern : (n_nodes, n_nodes) bool array
            Where the factors of the Jacobian are not zero.
        """
        linear = self._matrix("conductance_w_k") + self._matrix("flow_w_k").T
        quartic = STEFAN_BOLTZMANN_W_M2_K4 * self._matrix("exchange_m2")
        np.fill_diagonal(linear, 0.0)
        np.fill_diagonal(quartic, 0.0)
        return linear, quartic, self.pattern.copy()


def computer_network(
    *,
    chip_j_k: float,
    plate_j_k: float,
    panel_j_k: Sequence[float],
    body_j_k: float,
    chip_plate_w_k: float,
    loop_w_k: float,
    body_panel_w_k: float,
    panel_emitting_m2: Sequence[float],
    body_emitting_m2: float,
) -> HeatNetwork:
    """Chips on a cold plate, a pumped loop through radiator panels in a row, and the body.

    Parameters
    ----------
    chip_j_k, plate_j_k, body_j_k : float
        Heat capacities [J/K].
    panel_j_k : sequence of float
        Heat capacity of each panel with the fluid in it, in the order of the flow [J/K].
    chip_plate_w_k : float
        Conductance from the chips to the cold plate [W/K].
    loop_w_k : float
        Mass flow times specific heat of the fluid [W/K].
    body_panel_w_k : float
        Conductance from the body to the last panel [W/K].
    panel_emitting_m2 : sequence of float
        Emissivity times area of each panel, both faces where both emit [m2].
    body_emitting_m2 : float
        The same of the body [m2].

    Returns
    -------
    HeatNetwork
        Nodes ``chip``, ``plate``, ``panel-1`` and on, ``body``.
    """
    n_panels = len(panel_j_k)
    n = n_panels + 3
    plate, last, body = 1, n - 2, n - 1
    conductance, flow = np.zeros((n, n)), np.zeros((n, n))
    conductance[0, plate] = conductance[plate, 0] = chip_plate_w_k
    conductance[last, body] = conductance[body, last] = body_panel_w_k
    for node in range(plate, last):
        flow[node, node + 1] = loop_w_k
    flow[last, plate] = loop_w_k
    return HeatNetwork(
        capacity_j_k=np.array([chip_j_k, plate_j_k, *panel_j_k, body_j_k]),
        emitting_m2=np.array([0.0, 0.0, *panel_emitting_m2, body_emitting_m2]),
        conductance_w_k=conductance,
        flow_w_k=flow,
        names=("chip", "plate", *(f"panel-{i + 1}" for i in range(n_panels)), "body"),
    )


def _checked(name: str, values: Floats, shape: tuple[int, ...]) -> Floats:
    """Copy an array after checking its shape and sign."""
    array = np.array(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}, not {shape}")
    if not np.all(np.isfinite(array)) or np.any(array < 0.0):
        raise ValueError(f"{name} must be finite and not negative")
    return array


def _filled(coupled: Bools) -> Bools:
    """Where elimination in the order of the nodes meets anything but zeros."""
    filled = coupled.copy()
    for k in range(len(filled)):
        filled[k + 1 :, k + 1 :] |= np.outer(filled[k + 1 :, k], filled[k, k + 1 :])
    return filled


def _reaches(coupled: Bools, emits: Bools) -> Bools:
    """Nodes from which couplings lead to an emitter."""
    reached = emits.copy()
    for _ in range(len(reached)):
        reached |= (coupled | coupled.T) @ reached
    return reached
