// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:gauss_seidel --args 'float64[:], float64[:], int' --to c

#include <stdint.h>

// u: double[n_u]
// f: double[n_f]
// result: double[1]
int64_t gauss_seidel(
    int64_t n_u, int64_t n_f, double *restrict u, const double *restrict f, int64_t sweeps,
    double *restrict result)
{
    if (sweeps > 0 && n_u >= 3 && n_u >= n_f + 2) return 1;     // source.py:9
    for (int64_t s = 0; s < sweeps; s++) {                      // source.py:7
        for (int64_t i = 1; i < n_u - 1; i++) {                 // source.py:8
            u[i] = 0.5 * (u[i - 1] + u[i + 1] - f[i]);          // source.py:9
        }
    }
    double total_u = 0.0;                                       // source.py:10
    #pragma omp simd reduction(+:total_u)
    for (int64_t j = 0; j < n_u; j++) {
        total_u += u[j] * u[j];
    }
    *result = total_u;
    return 0;
}

int64_t gauss_seidel_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t gauss_seidel_entry(void *const *given)
{
    return gauss_seidel(*(const int64_t *)given[0], *(const int64_t *)given[1], given[2],
        given[3], *(const int64_t *)given[4], given[5]);
}
