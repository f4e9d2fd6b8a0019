"""Logistic regression with a ridge: the numerics that the models of post and cycle share.

Maximises tempered log likelihood minus Σ (b - centre)² / 2 sd², by Newton's method (iteratively
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
CLOSE: Final = 1e-4
FARTHEST_STEP: Final = 2.0


@dataclass(frozen=True)
class Prior:
    """Each coefficient's centre and standard deviation before anything is seen."""

    centre: Floats
    sd: Floats


def sigmoid(logits: Floats) -> Floats:
    """1 / (1 + e^-x), with x clipped to ±12."""
    result: Floats = 1 / (1 + np.exp(-np.clip(logits, -FURTHEST, FURTHEST)))
    return result


def logit(chance: float) -> float:
    """log(p / (1 - p)), clipped to ±12."""
    chance = min(max(chance, 1e-9), 1 - 1e-9)
    return float(np.clip(np.log(chance / (1 - chance)), -FURTHEST, FURTHEST))


def fitted(
    rows: Floats, phases: Floats, trials: Floats, ends: Floats, *, prior: Prior, begin: Floats
) -> Floats:
    """The coefficients of ``rows``, then those of ``phases``; without trials the prior's centre.

    ``trials`` and ``ends`` are counts, rows × phases; the logit of a cell is the sum of its row's
    and its phase's. ``rows`` and ``phases`` are their columns, each cells × coefficients; that a
    cell is a pair keeps the sums small. ``begin`` is where the search begins.
    """
    found, precision = begin.copy(), prior.sd**-2.0
    for _ in range(STEPS):
        split = rows.shape[1]
        logits = (rows @ found[:split])[:, None] + (phases @ found[split:])[None, :]
        chance = sigmoid(logits)
        residual = TEMPER * (ends - trials * chance)
        weight = TEMPER * trials * chance * (1 - chance)
        slope = np.concatenate([rows.T @ residual.sum(axis=1), phases.T @ residual.sum(axis=0)])
        slope -= precision * (found - prior.centre)
        step = np.linalg.solve(_curvature(rows, phases, weight, precision), slope)
        largest = float(np.abs(step).max())
        found += step * min(1.0, FARTHEST_STEP / max(largest, CLOSE))
        if largest < CLOSE:
            break
    return found


def _curvature(rows: Floats, phases: Floats, weight: Floats, precision: Floats) -> Floats:
    split = rows.shape[1]
    curvature = np.diag(precision)
    curvature[:split, :split] += (rows.T * weight.sum(axis=1)) @ rows
    if phases.shape[1]:
        across = rows.T @ weight @ phases
        curvature[:split, split:] += across
        curvature[split:, :split] += across.T
        curvature[split:, split:] += (phases.T * weight.sum(axis=0)) @ phases
    return curvature
