/* Values and gradients of four programs of tests/programs, as a C programmer writes them by hand.
 *
 * Names and arguments are those of the programs. A value works in place, where the program does; a
 * gradient leaves its arguments alone and works in `tape`, which the caller keeps between calls.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#define AT(i, j, k) (((i) * m + (j)) * l + (k))

/* -- heat_3d: two states change places; each step's Laplacian is kept, for the cotangent of c */

double heat_3d(int64_t n, int64_t m, int64_t l, double *u, double c, int64_t steps, double *tape)
{
    double *restrict now = u, *restrict next = tape, total = 0.0;
    const int64_t row = l, plane = m * l;
    memcpy(tape, u, (size_t)(n * m * l) * sizeof *u); /* the walls */
    for (int64_t step = 0; step < steps; step++) {
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t j = 1; j < m - 1; j++) {
                #pragma omp simd
                for (int64_t p = AT(i, j, 1); p < AT(i, j, l - 1); p++) {
                    next[p] = now[p] + c * (now[p + plane] + now[p - plane] + now[p + row]
                                            + now[p - row] + now[p + 1] + now[p - 1]
                                            - 6.0 * now[p]);
                }
            }
        }
        double *swapped = now;
        now = next;
        next = swapped;
    }
    #pragma omp simd reduction(+:total)
    for (int64_t p = 0; p < n * m * l; p++) total += now[p] * now[p] * now[p];
    return total;
}

void heat_3d_grad(int64_t n, int64_t m, int64_t l, const double *u, double c, int64_t steps,
                  double *restrict d_u, double *restrict d_c, double *restrict tape)
{
    const int64_t size = n * m * l, row = l, plane = m * l;
    double *restrict now = tape, *restrict next = now + size, *restrict laplacian = next + size;
    memcpy(now, u, (size_t)size * sizeof *u);
    memcpy(next, u, (size_t)size * sizeof *u);
    for (int64_t step = 0; step < steps; step++, laplacian += size) {
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t j = 1; j < m - 1; j++) {
                #pragma omp simd
                for (int64_t p = AT(i, j, 1); p < AT(i, j, l - 1); p++) {
                    laplacian[p] = now[p + plane] + now[p - plane] + now[p + row] + now[p - row]
                                   + now[p + 1] + now[p - 1] - 6.0 * now[p];
                    next[p] = now[p] + c * laplacian[p];
                }
            }
        }
        double *swapped = now;
        now = next;
        next = swapped;
    }
    for (int64_t p = 0; p < size; p++) d_u[p] = 3.0 * now[p] * now[p];
    double *restrict s = next;
    memset(s, 0, (size_t)size * sizeof *s); /* what the walls give stays zero */
    *d_c = 0.0;
    for (int64_t step = 0; step < steps; step++) {
        laplacian -= size;
        double total = 0.0;
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t j = 1; j < m - 1; j++) {
                #pragma omp simd reduction(+:total)
                for (int64_t p = AT(i, j, 1); p < AT(i, j, l - 1); p++) {
                    s[p] = c * d_u[p];
                    total += d_u[p] * laplacian[p];
                }
            }
        }
        *d_c += total;
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t j = 1; j < m - 1; j++) {
                #pragma omp simd
                for (int64_t p = AT(i, j, 1); p < AT(i, j, l - 1); p++) {
                    d_u[p] += s[p + plane] + s[p - plane] + s[p + row] + s[p - row] + s[p + 1]
                              + s[p - 1] - 6.0 * s[p];
                }
                d_u[AT(i, j, 0)] += s[AT(i, j, 1)];
                d_u[AT(i, j, l - 1)] += s[AT(i, j, l - 2)];
            }
            for (int64_t k = 1; k < l - 1; k++) {
                d_u[AT(i, 0, k)] += s[AT(i, 1, k)];
                d_u[AT(i, m - 1, k)] += s[AT(i, m - 2, k)];
            }
        }
        for (int64_t p = row; p < plane - row; p++) {
            d_u[p] += s[p + plane];
            d_u[(n - 1) * plane + p] += s[(n - 2) * plane + p];
        }
    }
}

/* -- nonlinear_gauss_seidel: one old value is kept for each write */

