# Written by transpile from source.py:6 -- do not edit; write it again with
#     python -m transpile source.py:log_likelihood --args 'float64[:], float, float'
#         --hessian s2_eps,s2_eta --to python
import numpy as np


def log_likelihood_hessian(y, s2_eps, s2_eta):
    """The Jacobian of log_likelihood_grad by s2_eps, s2_eta.

    For y: float64[n_y], s2_eps: float, s2_eta: float.
    """
    n_y = len(y)
    # forward
    y_0 = y[0]                                          # source.py:7
    P = s2_eps + s2_eta
    P_at = np.empty(max(n_y - 1, 0))
    v_at = np.empty(max(n_y - 1, 0))
    a = y_0
    P_1 = P
    for t in range(1, n_y):                             # source.py:8
        P_at[t - 1] = P_1                               # source.py:8
        F = P_1 + s2_eps                                # source.py:9
        v = y[t] - a                                    # source.py:10
        v_at[t - 1] = v
        K = P_1 / F                                     # source.py:12
        a = a + K * v                                   # source.py:13
        P_1 = P_1 * (1.0 - K) + s2_eta                  # source.py:14

    # reverse
    d_d_s2_eps_d_s2_eps = 0.0
    d_d_s2_eta_d_s2_eps = 0.0
    d_d_s2_eps_d_s2_eta = 0.0
    d_d_s2_eta_d_s2_eta = 0.0
    for i in range(2):                                  # source.py:6
        test = i < 1                                    # source.py:6
        test_1 = i >= 1
        s2_eps_dot = np.float64(1.0) if test else np.float64(0.0)
        s2_eta_dot = np.float64(1.0) if test_1 else np.float64(0.0)
        P_dot = s2_eps_dot + s2_eta_dot                 # source.py:7
        P_at_dot = np.empty(max(n_y - 1, 0))
        v_at_dot = np.empty(max(n_y - 1, 0))
        a = y_0
        P_1 = P
        a_dot = 0.0
        for t in range(1, n_y):                         # source.py:8
            P_at_dot[t - 1] = P_dot                     # source.py:8
            F_dot = P_dot + s2_eps_dot                  # source.py:9
            F = P_1 + s2_eps
            v_dot = -a_dot                              # source.py:10
            v = y[t] - a
            v_at_dot[t - 1] = v_dot
            K = P_1 / F                                 # source.py:12
            K_dot = P_dot / F - F_dot * (K / F)
            a_dot = a_dot + (K_dot * v - a_dot * K)     # source.py:13
            a = a + K * v
            diff_K = 1.0 - K                            # source.py:14
            P_dot = P_dot * diff_K - K_dot * P_1 + s2_eta_dot
            P_1 = P_1 * diff_K + s2_eta
        d_a = 0.0
        d_P = 0.0
        d_a_dot = 0.0
        d_P_dot = 0.0
        d_s2_eps_dot = 0.0
        d_s2_eta_dot = 0.0
        for t in reversed(range(1, n_y)):               # source.py:8
            P_at_dot_t = P_at_dot[t - 1]                # source.py:8
            P_1 = float(P_at[t - 1])
            F_dot = P_at_dot_t + s2_eps_dot             # source.py:9
            F = P_1 + s2_eps
            v_dot = v_at_dot[t - 1]                     # source.py:10
            v = v_at[t - 1]
            scaled_F = 2.0 * np.pi * F                  # source.py:11
            ratio_v = v * v / F
            K = P_1 / F                                 # source.py:12
            K_dot = P_at_dot_t / F - F_dot * (K / F)
            # source.py:14:  P = P * (1.0 - K) + s2_eta
            diff_K_1 = 1.0 - K
            d_s2_eta_dot += d_P_dot
            d_P_dot_1 = d_P_dot * diff_K_1 - K_dot * d_P
            d_P_1 = d_P * diff_K_1
            # source.py:13:  a = a + K * v
            d_K_dot = d_a_dot * v + v_dot * d_a - (d_P_dot * P_1 + P_at_dot_t * d_P)
            d_K = d_a * v - d_P * P_1
            d_v_dot = d_a_dot * K + K_dot * d_a
            d_v = d_a * K
            # source.py:12:  K = P / F
            d_K_over_F = d_K / F
            d_P_dot = d_P_dot_1 + (d_K_dot / F - F_dot * (d_K_over_F / F))
            d_P = d_P_1 + d_K_over_F
            K_over_F = K / F                            # source.py:12
            # source.py:11:  ll -= 0.5 * (np.log(2.0 * np.pi * F) + v * v / F)
            ratio_F = np.float64(0.5) / F
            ratio_ratio_v = ratio_v / F
            d_F_dot = (
                ((2 * v_dot * v / F - F_dot * (ratio_v / F)) / F - F_dot * (ratio_ratio_v / F)) * 0.5
                - (d_K_dot * K_over_F + (K_dot / F - F_dot * (K_over_F / F)) * d_K)
            )
            d_F = 0.5 * ratio_ratio_v - d_K * K_over_F
            scaled_ratio_F = 2 * ratio_F
            d_v_dot -= v_dot * scaled_ratio_F - F_dot * (ratio_F / F) * 2 * v
            d_v -= scaled_ratio_F * v
            ratio_scaled_F = np.float64(0.5) / scaled_F
            d_F_dot += F_dot * (2.0 * np.pi) * (ratio_scaled_F / scaled_F) * (2.0 * np.pi)
            d_F -= ratio_scaled_F * (2.0 * np.pi)
            # source.py:10:  v = y[t] - a
            d_a_dot -= d_v_dot
            d_a -= d_v
            # source.py:9:  F = P + s2_eps
            d_P_dot += d_F_dot
            d_P += d_F
            d_s2_eps_dot += d_F_dot
        # source.py:7:  a, P, ll = y[0], s2_eps + s2_eta, 0.0
        d_s2_eps_dot += d_P_dot
        d_s2_eta_dot += d_P_dot
        if test:                                        # source.py:6
            d_d_s2_eps_d_s2_eps = d_s2_eps_dot
            d_d_s2_eta_d_s2_eps = d_s2_eta_dot
        if test_1:                                      # source.py:6
            d_d_s2_eps_d_s2_eta = d_s2_eps_dot
            d_d_s2_eta_d_s2_eta = d_s2_eta_dot
    return (
        (d_d_s2_eps_d_s2_eps, d_d_s2_eps_d_s2_eta),
        (d_d_s2_eta_d_s2_eps, d_d_s2_eta_d_s2_eta),
    )
