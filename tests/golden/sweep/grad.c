// Written by transpile from source.py:4 -- do not edit; write it again with
//     python -m transpile source.py:sweep --args 'float64[:], float, int' --grad u,c --to c

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

// u, d_u: double[n_u]
// d_c_out: double[1]
int64_t sweep_grad(
    int64_t n_u, const double *restrict u, double c, int64_t steps, double *restrict d_u,
    double *restrict d_c_out, char *scratch)
{
    double *restrict u_1 = take(&scratch, n_u, sizeof(double));  // source.py:7
    memcpy(u_1, u, (size_t)n_u * sizeof(double));
    // source.py:5
    double (*restrict u_at)[n_u - 1] = take(&scratch, extent(steps) * extent(n_u - 1),
        sizeof(double));
    for (int64_t t = 0; t < steps; t++) {
        for (int64_t i = 1; i < n_u; i++) {                     // source.py:6
            double u_i = u_1[i];                                // source.py:7
            u_at[t][i - 1] = u_i;
            u_1[i] = u_i - c * u_1[i] * (u_1[i] - u_1[i - 1]);
        }
    }
    memset(d_u, 0, (size_t)n_u * sizeof(double));               // source.py:8
    if (n_u - 1 < 0) return 1;
    d_u[n_u - 1] += 1.0;
    double d_c = 0.0;                                           // source.py:5
    for (int64_t t = steps - 1; t >= 0; t--) {
        double d_u_i_1 = 0 < n_u - 1 ? d_u[n_u - 1] : 0.0;      // source.py:6
        for (int64_t i = n_u - 1; i >= 1; i--) {
            double u_was = u_at[t][i - 1];                      // source.py:7
            u_1[i] = u_was;
            double d_u_i = d_u_i_1;
            double scaled_d_u_i = d_u_i * (u_was - u_1[i - 1]);
            double scaled_d_u_i_1 = d_u_i * (c * u_was);
            d_u_i_1 = d_u[i - 1] + scaled_d_u_i_1;
            d_u[i - 1] = d_u_i_1;
            d_c -= scaled_d_u_i * u_was;
            d_u[i] = -scaled_d_u_i_1 - scaled_d_u_i * c + d_u_i;
        }
    }
    *d_c_out = d_c;
    return 0;
}

int64_t sweep_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_u = *(const int64_t *)given[0];
    int64_t steps = *(const int64_t *)given[3];
    int64_t bytes = 0;
    bytes += room(n_u, sizeof(double));
    bytes += room(elements(extent(steps), extent(n_u - 1)), sizeof(double));
    plan[0] = bytes;
    plan[1] = n_u;
    return 0;
}

int64_t sweep_grad_entry(void *const *given)
{
    return sweep_grad(*(const int64_t *)given[0], given[1], *(const double *)given[2],
        *(const int64_t *)given[3], given[4], given[5], given[6]);
}