double nonlinear_gauss_seidel(int64_t n, int64_t m, double *restrict u, const double *restrict f,
                              double h, int64_t sweeps)
{
    double total = 0.0;
    for (int64_t sweep = 0; sweep < sweeps; sweep++) {
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t p = i * m + 1; p < (i + 1) * m - 1; p++) {
                u[p] = 0.25 * (u[p - m] + u[p + m] + u[p - 1] + u[p + 1]
                               - h * h * (f[p] + u[p] * u[p] * u[p]));
            }
        }
    }
    #pragma omp simd reduction(+:total)
    for (int64_t p = 0; p < n * m; p++) total += u[p] * u[p];
    return total;
}

void nonlinear_gauss_seidel_grad(int64_t n, int64_t m, const double *restrict u0,
                                 const double *restrict f, double h, int64_t sweeps,
                                 double *restrict d_u, double *restrict d_f, double *restrict d_h,
                                 double *restrict tape)
{
    double *restrict u = tape, *restrict was = tape + n * m, total = 0.0;
    memcpy(u, u0, (size_t)(n * m) * sizeof *u);
    for (int64_t sweep = 0; sweep < sweeps; sweep++) {
        for (int64_t i = 1; i < n - 1; i++) {
            for (int64_t p = i * m + 1; p < (i + 1) * m - 1; p++) {
                *was++ = u[p];
                u[p] = 0.25 * (u[p - m] + u[p + m] + u[p - 1] + u[p + 1]
                               - h * h * (f[p] + u[p] * u[p] * u[p]));
            }
        }
    }
    for (int64_t p = 0; p < n * m; p++) d_u[p] = 2.0 * u[p];
    memset(d_f, 0, (size_t)(n * m) * sizeof *d_f);
    for (int64_t sweep = 0; sweep < sweeps; sweep++) {
        for (int64_t i = n - 2; i > 0; i--) {
            double g = d_u[(i + 1) * m - 2]; /* the cell's cotangent, in a register */
            for (int64_t p = (i + 1) * m - 2; p > i * m; p--) {
                double old = *--was, part = 0.25 * g, cubed = h * h * part;
                d_u[p] = -(cubed * (3.0 * old * old));
                d_f[p] -= cubed;
                total -= part * (f[p] + old * old * old);
                d_u[p - m] += part;
                d_u[p + m] += part;
                d_u[p + 1] += part;
                g = d_u[p - 1] + part;
            }
            d_u[i * m] = g;
        }
    }
    *d_h = 2.0 * h * total;
}

/* -- durbin: every step writes its solution after that of the step before */

double durbin(int64_t n, const double *restrict r, double *restrict tape)
{
    double *y = tape, *next = tape + n, alpha = -r[0], beta = 1.0, total = 0.0;
    y[0] = -r[0];
    for (int64_t k = 1; k < n; k++) {
        double s = 0.0;
        beta *= 1.0 - alpha * alpha;
        #pragma omp simd reduction(+:s)
        for (int64_t i = 0; i < k; i++) s += r[k - i - 1] * y[i];
        alpha = -(r[k] + s) / beta;
        #pragma omp simd
        for (int64_t i = 0; i < k; i++) next[i] = y[i] + alpha * y[k - i - 1];
        next[k] = alpha;
        double *swapped = y;
        y = next;
        next = swapped;
    }
    #pragma omp simd reduction(+:total)
    for (int64_t i = 0; i < n; i++) total += y[i] * y[i];
    return total;
}

