#ifndef CFOURIER_H
#define CFOURIER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A plan for transforms of one length in double precision.
typedef struct cfourier cfourier;

/// A plan for n values, n at least 1; NULL where there is no memory for it.
cfourier *cfourier_make(size_t n, int inverse);
void cfourier_free(cfourier *plan);

/// X(k) = sum of x(j) exp(-+2 pi i j k / n), not normalised: n pairs of real and imaginary parts.
/// `in` and `out` must not overlap. False where there is no memory for it.
int cfourier_run(cfourier *plan, const double *in, double *out);

#ifdef __cplusplus
}
#endif

#endif
