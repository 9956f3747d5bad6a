# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:log_likelihood --args 'float64[:], float, float'
#         --grad s2_eps,s2_eta --to python
import numpy as np


def log_likelihood_grad(y, s2_eps, s2_eta):
    """The gradient of log_likelihood: (d_s2_eps, d_s2_eta).

    For y: float64[n_y], s2_eps: float, s2_eta: float.
    """
    n_y = len(y)
    # forward
    P = s2_eps + s2_eta                                 # source.py:7
    P_at = np.empty(max(n_y - 1, 0))
    v_at = np.empty(max(n_y - 1, 0))
    a = y[0]                                            # source.py:7
    for t in range(1, n_y):                             # source.py:8
        P_at[t - 1] = P                                 # source.py:8
        F = P + s2_eps                                  # source.py:9
        v = y[t] - a                                    # source.py:10
        v_at[t - 1] = v
        K = P / F                                       # source.py:12
        a = a + K * v                                   # source.py:13
        P = P * (1.0 - K) + s2_eta                      # source.py:14

    # reverse
    d_a = 0.0
    d_P = 0.0
    d_s2_eps = 0.0
    d_s2_eta = 0.0
    for t in reversed(range(1, n_y)):                   # source.py:8
        P = float(P_at[t - 1])                          # source.py:8
        F = P + s2_eps                                  # source.py:9
        v = v_at[t - 1]                                 # source.py:10
        K = P / F                                       # source.py:12
        # source.py:14:  P = P * (1.0 - K) + s2_eta
        d_s2_eta += d_P
        d_P_1 = d_P * (1.0 - K)
        # source.py:13:  a = a + K * v
        d_K = d_a * v - d_P * P
        d_v = d_a * K
        # source.py:12:  K = P / F
        d_P = d_P_1 + d_K / F
        # source.py:11:  ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
        d_F = 0.5 * (v * v / F / F) - d_K * (K / F)
        d_v -= 2 * (np.float64(0.5) / F) * v
        d_F -= np.float64(0.5) / (2.0 * np.pi * F) * (2.0 * np.pi)
        # source.py:10:  v = y[t] - a
        d_a -= d_v
        # source.py:9:  F = P + s2_eps
        d_P += d_F
        d_s2_eps += d_F
    # source.py:7:  a, P, ll = y[0], s2_eps + s2_eta, 0.0
    d_s2_eps += d_P
    d_s2_eta += d_P
    return d_s2_eps, d_s2_eta
