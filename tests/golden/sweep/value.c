// Written by transpile from source.py:4 -- do not edit; write it again with
//     python -m transpile source.py:sweep --args 'float64[:], float, int' --to c

#include <stdint.h>

// u: double[n_u]
// result: double[1]
int64_t sweep(int64_t n_u, double *restrict u, double c, int64_t steps, double *restrict result)
{
    for (int64_t t = 0; t < steps; t++) {                       // source.py:5
        for (int64_t i = 1; i < n_u; i++) {                     // source.py:6
            u[i] -= c * u[i] * (u[i] - u[i - 1]);               // source.py:7
        }
    }
    if (n_u - 1 < 0) return 1;                                  // source.py:8
    double u_m1 = u[n_u - 1];
    *result = u_m1;
    return 0;
}

int64_t sweep_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t sweep_entry(void *const *given)
{
    return sweep(*(const int64_t *)given[0], given[1], *(const double *)given[2],
        *(const int64_t *)given[3], given[4]);
}
