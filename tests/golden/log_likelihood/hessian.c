// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:log_likelihood --args 'float64[:], float, float'
//         --hessian s2_eps,s2_eta --to c

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline int64_t extent(int64_t n)
{
    return n > 0 ? n : 0;
}

// Bytes that `take` takes for `count` elements, or more than any machine has.
static inline int64_t room(int64_t count, size_t size)
{
    const int64_t most = INT64_C(1) << 52;
    int64_t bytes;
    if (__builtin_mul_overflow(count, (int64_t)size, &bytes) || bytes > most) return most;
    return (bytes + 63) / 64 * 64;
}

// The next `count` elements of the scratch, which nothing else points to, aligned to 64 bytes.
__attribute__((malloc, noinline)) static void *take(char **scratch, int64_t count, size_t size)
{
    void *start = *scratch;
    *scratch += ((size_t)count * size + 63) / 64 * 64;
    return start;
}

// y: double[n_y]
// d_d_s2_eps_d_s2_eps_out, d_d_s2_eps_d_s2_eta_out, d_d_s2_eta_d_s2_eps_out,
// d_d_s2_eta_d_s2_eta_out: double[1]
int64_t log_likelihood_hessian(
    int64_t n_y, const double *restrict y, double s2_eps, double s2_eta,
    double *restrict d_d_s2_eps_d_s2_eps_out, double *restrict d_d_s2_eps_d_s2_eta_out,
    double *restrict d_d_s2_eta_d_s2_eps_out, double *restrict d_d_s2_eta_d_s2_eta_out,
    char *scratch)
{
    if (n_y <= 0) return 1;                                     // source.py:7
    double y_0 = y[0];
    double P = s2_eps + s2_eta;
    double *restrict P_at = take(&scratch, extent(n_y - 1), sizeof(double));  // source.py:8
    double *restrict v_at = take(&scratch, extent(n_y - 1), sizeof(double));
    double a = y_0;
    double P_1 = P;
    for (int64_t t = 1; t < n_y; t++) {
        P_at[t - 1] = P_1;
        double F = P_1 + s2_eps;                                // source.py:9
        double v = y[t] - a;                                    // source.py:10
        v_at[t - 1] = v;
        if (F == 0.0) return 2;                                 // source.py:12
        double K = P_1 / F;
        a += K * v;                                             // source.py:13
        P_1 = P_1 * (1.0 - K) + s2_eta;                         // source.py:14
    }
    double d_d_s2_eps_d_s2_eps = 0.0;                           // source.py:6
    double d_d_s2_eta_d_s2_eps = 0.0;
    double d_d_s2_eps_d_s2_eta = 0.0;
    double d_d_s2_eta_d_s2_eta = 0.0;
    double *restrict P_at_dot = take(&scratch, extent(n_y - 1), sizeof(double));  // source.py:8
    double *restrict v_at_dot = take(&scratch, extent(n_y - 1), sizeof(double));
    for (int64_t i = 0; i < 2; i++) {                           // source.py:6
        bool test = i < 1;
        bool test_1 = i >= 1;
        double s2_eps_dot = test ? 1.0 : 0.0;
        double s2_eta_dot = test_1 ? 1.0 : 0.0;
        double P_dot = s2_eps_dot + s2_eta_dot;                 // source.py:7
        a = y_0;                                                // source.py:8
        P_1 = P;
        double a_dot = 0.0;
        for (int64_t t = 1; t < n_y; t++) {
            P_at_dot[t - 1] = P_dot;
            double F_dot = P_dot + s2_eps_dot;                  // source.py:9
            double F = P_1 + s2_eps;
            double v_dot = -a_dot;                              // source.py:10
            double v = y[t] - a;
            v_at_dot[t - 1] = v_dot;
            double K = P_1 / F;                                 // source.py:12
            double K_dot = P_dot / F - F_dot * (K / F);
            a_dot += K_dot * v - a_dot * K;                     // source.py:13
            a += K * v;
            double diff_K = 1.0 - K;                            // source.py:14
            P_dot = P_dot * diff_K - K_dot * P_1 + s2_eta_dot;
            P_1 = P_1 * diff_K + s2_eta;
        }
        double d_a = 0.0;                                       // source.py:8
        double d_P = 0.0;
        double d_a_dot = 0.0;
        double d_P_dot = 0.0;
        double d_s2_eps_dot = 0.0;
        double d_s2_eta_dot = 0.0;
        for (int64_t t = n_y - 1; t >= 1; t--) {
            double P_at_dot_t = P_at_dot[t - 1];
            P_1 = P_at[t - 1];
            double F_dot = P_at_dot_t + s2_eps_dot;             // source.py:9
            double F = P_1 + s2_eps;
            double v_dot = v_at_dot[t - 1];                     // source.py:10
            double v = v_at[t - 1];
            double scaled_F = 6.283185307179586 * F;            // source.py:11
            double ratio_v = v * v / F;
            double K = P_1 / F;                                 // source.py:12
            double K_dot = P_at_dot_t / F - F_dot * (K / F);
            double diff_K_1 = 1.0 - K;                          // source.py:14
            d_s2_eta_dot += d_P_dot;
            double d_P_dot_1 = d_P_dot * diff_K_1 - K_dot * d_P;
            double d_P_1 = d_P * diff_K_1;
            // source.py:13
            double d_K_dot = d_a_dot * v + v_dot * d_a - (d_P_dot * P_1 + P_at_dot_t * d_P);
            double d_K = d_a * v - d_P * P_1;
            double d_v_dot = d_a_dot * K + K_dot * d_a;
            double d_v = d_a * K;
            double d_K_over_F = d_K / F;                        // source.py:12
            d_P_dot = d_P_dot_1 + (d_K_dot / F - F_dot * (d_K_over_F / F));
            d_P = d_P_1 + d_K_over_F;
            double K_over_F = K / F;
            double ratio_F = 0.5 / F;                           // source.py:11
            double ratio_ratio_v = ratio_v / F;
            double d_F_dot = ((2.0 * v_dot * v / F - F_dot * (ratio_v / F)) / F - F_dot
                * (ratio_ratio_v / F)) * 0.5 - (d_K_dot * K_over_F + (K_dot / F - F_dot
                * (K_over_F / F)) * d_K);
            double d_F = 0.5 * ratio_ratio_v - d_K * K_over_F;
            double scaled_ratio_F = 2.0 * ratio_F;
            d_v_dot -= v_dot * scaled_ratio_F - F_dot * (ratio_F / F) * 2.0 * v;
            d_v -= scaled_ratio_F * v;
            double ratio_scaled_F = 0.5 / scaled_F;
            d_F_dot += F_dot * 6.283185307179586 * (ratio_scaled_F / scaled_F) * 6.283185307179586;
            d_F -= ratio_scaled_F * 6.283185307179586;
            d_a_dot -= d_v_dot;                                 // source.py:10
            d_a -= d_v;
            d_P_dot += d_F_dot;                                 // source.py:9
            d_P += d_F;
            d_s2_eps_dot += d_F_dot;
        }
        d_s2_eps_dot += d_P_dot;                                // source.py:7
        d_s2_eta_dot += d_P_dot;
        if (test) {                                             // source.py:6
            d_d_s2_eps_d_s2_eps = d_s2_eps_dot;
            d_d_s2_eta_d_s2_eps = d_s2_eta_dot;
        }
        if (test_1) {
            d_d_s2_eps_d_s2_eta = d_s2_eps_dot;
            d_d_s2_eta_d_s2_eta = d_s2_eta_dot;
        }
    }
    *d_d_s2_eps_d_s2_eps_out = d_d_s2_eps_d_s2_eps;
    *d_d_s2_eps_d_s2_eta_out = d_d_s2_eps_d_s2_eta;
    *d_d_s2_eta_d_s2_eps_out = d_d_s2_eta_d_s2_eps;
    *d_d_s2_eta_d_s2_eta_out = d_d_s2_eta_d_s2_eta;
    return 0;
}

int64_t log_likelihood_hessian_plan(void *const *given, int64_t *plan)
{
    int64_t n_y = *(const int64_t *)given[0];
    int64_t bytes = 0;
    bytes += room(extent(n_y - 1), sizeof(double));
    bytes += room(extent(n_y - 1), sizeof(double));
    bytes += room(extent(n_y - 1), sizeof(double));
    bytes += room(extent(n_y - 1), sizeof(double));
    plan[0] = bytes;
    return 0;
}

int64_t log_likelihood_hessian_entry(void *const *given)
{
    return log_likelihood_hessian(*(const int64_t *)given[0], given[1], *(const double *)given[2],
        *(const double *)given[3], given[4], given[5], given[6], given[7], given[8]);
}
