// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:log_determinant --args 'float64[:, :]' --grad A, --to c

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// m * n, or the greatest integer where that is not one.
static inline int64_t elements(int64_t m, int64_t n)
{
    int64_t count;
    return __builtin_mul_overflow(m, n, &count) ? INT64_MAX : count;
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

// A, d_A: double[n][m_A]
int64_t log_determinant_grad(
    int64_t n, int64_t m_A, const double (*restrict A)[m_A], double (*restrict d_A)[m_A],
    char *scratch)
{
    double (*restrict A_1)[m_A] = take(&scratch, n * m_A, sizeof(double));
    memcpy(A_1, A, (size_t)n * (size_t)m_A * sizeof(double));
    if (n >= m_A + 2) return 1;                                 // source.py:10
    if (n >= 2 && n > m_A) return 2;                            // source.py:12
    for (int64_t k = 0; k < n; k++) {                           // source.py:8
        for (int64_t i = k + 1; i < n; i++) {                   // source.py:9
            A_1[i][k] /= A_1[k][k];                             // source.py:10
            double A_1_ik = A_1[i][k];                          // source.py:11
            #pragma omp simd
            for (int64_t j = k + 1; j < n; j++) {
                A_1[i][j] -= A_1_ik * A_1[k][j];                // source.py:12
            }
        }
    }
    memset(d_A, 0, (size_t)n * (size_t)m_A * sizeof(double));   // source.py:14
    if (n > m_A) return 3;                                      // source.py:15
    for (int64_t k = 0; k < n; k++) {                           // source.py:14
        d_A[k][k] += 1.0 / A_1[k][k];                           // source.py:15
    }
    if (n >= 2 && n > m_A) return 4;                            // source.py:12
    for (int64_t k = n - 1; k >= 0; k--) {                      // source.py:8
        double d_A_kk = d_A[k][k];                              // source.py:9
        for (int64_t i = n - 1; i >= k + 1; i--) {
            double A_k_k = A_1[k][k];                           // source.py:10
            double A_i_k = A_1[i][k];
            double d_A_ik = d_A[i][k];                          // source.py:11
            #pragma omp simd reduction(+:d_A_ik)
            for (int64_t j = k + 1; j < n; j++) {
                double d_A_i_j = d_A[i][j];                     // source.py:12
                d_A[k][j] -= d_A_i_j * A_1[i][k];
                d_A_ik -= d_A_i_j * A_1[k][j];
            }
            d_A[i][k] = d_A_ik / A_k_k;                         // source.py:10
            d_A_kk -= d_A_ik * (A_i_k / A_k_k);
        }
        d_A[k][k] = d_A_kk;                                     // source.py:9
    }
    return 0;
}

int64_t log_determinant_grad_plan(void *const *given, int64_t *plan)
{
    int64_t n = *(const int64_t *)given[0];
    int64_t m_A = *(const int64_t *)given[1];
    plan[0] = room(elements(n, m_A), sizeof(double));
    plan[1] = n;
    plan[2] = m_A;
    return 0;
}

int64_t log_determinant_grad_entry(void *const *given)
{
    return log_determinant_grad(*(const int64_t *)given[0], *(const int64_t *)given[1], given[2],
        given[3], given[4]);
}
