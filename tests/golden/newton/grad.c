// Written by transpile from source.py:4 -- do not edit; write it again with
//     python -m transpile source.py:newton --args 'float, float' --grad a, --to c

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline double absolute_float64(double x)
{
    return fabs(x);
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

// result: double[1]
int64_t newton_grad(double a, double tolerance, double *restrict result, char *scratch)
{
    double x = a;                                               // source.py:6
    bool test = false;
    int64_t entries = 0;
    while (!test) {
        double scaled_x = 2.0 * x;                              // source.py:7
        if (scaled_x == 0.0) return 1;
        double step = (x * x - a) / scaled_x;
        x -= step;                                              // source.py:8
        test = absolute_float64(step) < tolerance;              // source.py:9
        entries++;                                              // source.py:6
    }
    int64_t entries_at = entries;
    double *restrict x_at = take(&scratch, extent(entries_at), sizeof(double));
    x = a;
    bool test_1 = false;
    int64_t kept = 0;
    int64_t trips = 0;
    while (!test_1) {
        x_at[kept] = x;
        double scaled_x_1 = 2.0 * x;                            // source.py:7
        if (scaled_x_1 == 0.0) return 1;
        double step = (x * x - a) / scaled_x_1;
        x -= step;                                              // source.py:8
        test_1 = absolute_float64(step) < tolerance;            // source.py:9
        kept++;                                                 // source.py:6
        trips++;
    }
    double d_x = 1.0;
    double d_a = 0.0;
    for (int64_t i = trips - 1; i >= 0; i--) {
        kept--;
        x = x_at[kept];
        double scaled_x_2 = 2.0 * x;                            // source.py:7
        double step = (x * x - a) / scaled_x_2;
        double ratio_d_x = d_x / scaled_x_2;
        d_x += d_x * (step / scaled_x_2) * 2.0;
        d_a += ratio_d_x;
        d_x -= 2.0 * ratio_d_x * x;
    }
    d_a += d_x;                                                 // source.py:6
    *result = d_a;
    return 0;
}

int64_t newton_grad_plan(void *const *given, int64_t *plan)
{
    double a = *(const double *)given[0];
    double tolerance = *(const double *)given[1];
    double x = a;                                               // source.py:6
    bool test = false;
    int64_t entries = 0;
    while (!test) {
        double scaled_x = 2.0 * x;                              // source.py:7
        if (scaled_x == 0.0) return 1;
        double step = (x * x - a) / scaled_x;
        x -= step;                                              // source.py:8
        test = absolute_float64(step) < tolerance;              // source.py:9
        entries++;                                              // source.py:6
    }
    int64_t entries_at = entries;
    plan[0] = room(extent(entries_at), sizeof(double));
    return 0;
}

int64_t newton_grad_entry(void *const *given)
{
    return newton_grad(*(const double *)given[0], *(const double *)given[1], given[2], given[3]);
}
