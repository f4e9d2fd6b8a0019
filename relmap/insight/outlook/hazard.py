"""Logistic regression with a ridge: the numerics that the models of post and cycle share.

Maximises tempered log likelihood plus the log of a normal prior, by Newton's method (iteratively
reweighted least squares: McCullagh and Nelder, *Generalized Linear Models*, 1989, section 2.5;
the ridge: le Cessie and van Houwelingen, *Applied Statistics* 41, 1992, 191-201).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from relmap.insight.outlook.windows import Floats

__all__ = ["TEMPER", "Prior", "fitted", "logit", "sigmoid"]

TEMPER: Final = 0.5
"""The log likelihood counts half: people leave in waves, so a window's leavers are not
independent witnesses."""
FURTHEST: Final = 12.0
STEPS: Final = 20
CLOSE: Final = 1e-3
FARTHEST_STEP: Final = 2.0


@dataclass(frozen=True)
class Prior:
    """What is believed of the coefficients before anything is seen: a normal law.

    ``precision`` is the inverse of its covariance matrix.
    """

    centre: Floats
    precision: Floats


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + e^-x), with x clipped to ±12."""
    within = np.minimum(np.maximum(logits, -FURTHEST), FURTHEST)
    result: Floats = 1 / (1 + np.exp(-within))
    return result


def logit(chance: float) -> float:
    """log(p / (1 - p)), clipped to ±12."""
    chance = min(max(chance, 1e-9), 1 - 1e-9)
    return float(np.clip(np.log(chance / (1 - chance)), -FURTHEST, FURTHEST))


def fitted(rows: Floats, trials: Floats, ends: Floats, *, prior: Prior) -> Floats:
    """The coefficients of the columns of ``rows``, then, with several phases, one of each.

    ``trials`` and ``ends`` are counts, rows × phases; the logit of a cell is the sum of its row's
    and its phase's, which keeps the sums small. Without trials the prior's centre is found.
    """
    found, split = prior.centre.copy(), rows.shape[1]
    for _ in range(STEPS):
        of_phases = found[split:] if len(found) > split else np.zeros(1)
        chance = sigmoid((rows @ found[:split])[:, None] + of_phases)
        residual = TEMPER * (ends - trials * chance)
        weight = TEMPER * trials * chance * (1 - chance)
        slope = np.concatenate([rows.T @ residual.sum(axis=1), residual.sum(axis=0)])[: len(found)]
        slope -= prior.precision @ (found - prior.centre)
        step = np.linalg.solve(_curvature(rows, weight, prior), slope)
        largest = float(np.abs(step).max())
        found += step * min(1.0, FARTHEST_STEP / max(largest, CLOSE))
        if largest < CLOSE:
            break
    return found


def _curvature(rows: Floats, weight: Floats, prior: Prior) -> Floats:
    curvature, split = prior.precision.copy(), rows.shape[1]
    curvature[:split, :split] += (rows.T * weight.sum(axis=1)) @ rows
    if len(curvature) > split:
        across = rows.T @ weight
        curvature[:split, split:] += across
        curvature[split:, :split] += across.T
        phases = np.arange(split, len(curvature))
        curvature[phases, phases] += weight.sum(axis=0)
    return curvature
