// Written by transpile from source.py:21 -- do not edit; write it again with
//     python -m transpile source.py:solver --args 'float64[:], int' --to c

#include <math.h>
#include <stdint.h>

// a: double[n_a]
// result: double[1]
int64_t solver(int64_t n_a, const double *restrict a, int64_t steps, double *restrict result)
{
    double total = 0.0;                                         // source.py:23
    for (int64_t i = 0; i < n_a; i++) {
        double a_i = a[i];                                      // source.py:24
        double x = a_i;                                         // source.py:11
        for (int64_t _ = 0; _ < steps; _++) {
            x = 0.5 * (x + a_i / x);                            // source.py:12
        }
        total += sin(x);                                        // source.py:24
    }
    *result = total;
    return 0;
}

int64_t solver_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t solver_entry(void *const *given)
{
    return solver(*(const int64_t *)given[0], given[1], *(const int64_t *)given[2], given[3]);
}
