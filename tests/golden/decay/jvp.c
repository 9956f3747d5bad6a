// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:decay
//         --args 'float64[:], float64[:], float, int, (float64[:], float64[:])' --jvp y0,k --to c

#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

// y0_, k, y0_dot, k_dot: double[n_y0]
// result: double[1]
int64_t decay_jvp(
    int64_t n_y0, const double *restrict y0_, const double *restrict k, double dt, int64_t steps,
    const double *restrict y0_dot, const double *restrict k_dot, double *restrict result,
    char *scratch)
{
    double *restrict y = take(&scratch, n_y0, sizeof(double));
    memcpy(y, y0_, (size_t)n_y0 * sizeof(double));
    double *restrict y_dot = take(&scratch, n_y0, sizeof(double));
    memcpy(y_dot, y0_dot, (size_t)n_y0 * sizeof(double));
    for (int64_t i = 0; i < steps; i++) {                       // source.py:8
        #pragma omp simd
        for (int64_t j = 0; j < n_y0; j++) {                    // source.py:9
            double dt_times_k = dt * k[j];
            double scaled_dt_times_k = dt_times_k * y[j];
            y_dot[j] = y_dot[j] - ((k_dot[j] * dt * y[j] + y_dot[j] * dt_times_k) * y[j]
                + y_dot[j] * scaled_dt_times_k);
            y[j] = y[j] - scaled_dt_times_k * y[j];
        }
    }
    double total_y_dot = 0.0;                                   // source.py:10
    #pragma omp simd reduction(+:total_y_dot)
    for (int64_t j = 0; j < n_y0; j++) {
        total_y_dot += y_dot[j];
    }
    *result = total_y_dot;
    return 0;
}

int64_t decay_jvp_plan(void *const *given, int64_t *plan)
{
    int64_t n_y0 = *(const int64_t *)given[0];
    int64_t bytes = 0;
    bytes += room(n_y0, sizeof(double));
    bytes += room(n_y0, sizeof(double));
    plan[0] = bytes;
    return 0;
}

int64_t decay_jvp_entry(void *const *given)
{
    return decay_jvp(*(const int64_t *)given[0], given[1], given[2], *(const double *)given[3],
        *(const int64_t *)given[4], given[5], given[6], given[7], given[8]);
}
