// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:misfit --args 'float64[:, :], float64[:]' --grad A,b
//         --to c

#include <stddef.h>
#include <stdint.h>

// Functions whose addresses the caller gives.
// LAPACK's and BLAS's are as their documents say.
typedef struct {
    void (*dgesv)(int *n, int *nrhs, double *a, int *lda, int *pivots, double *b, int *ldb,
        int *info);
} Host;

// y is the transpose of x, which has m rows and n columns.
static inline void flip_float64(int64_t m, int64_t n, const double *x, double *y)
{
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < m; i++) y[j * m + i] = x[i * n + j];
    }
}

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

// a x = b. Not 0 where a is singular.
static int64_t solve_float64(
    const Host *host, int64_t n, int64_t m, const double *a, const double *b, double *x, double *work)
{
    double *lu = work, *columns = work + n * n;
    int rows = (int)n, count = (int)m, info = 0, *pivots = (int *)(void *)(columns + n * m);
    if (n == 0) return 0;
    flip_float64(n, n, a, lu);
    flip_float64(n, m, b, columns);
    host->dgesv(&rows, &count, lu, &rows, pivots, columns, &rows, &info);
    flip_float64(m, n, columns, x);
    return info;
}

// The next `count` elements of the scratch, which nothing else points to, aligned to 64 bytes.
__attribute__((malloc, noinline)) static void *take(char **scratch, int64_t count, size_t size)
{
    void *start = *scratch;
    *scratch += ((size_t)count * size + 63) / 64 * 64;
    return start;
}

// A, d_A: double[n_A][n_A]
// b, d_b: double[n_A]
int64_t misfit_grad(
    int64_t n_A, const double (*restrict A)[n_A], const double *restrict b,
    double (*restrict d_A)[n_A], double *restrict d_b, const Host *host, char *scratch)
{
    double *restrict x = take(&scratch, n_A, sizeof(double));   // source.py:7
    double (*restrict work)[n_A] = take(&scratch, extent(n_A + 2) * n_A, sizeof(double));
    if (solve_float64(host, n_A, 1, *A, b, x, *work) != 0) return 1;
    double *restrict solve_A = take(&scratch, n_A, sizeof(double));
    double (*restrict values)[n_A] = take(&scratch, n_A * n_A, sizeof(double));
    for (int64_t i = 0; i < n_A; i++) {
        for (int64_t j = 0; j < n_A; j++) {
            values[i][j] = A[j][i];
        }
    }
    double (*restrict work_1)[n_A] = take(&scratch, extent(n_A + 2) * n_A, sizeof(double));
    if (solve_float64(host, n_A, 1, *values, b, solve_A, *work_1) != 0) return 1;
    for (int64_t i = 0; i < n_A; i++) {
        #pragma omp simd
        for (int64_t j = 0; j < n_A; j++) {
            d_A[i][j] = -(solve_A[i] * x[j]);
        }
    }
    for (int64_t i = 0; i < n_A; i++) {
        d_b[i] = x[i] + solve_A[i];
    }
    return 0;
}

int64_t misfit_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n_A = *(const int64_t *)given[0];
    int64_t bytes = 0;
    bytes += room(n_A, sizeof(double));
    bytes += room(elements(extent(n_A + 2), n_A), sizeof(double));
    bytes += room(n_A, sizeof(double));
    bytes += room(elements(n_A, n_A), sizeof(double));
    bytes += room(elements(extent(n_A + 2), n_A), sizeof(double));
    plan[0] = bytes;
    plan[1] = n_A;
    plan[2] = n_A;
    plan[3] = n_A;
    return 0;
}

int64_t misfit_grad_entry(void *const *given)
{
    return misfit_grad(*(const int64_t *)given[0], given[1], given[2], given[3], given[4],
        given[7], given[5]);
}
