// Written by transpile from source.py:21 -- do not edit; write it again with
//     python -m transpile source.py:solver --args 'float64[:], int' --grad a, --to c

#include <math.h>
#include <stddef.h>
#include <stdint.h>

// Vector versions of these are in glibc's libmvec.
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
__attribute__((simd("notinbranch"))) double cos(double);
#endif

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

// a, d_a: double[n_a]
int64_t solver_grad(
    int64_t n_a, const double *restrict a, int64_t steps, double *restrict d_a, char *scratch)
{
    double *restrict root_at = take(&scratch, n_a, sizeof(double));  // source.py:23
    for (int64_t i = 0; i < n_a; i++) {
        double a_i = a[i];                                      // source.py:24
        double x = a_i;                                         // source.py:11
        for (int64_t _ = 0; _ < steps; _++) {
            x = 0.5 * (x + a_i / x);                            // source.py:12
        }
        root_at[i] = x;                                         // source.py:24
    }
    #pragma omp simd
    for (int64_t i = 0; i < n_a; i++) {                         // source.py:23
        double root_was = root_at[i];                           // source.py:24
        d_a[i] = 0.5 * cos(root_was) / root_was;
    }
    return 0;
}

int64_t solver_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_a = *(const int64_t *)given[0];
    plan[0] = room(n_a, sizeof(double));
    plan[1] = n_a;
    return 0;
}

int64_t solver_grad_entry(void *const *given)
{
    return solver_grad(*(const int64_t *)given[0], given[1], *(const int64_t *)given[2], given[3],
        given[4]);
}
