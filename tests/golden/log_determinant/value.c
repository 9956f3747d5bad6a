// Written by transpile from source.py:6 -- do not edit; write it again with
//     python -m transpile source.py:log_determinant --args 'float64[:, :]' --to c

#include <math.h>
#include <stdint.h>

// Vector versions of these are in glibc's libmvec.
#if defined(__GNUC__) && !defined(__clang__) && defined(__GLIBC__) && defined(__x86_64__)
__attribute__((simd("notinbranch"))) double log(double);
#endif

// A: double[n][m_A]
// result: double[1]
int64_t log_determinant(int64_t n, int64_t m_A, double (*restrict A)[m_A], double *restrict result)
{
    if (n >= m_A + 2) return 1;                                 // source.py:10
    if (n >= 2 && n > m_A) return 2;                            // source.py:12
    for (int64_t k = 0; k < n; k++) {                           // source.py:8
        for (int64_t i = k + 1; i < n; i++) {                   // source.py:9
            A[i][k] /= A[k][k];                                 // source.py:10
            double A_ik = A[i][k];                              // source.py:11
            #pragma omp simd
            for (int64_t j = k + 1; j < n; j++) {
                A[i][j] -= A_ik * A[k][j];                      // source.py:12
            }
        }
    }
    double total = 0.0;                                         // source.py:14
    if (n > m_A) return 3;                                      // source.py:15
    #pragma omp simd reduction(+:total)
    for (int64_t k = 0; k < n; k++) {                           // source.py:14
        total += log(A[k][k]);                                  // source.py:15
    }
    *result = total;
    return 0;
}

int64_t log_determinant_plan(void *const *given, int64_t *plan)
{
    (void)given;
    plan[0] = 0;
    return 0;
}

int64_t log_determinant_entry(void *const *given)
{
    return log_determinant(*(const int64_t *)given[0], *(const int64_t *)given[1], given[2],
        given[3]);
}
