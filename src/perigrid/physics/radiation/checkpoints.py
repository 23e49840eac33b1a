"""How often to save the state of a job that faults interrupt."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def young_interval_s(save_s: float, between_s: Floats) -> Floats:
    """Work between two checkpoints, to first order.

    Parameters
    ----------
    save_s : float
        Time that saving a checkpoint takes [s].
    between_s : float array
        Mean time between faults that end the job [s].

    Returns
    -------
    float array
        ``sqrt(2 C M)`` [s].

    References
    ----------
    .. [1] J. W. Young, "A first order approximation to the optimum checkpoint interval",
       Communications of the ACM 17, 530 (1974), doi:10.1145/361147.361115.
    """
    return np.asarray(np.sqrt(2.0 * save_s * np.asarray(between_s, dtype=np.float64)))


def daly_interval_s(save_s: float, between_s: Floats) -> Floats:
    """Work between two checkpoints, to higher order.

    Parameters
    ----------
    save_s : float
        Time that saving a checkpoint takes [s].
    between_s : float array
        Mean time between faults that end the job [s].

    Returns
    -------
    float array
        Optimal compute time between checkpoints; infinite without faults [s].

    Notes
    -----
    ``sqrt(2 C M) (1 + sqrt(C / 2 M) / 3 + (C / 2 M) / 9) - C`` for ``C < 2 M``, else ``M``.

    References
    ----------
    .. [1] J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart
       dumps", Future Generation Computer Systems 22, 303 (2006),
       doi:10.1016/j.future.2004.11.016, equation 37.
    """
    between = np.asarray(between_s, dtype=np.float64)
    ratio = save_s / (2.0 * between)
    series = np.sqrt(2.0 * save_s * between) * (1.0 + np.sqrt(ratio) / 3.0 + ratio / 9.0)
    return np.where(save_s < 2.0 * between, series - save_s, between)


def useful_share(interval_s: Floats, save_s: float, between_s: Floats, restart_s: float) -> Floats:
    """Share of wall time that moves the job on.

    Parameters
    ----------
    interval_s : float array
        Compute time between checkpoints [s].
    save_s : float
        Time that saving a checkpoint takes [s].
    between_s : float array
        Mean time between faults that end the job [s].
    restart_s : float
        Time to come back after a fault [s].

    Returns
    -------
    float array
        0 to 1.

    Notes
    -----
    Wall time over compute time is ``M exp(R / M) (exp((tau + C) / M) - 1) / tau`` for faults that
    come as a Poisson process at all times, saving and restarting included.

    References
    ----------
    .. [1] J. T. Daly (2006), doi:10.1016/j.future.2004.11.016, equation 20.
    """
    between = np.asarray(between_s, dtype=np.float64)
    interval = np.asarray(interval_s, dtype=np.float64)
    lasting = np.exp(restart_s / between) * between * np.expm1((interval + save_s) / between)
    return np.asarray(interval / lasting)
