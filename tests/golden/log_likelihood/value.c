// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:log_likelihood --args 'float64[:], float, float' --to c

#include <math.h>
#include <stdint.h>

// y: double[n_y]
// result: double[1]
int64_t log_likelihood(
    int64_t n_y, const double *restrict y, double s2_eps, double s2_eta, double *restrict result)
{
    double P = s2_eps + s2_eta;                                 // source.py:7
    if (n_y <= 0) return 1;
    double ll = 0.0;                                            // source.py:8
    double a = y[0];
    for (int64_t t = 1; t < n_y; t++) {
        double F = P + s2_eps;                                  // source.py:9
        double v = y[t] - a;                                    // source.py:10
        if (F == 0.0) return 2;                                 // source.py:12
        double K = P / F;
        a += K * v;                                             // source.py:13
        P = P * (1.0 - K) + s2_eta;                             // source.py:14
        ll -= 0.5 * (log(6.283185307179586 * F) + v * v / F);   // source.py:11
    }
    *result = ll;
    return 0;
}

int64_t log_likelihood_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t log_likelihood_entry(void *const *given)
{
    return log_likelihood(*(const int64_t *)given[0], given[1], *(const double *)given[2],
        *(const double *)given[3], given[4]);
}
