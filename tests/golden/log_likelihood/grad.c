// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:log_likelihood --args 'float64[:], float, float'
//         --grad s2_eps,s2_eta --to c

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
// d_s2_eps_out, d_s2_eta_out: double[1]
int64_t log_likelihood_grad(
    int64_t n_y, const double *restrict y, double s2_eps, double s2_eta,
    double *restrict d_s2_eps_out, double *restrict d_s2_eta_out, char *scratch)
{
    double P = s2_eps + s2_eta;                                 // source.py:7
    if (n_y <= 0) return 1;
    double *restrict P_at = take(&scratch, extent(n_y - 1), sizeof(double));  // source.py:8
    double *restrict v_at = take(&scratch, extent(n_y - 1), sizeof(double));
    double a = y[0];
    for (int64_t t = 1; t < n_y; t++) {
        P_at[t - 1] = P;
        double F = P + s2_eps;                                  // source.py:9
        double v = y[t] - a;                                    // source.py:10
        v_at[t - 1] = v;
        if (F == 0.0) return 2;                                 // source.py:12
        double K = P / F;
        a += K * v;                                             // source.py:13
        P = P * (1.0 - K) + s2_eta;                             // source.py:14
    }
    double d_a = 0.0;                                           // source.py:8
    double d_P = 0.0;
    double d_s2_eps = 0.0;
    double d_s2_eta = 0.0;
    for (int64_t t = n_y - 1; t >= 1; t--) {
        P = P_at[t - 1];
        double F = P + s2_eps;                                  // source.py:9
        double v = v_at[t - 1];                                 // source.py:10
        double K = P / F;                                       // source.py:12
        d_s2_eta += d_P;                                        // source.py:14
        double d_P_1 = d_P * (1.0 - K);
        double d_K = d_a * v - d_P * P;                         // source.py:13
        double d_v = d_a * K;
        d_P = d_P_1 + d_K / F;                                  // source.py:12
        double d_F = 0.5 * (v * v / F / F) - d_K * (K / F);     // source.py:11
        d_v -= 2.0 * (0.5 / F) * v;
        d_F -= 0.5 / (6.283185307179586 * F) * 6.283185307179586;
        d_a -= d_v;                                             // source.py:10
        d_P += d_F;                                             // source.py:9
        d_s2_eps += d_F;
    }
    d_s2_eps += d_P;                                            // source.py:7
    d_s2_eta += d_P;
    *d_s2_eps_out = d_s2_eps;
    *d_s2_eta_out = d_s2_eta;
    return 0;
}

int64_t log_likelihood_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_y = *(const int64_t *)given[0];
    int64_t bytes = 0;
    bytes += room(extent(n_y - 1), sizeof(double));
    bytes += room(extent(n_y - 1), sizeof(double));
    plan[0] = bytes;
    return 0;
}

int64_t log_likelihood_grad_entry(void *const *given)
{
    return log_likelihood_grad(*(const int64_t *)given[0], given[1], *(const double *)given[2],
        *(const double *)given[3], given[4], given[5], given[6]);
}
