// Written by transpile from source.py:4 -- do not edit; write it again with
//     python -m transpile source.py:newton --args 'float, float' --to c

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static inline double absolute_float64(double x)
{
    return fabs(x);
}

// result: double[1]
int64_t newton(double a, double tolerance, double *restrict result)
{
    double x = a;                                               // source.py:6
    bool test = false;
    while (!test) {
        double scaled_x = 2.0 * x;                              // source.py:7
        if (scaled_x == 0.0) return 1;
        double step = (x * x - a) / scaled_x;
        x -= step;                                              // source.py:8
        test = absolute_float64(step) < tolerance;              // source.py:9
    }
    *result = x;
    return 0;
}

int64_t newton_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t newton_entry(void *const *given)
{
    return newton(*(const double *)given[0], *(const double *)given[1], given[2]);
}
