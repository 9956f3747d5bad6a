// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:gauss_seidel --args 'float64[:], float64[:], int'
//         --grad u,f --to c

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

// u, d_u: double[n_u]
// f, d_f: double[n_f]
int64_t gauss_seidel_grad(
    int64_t n_u, int64_t n_f, const double *restrict u, const double *restrict f, int64_t sweeps,
    double *restrict d_u, double *restrict d_f, char *scratch)
{
    double *restrict u_1 = take(&scratch, n_u, sizeof(double));
    memcpy(u_1, u, (size_t)n_u * sizeof(double));
    if (sweeps > 0 && n_u >= 3 && n_u >= n_f + 2) return 1;     // source.py:9
    for (int64_t s = 0; s < sweeps; s++) {                      // source.py:7
        for (int64_t i = 1; i < n_u - 1; i++) {                 // source.py:8
            u_1[i] = 0.5 * (u_1[i - 1] + u_1[i + 1] - f[i]);    // source.py:9
        }
    }
    #pragma omp simd
    for (int64_t j = 0; j < n_u; j++) {                         // source.py:10
        d_u[j] = 2.0 * u_1[j];
    }
    memset(d_f, 0, (size_t)n_f * sizeof(double));               // source.py:7
    if (sweeps > 0 && n_u >= 3 && n_u >= n_f + 2) return 2;     // source.py:9
    for (int64_t s = sweeps - 1; s >= 0; s--) {                 // source.py:7
        double d_u_i_1 = 0 < n_u - 2 ? d_u[n_u - 2] : 0.0;      // source.py:8
        for (int64_t i = n_u - 2; i >= 1; i--) {
            double d_u_i = d_u_i_1;                             // source.py:9
            d_u[i] = 0.0;
            double scaled_d_u_i = d_u_i * 0.5;
            d_f[i] -= scaled_d_u_i;
            d_u[i + 1] += scaled_d_u_i;
            d_u_i_1 = d_u[i - 1] + scaled_d_u_i;
            d_u[i - 1] = d_u_i_1;
        }
    }
    return 0;
}

int64_t gauss_seidel_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_u = *(const int64_t *)given[0];
    int64_t n_f = *(const int64_t *)given[1];
    plan[0] = room(n_u, sizeof(double));
    plan[1] = n_u;
    plan[2] = n_f;
    return 0;
}

int64_t gauss_seidel_grad_entry(void *const *given)
{
    return gauss_seidel_grad(*(const int64_t *)given[0], *(const int64_t *)given[1], given[2],
        given[3], *(const int64_t *)given[4], given[5], given[6], given[7]);
}
