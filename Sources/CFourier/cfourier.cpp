// KISS FFT's class for any scalar type (BSD-3-Clause, Debian's libkissfft-dev), behind a C interface:
// the library itself comes in single precision only.
#include "cfourier.h"

#include <kissfft/kissfft.hh>
#include <complex>
#include <new>

struct cfourier {
  kissfft<double> plan;
  cfourier(size_t n, bool inverse) : plan(n, inverse) {}
};

extern "C" cfourier *cfourier_make(size_t n, int inverse) {
  try {
    return new cfourier(n, inverse != 0);
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

extern "C" void cfourier_free(cfourier *plan) { delete plan; }

extern "C" int cfourier_run(cfourier *plan, const double *in, double *out) {
  try {
    plan->plan.transform(reinterpret_cast<const std::complex<double> *>(in),
                         reinterpret_cast<std::complex<double> *>(out));
    return 1;
  } catch (const std::bad_alloc &) {
    return 0;
  }
}
