// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:decay --args 'float64[:], float64[:], float, int'
//         --grad y0,k --to c

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// m * n, or the greatest integer where that is not one.
static inline int64_t elements(int64_t m, int64_t n)
{
    int64_t count;
    return __builtin_mul_overflow(m, n, &count) ? INT64_MAX : count;
}

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

// y0_, k, d_y, d_k: double[n_y0]
int64_t decay_grad(
    int64_t n_y0, const double *restrict y0_, const double *restrict k, double dt, int64_t steps,
    double *restrict d_y, double *restrict d_k, char *scratch)
{
    double *restrict y = take(&scratch, n_y0, sizeof(double));  // source.py:8
    memcpy(y, y0_, (size_t)n_y0 * sizeof(double));
    double (*restrict y_at)[n_y0] = take(&scratch, extent(steps) * n_y0, sizeof(double));
    for (int64_t i = 0; i < steps; i++) {
        #pragma omp simd
        for (int64_t j = 0; j < n_y0; j++) {
            y_at[i][j] = y[j];
            y[j] = y[j] - dt * k[j] * y[j] * y[j];              // source.py:9
        }
    }
    for (int64_t j = 0; j < n_y0; j++) {                        // source.py:10
        d_y[j] = 1.0;
    }
    memset(d_k, 0, (size_t)n_y0 * sizeof(double));              // source.py:8
    for (int64_t i = steps - 1; i >= 0; i--) {
        #pragma omp simd
        for (int64_t j = 0; j < n_y0; j++) {                    // source.py:9
            double d_y_times_y = d_y[j] * y_at[i][j];
            double dt_times_k = dt * k[j];
            d_y[j] -= d_y[j] * (dt_times_k * y_at[i][j]);
            d_y[j] -= d_y_times_y * dt_times_k;
            d_k[j] -= d_y_times_y * y_at[i][j] * dt;
        }
    }
    return 0;
}

int64_t decay_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_y0 = *(const int64_t *)given[0];
    int64_t steps = *(const int64_t *)given[4];
    int64_t bytes = 0;
    bytes += room(n_y0, sizeof(double));
    bytes += room(elements(extent(steps), n_y0), sizeof(double));
    plan[0] = bytes;
    plan[1] = n_y0;
    plan[2] = n_y0;
    return 0;
}

int64_t decay_grad_entry(void *const *given)
{
    return decay_grad(*(const int64_t *)given[0], given[1], given[2], *(const double *)given[3],
        *(const int64_t *)given[4], given[5], given[6], given[7]);
}
