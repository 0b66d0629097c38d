"""Small random worlds in exact balance, made without the solver, and a plain solver to check against."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from openward.simulate.baseline import Array, Baseline, Shock


def make_world(
    seed: int,
    *,
    economies: int = 3,
    sectors: int = 3,
    theta: tuple[float, float] = (2.0, 9.0),
    with_deficits: bool = True,
    with_gaps: bool = True,
) -> Baseline:
    """Draw shares, then solve the linear accounts for spending (dense, so keep it small)."""
    rng = np.random.default_rng(seed)
    N, J = economies, sectors
    home = np.arange(N)
    pi = rng.lognormal(0.0, 1.0, (N, N, J)) / N
    pi[home, home] += rng.uniform(0.5, 4.0, (N, J))
    if with_gaps and N > 1:
        connected = np.eye(N, dtype=bool) | np.roll(np.eye(N, dtype=bool), 1, axis=1)
        pi *= (rng.random((N, N, J)) > 0.3) | connected[:, :, None]
    pi /= pi.sum(axis=1, keepdims=True)
    tariffs = rng.uniform(0.0, 0.3, (N, N, J))
    tariffs[home, home] = 0.0
    if J > 1:
        tariffs[:, :, -1] = 0.0
    value_added = rng.uniform(0.2, 0.8, (N, J))
    use = rng.random((N, J, J))
    final = rng.random((N, J)) + 0.05
    if with_gaps and N > 1 and J > 2:
        pi[0, 0, 0], pi[:, 0, 0] = 0.0, 0.0
        pi[:, 1, 0] += 0.1
        pi[:, :, 0] /= pi[:, :, 0].sum(axis=1, keepdims=True)
        use[N - 1, 1, :], final[N - 1, 1] = 0.0, 0.0
    use *= ((1.0 - value_added) / use.sum(axis=1))[:, None, :]
    final /= final.sum(axis=1, keepdims=True)
    deficits = np.zeros(N)
    if with_deficits and N > 1:
        deficits = rng.normal(size=N)
        deficits -= deficits.mean()
    spending, scale = _spending(pi, tariffs, value_added, use, final, deficits)
    flows = pi * spending[:, None, :] / (1.0 + tariffs)
    output = flows.sum(axis=0)
    idle = output <= 0
    value_added[idle] = 1.0
    use = np.where(idle[:, None, :], 0.0, use)
    return Baseline(
        name=f"seed {seed}",
        year=2000,
        currency="USD",
        scale=1.0,
        source="random",
        licence="none",
        economies=tuple(f"E{n}" for n in range(N)),
        sectors=tuple(f"S{j}" for j in range(J)),
        tradable=np.ones(J, dtype=bool),
        flows=flows,
        tariffs=tariffs,
        value_added=value_added,
        use=use,
        final=final,
        theta=rng.uniform(*theta, J),
        deficits=deficits * scale,
    )


def _spending(
    pi: Array, tariffs: Array, value_added: Array, use: Array, final: Array, deficits: Array
) -> tuple[Array, float]:
    """Spending of a world of size 100, and the scale that keeps it positive with such deficits."""
    N, _, J = pi.shape
    matrix = np.zeros((N, J, N, J))
    for n in range(N):
        for k in range(J):
            for m in range(N):
                for j in range(J):
                    sold = pi[m, n, j] / (1.0 + tariffs[m, n, j])
                    matrix[n, k, m, j] += (use[n, k, j] + final[n, k] * value_added[n, j]) * sold
            for j in range(J):
                kept = (pi[n, :, j] / (1.0 + tariffs[n, :, j])).sum()
                matrix[n, k, n, j] += final[n, k] * (1.0 - kept)
    system = np.vstack([np.eye(N * J) - matrix.reshape(N * J, N * J), np.ones((1, N * J))])
    rest = np.linalg.lstsq(system, np.append(np.zeros(N * J), 100.0), rcond=None)[0].reshape(N, J)
    tilt = np.linalg.lstsq(system, np.append((final * deficits[:, None]).ravel(), 0.0), rcond=None)[0]
    tilt = tilt.reshape(N, J)
    rest = np.where(rest > 1e-12, rest, 0.0)
    earned = (value_added * np.einsum("nij,nj->ij", pi / (1.0 + tariffs), rest)).sum(axis=1)
    scale = float((0.3 * earned / np.maximum(np.abs(deficits), 1e-12)).min())
    falling = (tilt < 0) & (rest > 0)
    if falling.any():
        scale = min(scale, 0.3 * float((rest[falling] / -tilt[falling]).min()))
    if not deficits.any():
        scale = 0.0
    return np.where(rest > 0, rest + scale * tilt, 0.0), scale


def draw_shock(baseline: Baseline, seed: int, *, size: float = 0.5) -> Shock:
    """Change tariffs, trade costs and productivity at random."""
    rng = np.random.default_rng(seed)
    N, J = baseline.final.shape
    tariffs = np.clip(baseline.tariffs + rng.uniform(-0.2, 0.2, (N, N, J)), 0.0, None)
    costs = np.exp(rng.normal(0.0, 0.2 * size, (N, N, J)))
    home = np.arange(N)
    tariffs[home, home], costs[home, home] = 0.0, 1.0
    return Shock(
        f"seed {seed}",
        tariffs=tariffs,
        trade_costs=costs,
        productivity=np.exp(rng.normal(0.0, 0.1 * size, (N, J))),
    )


worlds = st.builds(
    make_world,
    st.integers(0, 10_000),
    economies=st.integers(1, 5),
    sectors=st.integers(1, 4),
    theta=st.sampled_from([(0.4, 1.0), (2.0, 9.0), (10.0, 40.0)]),
    with_deficits=st.booleans(),
)
seeds = st.integers(0, 10_000)


def solve_plainly(baseline: Baseline, shock: Shock, *, sweeps: int = 4000) -> tuple[Array, Array]:
    """Real income and real wage changes, by damped iteration with every trade share written out."""
    assert shock.tariffs is not None
    assert shock.trade_costs is not None
    assert shock.productivity is not None
    N, J = baseline.final.shape
    spending0 = (baseline.flows * (1.0 + baseline.tariffs)).sum(axis=1)
    spent = np.where(spending0 > 0, spending0, 1.0)
    pi0 = baseline.flows * (1.0 + baseline.tariffs) / spent[:, None, :]
    labor = (baseline.value_added * baseline.flows.sum(axis=0)).sum(axis=1)
    kappa = (1.0 + shock.tariffs) / (1.0 + baseline.tariffs) * shock.trade_costs
    wage, price, spending = np.ones(N), np.ones((N, J)), spending0.copy()
    for _ in range(sweeps):
        cost = np.ones((N, J))
        for n in range(N):
            for j in range(J):
                cost[n, j] = wage[n] ** baseline.value_added[n, j] / shock.productivity[n, j]
                for k in range(J):
                    cost[n, j] *= price[n, k] ** baseline.use[n, k, j]
        reach = pi0 * (kappa * cost[None]) ** -baseline.theta
        total = reach.sum(axis=1)
        total[spending0 <= 0] = 1.0
        price = total ** (-1.0 / baseline.theta)
        flows = reach / total[:, None, :] * spending[:, None, :] / (1.0 + shock.tariffs)
        output = flows.sum(axis=0)
        income = wage * labor + (flows * shock.tariffs).sum(axis=(1, 2)) + baseline.deficits
        spending = baseline.final * income[:, None]
        for n in range(N):
            spending[n] += baseline.use[n] @ output[n]
        hired = (baseline.value_added * output).sum(axis=1)
        wage = wage * (hired / (wage * labor)) ** 0.1
        wage *= labor.sum() / (wage @ labor)
    index = np.exp((baseline.final * np.log(price)).sum(axis=1))
    income0 = labor + (baseline.flows * baseline.tariffs).sum(axis=(1, 2)) + baseline.deficits
    return income / income0 / index, wage / index