void durbin_grad(int64_t n, const double *restrict r, double *restrict d_r, double *restrict tape)
{
    double *alphas = tape, *betas = tape + n, *d_y = tape + 2 * n, *d_old = tape + 3 * n;
    double *y = tape + 4 * n;
    y[0] = alphas[0] = -r[0];
    betas[0] = 1.0;
    for (int64_t k = 1; k < n; k++) {
        double *restrict next = y + k, s = 0.0;
        betas[k] = betas[k - 1] * (1.0 - alphas[k - 1] * alphas[k - 1]);
        #pragma omp simd reduction(+:s)
        for (int64_t i = 0; i < k; i++) s += r[k - i - 1] * y[i];
        double alpha = alphas[k] = -(r[k] + s) / betas[k];
        #pragma omp simd
        for (int64_t i = 0; i < k; i++) next[i] = y[i] + alpha * y[k - i - 1];
        next[k] = alpha;
        y = next;
    }
    for (int64_t i = 0; i < n; i++) d_y[i] = 2.0 * y[i];
    memset(d_r, 0, (size_t)n * sizeof *d_r);
    double d_alpha = 0.0, d_beta = 0.0;
    for (int64_t k = n - 1; k > 0; k--) {
        y -= k;
        d_alpha += d_y[k];
        #pragma omp simd reduction(+:d_alpha)
        for (int64_t i = 0; i < k; i++) d_alpha += d_y[i] * y[k - i - 1];
        double d_s = -d_alpha / betas[k];
        d_beta += d_s * alphas[k];
        d_r[k] += d_s;
        #pragma omp simd
        for (int64_t i = 0; i < k; i++) {
            d_old[i] = d_y[i] + alphas[k] * d_y[k - i - 1] + d_s * r[k - i - 1];
            d_r[i] += d_s * y[k - i - 1];
        }
        d_alpha = -2.0 * alphas[k - 1] * betas[k - 1] * d_beta;
        d_beta *= 1.0 - alphas[k - 1] * alphas[k - 1];
        double *swapped = d_y;
        d_y = d_old;
        d_old = swapped;
    }
    d_r[0] -= d_y[0] + d_alpha;
}

/* -- recurrent_cell: the states are kept */

static void cell(int64_t n, int64_t m, const double *restrict W, const double *restrict U,
                 const double *restrict b, const double *restrict h, const double *restrict x,
                 double *restrict next)
{
    for (int64_t i = 0; i < n; i++) {
        double total = b[i];
        #pragma omp simd reduction(+:total)
        for (int64_t j = 0; j < n; j++) total += W[i * n + j] * h[j];
        #pragma omp simd reduction(+:total)
        for (int64_t j = 0; j < m; j++) total += U[i * m + j] * x[j];
        next[i] = tanh(total);
    }
}

double recurrent_cell(int64_t n, int64_t m, int64_t steps, const double *W, const double *U,
                      const double *b, const double *h, const double *xs, const double *target,
                      double *tape)
{
    double cost = 0.0, *next = tape;
    for (int64_t t = 0; t < steps; t++) {
        cell(n, m, W, U, b, h, xs + t * m, next);
        #pragma omp simd reduction(+:cost)
        for (int64_t i = 0; i < n; i++) {
            double e = next[i] - target[t * n + i];
            cost += 0.5 * e * e;
        }
        h = next;
        next = next == tape ? tape + n : tape;
    }
    return cost;
}

void recurrent_cell_grad(int64_t n, int64_t m, int64_t steps, const double *restrict W,
                         const double *restrict U, const double *restrict b,
                         const double *restrict h, const double *restrict xs,
                         const double *restrict target, double *restrict d_W, double *restrict d_U,
                         double *restrict d_b, double *restrict d_h, double *restrict d_xs,
                         double *restrict tape)
{
    double *restrict d_z = tape + (steps + 1) * n;
    memcpy(tape, h, (size_t)n * sizeof *h);
    for (int64_t t = 0; t < steps; t++) {
        cell(n, m, W, U, b, tape + t * n, xs + t * m, tape + (t + 1) * n);
    }
    memset(d_W, 0, (size_t)(n * n) * sizeof *d_W);
    memset(d_U, 0, (size_t)(n * m) * sizeof *d_U);
    memset(d_b, 0, (size_t)n * sizeof *d_b);
    memset(d_h, 0, (size_t)n * sizeof *d_h);
    memset(d_xs, 0, (size_t)(steps * m) * sizeof *d_xs);
    for (int64_t t = steps - 1; t >= 0; t--) {
        const double *now = tape + (t + 1) * n, *was = tape + t * n;
        for (int64_t i = 0; i < n; i++) {
            d_z[i] = (d_h[i] + now[i] - target[t * n + i]) * (1.0 - now[i] * now[i]);
            d_b[i] += d_z[i];
            d_h[i] = 0.0;
        }
        for (int64_t i = 0; i < n; i++) {
            #pragma omp simd
            for (int64_t j = 0; j < n; j++) {
                d_W[i * n + j] += d_z[i] * was[j];
                d_h[j] += d_z[i] * W[i * n + j];
            }
            #pragma omp simd
            for (int64_t j = 0; j < m; j++) {
                d_U[i * m + j] += d_z[i] * xs[t * m + j];
                d_xs[t * m + j] += d_z[i] * U[i * m + j];
            }
        }
    }
}
