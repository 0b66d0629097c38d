"""AutoETS on the surge panel, run by another Python that has statsforecast: prints seconds and AUC.

    PYTHON _statsforecast_peer.py SERIES.npy TRUTH.npy COUNT

Each series is fitted on all months but the last six; the score is the mean excess of the six over the
forecast, in standard deviations of the residuals.
"""

import sys
import time

import numpy as np


def main() -> None:
    # The peer lives in an environment of its own, where this file runs; ours does not hold it.
    from statsforecast.models import AutoETS  # type: ignore[import-not-found]

    y, truth = np.load(sys.argv[1]), np.load(sys.argv[2])
    count = int(sys.argv[3])
    y, truth = y[:count], truth[:count]
    AutoETS(season_length=12).fit(y[0, :-6])
    started = time.perf_counter()
    score = np.empty(count)
    for k in range(count):
        model = AutoETS(season_length=12).fit(y[k, :-6])
        ahead = model.predict(h=6)["mean"]
        spread = np.std(y[k, :-6] - model.predict_in_sample()["fitted"])
        score[k] = (y[k, -6:] - ahead).mean() / spread
    took = time.perf_counter() - started
    order = np.argsort(score)
    ranks = np.empty(count)
    ranks[order] = np.arange(1, count + 1)
    positives = truth.sum()
    auc = (ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * (count - positives))
    print(took, auc)


if __name__ == "__main__":
    main()
