// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:decay --args 'float64[:], float64[:], float, int' --to c

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

// y0_, k: double[n_y0]
// result: double[1]
int64_t decay(
    int64_t n_y0, const double *restrict y0_, const double *restrict k, double dt, int64_t steps,
    double *restrict result, char *scratch)
{
    double *restrict y = take(&scratch, n_y0, sizeof(double));
    memcpy(y, y0_, (size_t)n_y0 * sizeof(double));
    for (int64_t i = 0; i < steps; i++) {                       // source.py:8
        #pragma omp simd
        for (int64_t j = 0; j < n_y0; j++) {                    // source.py:9
            y[j] = y[j] - dt * k[j] * y[j] * y[j];
        }
    }
    double total_y = 0.0;                                       // source.py:10
    #pragma omp simd reduction(+:total_y)
    for (int64_t j = 0; j < n_y0; j++) {
        total_y += y[j];
    }
    *result = total_y;
    return 0;
}

int64_t decay_plan(void *const *given, int64_t *plan)
{
    int64_t n_y0 = *(const int64_t *)given[0];
    plan[0] = room(n_y0, sizeof(double));
    return 0;
}

int64_t decay_entry(void *const *given)
{
    return decay(*(const int64_t *)given[0], given[1], given[2], *(const double *)given[3],
        *(const int64_t *)given[4], given[5], given[6]);
}
