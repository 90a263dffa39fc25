// Functions of one number on sixteen at a time, each in place: the same operations in every set, no
// branches, no tables. Errors are against the exact function, in units of the last place (ulp) of
// float32, over every float32 there is (the sets with fused multiply-adds; the baseline is up to
// one ulp worse).
//
// The method is that of Cody and Waite (Software manual for the elementary functions, 1980): the
// argument is brought near 0 by a multiple of ln 2 in two parts, a polynomial does the rest. The
// coefficients are our own: each polynomial is fitted to the function at 1200 Chebyshev nodes with
// Lawson's iteration (weighted least squares whose weights grow where the error is largest, until
// it is the same everywhere), weighted by what the error does to the result; then the coefficients
// are rounded to float32 one by one from the lowest, and the ones that remain are fitted anew after
// each.
#ifndef CKERNELS_FUNCTIONS_H
#define CKERNELS_FUNCTIONS_H

#include "lanes.h"

/// Sixteen times one number. (Adding a zero vector would cost an addition: -0 + 0 is 0.)
#define ALL(number) ((number) - (lanes){0})
/// The elements of a where the mask says so, else those of b.
#define PICK(mask, a, b) ((lanes)(((mask) & (words)(a)) | (~(mask) & (words)(b))))

/// max(x, low); NaN stays.
INLINE void ck_at_least(lanes *x, const float low) { *x = PICK(ALL(low) > *x, ALL(low), *x); }

/// min(x, high); NaN stays.
INLINE void ck_at_most(lanes *x, const float high) { *x = PICK(ALL(high) < *x, ALL(high), *x); }

INLINE void ck_magnitude(lanes *x) { *x = (lanes)((words)*x & 0x7FFFFFFF); }

/// Adding it rounds to a whole number, which is then in the low bits: 1.5·2²³.
#define MAGIC 0x1.8p23f

/// x = n·ln 2 + r, r near 0: leaves r in x, and n + `more` in the low bits of n.
INLINE void ck_reduce(lanes *x, const float more, words *n) {
  const float magic = MAGIC + more;
  const lanes shifted = *x * 0x1.715476p0f + magic;
  const lanes whole = shifted - magic;
  // The upper part of ln 2 has nine bits: its product is exact without fused operations too.
  *x = whole * -0x1.63p-1f + *x;
  *x = whole * 0x1.bd0106p-13f + *x;
  *n = (words)shifted;
}

/// eʳ for |r| ≤ ln 2 / 2.
INLINE void ck_near_zero_exp(lanes *r) {
  lanes q = 0x1.6a4154p-10f * *r + 0x1.1239c6p-7f;
  q = q * *r + 0x1.5558bcp-5f;
  q = q * *r + 0x1.555492p-3f;
  q = q * *r + 0x1.fffffcp-2f;
  q = q * *r + 1;
  *r = q * *r + 1;
}

/// tanh(r/2) for |r| ≤ ln 2 / 2, of which eʳ is (1 + w)/(1 − w).
INLINE void ck_near_zero_half_tanh(lanes *r) {
  const lanes square = *r * *r;
  lanes p = -0x1.afd7f8p-12f * square + 0x1.110594p-8f;
  p = p * square - 0x1.55554ep-5f;
  p = p * square + 0.5f;
  *r *= p;
}

/// 2ⁿ, −126 ≤ n ≤ 127.
#define POWER(n) ((lanes)(((n) + 127) << 23))

/// eˣ, within 1.1 ulp; results below 2⁻¹²⁶ underflow gradually, within one step of 2⁻¹⁴⁹.
INLINE void ck_exp(lanes *x) {
  ck_at_least(x, -104);
  ck_at_most(x, 89);
  // 0, or NaN, which the sum of exponents would lose.
  const lanes none = *x - *x;
  // n goes from −150 to 128, which takes two factors: the second is 2⁶⁴ or 2⁻⁶⁴, by the sign.
  const words second = (~((words)*x >> 1) & 0x40000000) | 0x1F800000;
  words n;
  ck_reduce(x, 127, &n);
  ck_near_zero_exp(x);
  *x = (lanes)((words)*x + ((n << 23) - second)) * (lanes)second + none;
}

/// eˣ for x ≤ 0 (or NaN): the same bits as ck_exp, and cheaper.
INLINE void ck_exp_below(lanes *x) {
  ck_at_least(x, -104);
  const lanes none = *x - *x;
  words n;
  ck_reduce(x, 64, &n);
  ck_near_zero_exp(x);
  *x = (lanes)((words)*x + (n << 23)) * 0x1p-64f + none;
}

/// eˣ − 1 for x ≤ 0 (or NaN), within 1.5 ulp.
INLINE void ck_expm1_below(lanes *x) {
  ck_at_least(x, -20);
  // As ck_reduce, but −0.8·ln 2 ≤ r ≤ 0.2·ln 2: n is 0 down to x = −0.55, where 2ⁿ·eʳ − 1 would
  // lose what cancels.
  const float magic = MAGIC + 127;
  const lanes shifted = (*x * 0x1.715476p0f + 0.3f) + magic;
  const lanes whole = shifted - magic;
  lanes r = whole * -0x1.63p-1f + *x;
  r = whole * 0x1.bd0106p-13f + r;
  lanes q = 0x1.5c85bp-13f * r + 0x1.68325p-10f;
  q = q * r + 0x1.10ff62p-7f;
  q = q * r + 0x1.5555cp-5f;
  q = q * r + 0x1.55555cp-3f;
  q = q * r + 0.5f;
  r = (r * r) * q + r;
  const lanes power = (lanes)((words)shifted << 23);
  *x = r * power + (power - 1);
}

/// ln(1 + f) + n·ln 2 for √½ ≤ 1 + f ≤ √2; leaves it in f.
INLINE void ck_log_of_parts(lanes *f, const lanes *n) {
  lanes p = ALL(-0x1.38c9dep-4f);
  p = p * *f + 0x1.055ec6p-3f;
  p = p * *f - 0x1.0d8242p-3f;
  p = p * *f + 0x1.22d92ep-3f;
  p = p * *f - 0x1.54728ap-3f;
  p = p * *f + 0x1.99a01cp-3f;
  p = p * *f - 0x1.000226p-2f;
  p = p * *f + 0x1.555554p-2f;
  const lanes square = *f * *f;
  lanes small = (square * *f) * p;
  small = *n * -0x1.bd0106p-13f + small;
  small = square * -0.5f + small;
  *f = *n * 0x1.63p-1f + (small + *f);
}

/// ln x, within 2 ulp: −∞ at 0, NaN below.
INLINE void ck_log(lanes *x) {
  const lanes given = *x;
  const words tiny = given < 0x1p-126f;
  const words bits = (words)PICK(tiny, given * 0x1p23f, given);
  // The exponent, counted from √½.
  const words exponent = (bits - 0x3F3504F3) >> 23;
  lanes f = (lanes)(bits - (exponent << 23)) - 1;
  const lanes n = __builtin_convertvector(exponent - (tiny & 23), lanes);
  ck_log_of_parts(&f, &n);
  f = PICK(given == __builtin_inff(), given, f);
  f = PICK(given == 0, ALL(-__builtin_inff()), f);
  *x = PICK((given < 0) | (given != given), ALL(__builtin_nanf("")), f);
}

/// 1/(1 + e⁻ˣ), within 2.5 ulp, subnormal results within two steps of 2⁻¹⁴⁹.
INLINE void ck_sigmoid(lanes *x) {
  ck_at_least(x, -104);
  ck_at_most(x, 20);
  // With eˣ = 2ⁿ·(1 + w)/(1 − w): 2ⁿ(1 + w)/(2ⁿ(1 + w) + (1 − w)), the upper part times 2⁶⁴, for
  // it may be very small.
  words n;
  ck_reduce(x, 127 + 64, &n);
  ck_near_zero_half_tanh(x);
  const lanes power = (lanes)(n << 23), upper = power * *x + power;
  *x = upper / (upper * 0x1p-64f + (1 - *x)) * 0x1p-64f;
}

/// tanh x, within 2 ulp; ±0 and numbers near it stay.
INLINE void ck_tanh(lanes *x) {
  lanes y = (lanes)((words)*x & 0x7FFFFFFF);
  ck_at_most(&y, 9.25f);
  // |x| = n·ln 2/2 + y, −ln 2/8 ≤ y ≤ 3·ln 2/8: n is 0 up to 3·ln 2/8, for sums below lose most
  // where it is 1 and y far down.
  const float magic = MAGIC + 127;
  const lanes shifted = (y * 0x1.715476p1f - 0.25f) + magic;
  const lanes whole = shifted - magic, power = (lanes)((words)shifted << 23);
  y = whole * -0x1.63p-2f + y;
  y = whole * 0x1.bd0106p-14f + y;
  const lanes square = y * y;
  lanes p = -0x1.a39ec2p-5f * square + 0x1.10d934p-3f;
  p = p * square - 0x1.555506p-2f;
  const lanes w = (y * square) * p + y;
  // The tangent of a sum, whose other part is (2ⁿ − 1)/(2ⁿ + 1).
  const lanes upper = (power + 1) * w + (power - 1);
  y = upper / ((1 - w) * 2 + upper);
  *x = (lanes)((words)y | ((words)*x & INT32_MIN));
}

/// erf x for |x| < 7/8, and rubbish elsewhere.
INLINE void ck_erf_inner(lanes *x) {
  const lanes square = *x * *x;
  lanes p = ALL(0x1.49feeep-14f);
  p = p * square - 0x1.a4d0d6p-11f;
  p = p * square + 0x1.54318cp-8f;
  p = p * square - 0x1.b7ff9p-6f;
  p = p * square + 0x1.ce2d5cp-4f;
  p = p * square - 0x1.812740p-2f;
  p = p * square + 0x1.06eba8p-3f;
  *x = *x * p + *x;
}

/// 1 − erf x for 7/8 ≤ x ≤ 5.5: 2 to a polynomial that stands for log₂(1 − erf x).
INLINE void ck_erfc_outer(lanes *x) {
  lanes g = -0x1.f61934p-24f * *x + 0x1.41eceep-18f;
  g = g * *x - 0x1.71bf9ap-14f;
  g = g * *x + 0x1.fc2a82p-11f;
  g = g * *x - 0x1.d7b7e8p-8f;
  g = g * *x + 0x1.3d83cp-5f;
  g = g * *x - 0x1.46d8c6p-3f;
  g = g * *x - 0x1.d2697p-1f;
  g = g * *x - 0x1.a17c92p0f;
  g = g * *x + 0x1.04abcp-11f;
  const lanes shifted = g + MAGIC;
  g -= shifted - MAGIC;
  lanes p = 0x1.5bdb7cp-10f * g + 0x1.3ce984p-7f;
  p = p * g + 0x1.c6b6d8p-5f;
  p = p * g + 0x1.ebf9cp-3f;
  p = p * g + 0x1.62e42ap-1f;
  p = p * g + 1;
  *x = (lanes)((words)p + ((words)shifted << 23));
}

/// erf x, within 2 ulp.
INLINE void ck_erf(lanes *x) {
  const words sign = (words)*x & INT32_MIN;
  lanes inner = (lanes)((words)*x & 0x7FFFFFFF), outer = inner;
  // NaN is not.
  const words outside = inner >= 0.875f;
  ck_erf_inner(&inner);
  ck_at_most(&outer, 5.5f);
  ck_erfc_outer(&outer);
  *x = (lanes)((words)PICK(outside, 1 - outer, inner) | sign);
}

/// x·½·(1 + erf(x/√2)), the normal distribution's. On the left 1 + erf is not made as a difference:
/// within 3 ulp from −1.2 up, 10⁻⁵ of the result down to −7.7, and 0 below −7.78.
INLINE void ck_gelu(lanes *x) {
  const lanes z = *x * 0x1.6a09e6p-1f;
  lanes inner = z, outer = (lanes)((words)z & 0x7FFFFFFF);
  const words outside = outer >= 0.875f, left = (words)z >> 31;
  // Whether |z| < 5.5.
  const words near = ((words)outer - 0x40B00000) >> 31;
  ck_erf_inner(&inner);
  ck_at_most(&outer, 5.5f);
  ck_erfc_outer(&outer);
  outer = (lanes)((words)outer & near);
  outer = PICK(left, outer, 2 - outer);
  *x = (*x * 0.5f) * PICK(outside, outer, inner + 1);
}

/// GELU as nodes write it, (x·(erf(x/divisor) + 1))·½: the same operations as one by one.
INLINE void ck_erf_gelu(lanes *x, float divisor) {
  lanes y = *x / divisor;
  ck_erf(&y);
  y += 1;
  *x = (*x * y) * 0.5f;
}

/// The stand-in of Hendrycks and Gimpel (arXiv:1606.08415): x·½·(1 + tanh u) = x/(1 + e⁻²ᵘ) with
/// u = √(2/π)·(x + 0.044715·x³).
INLINE void ck_gelu_tanh(lanes *x) {
  lanes u = *x * *x;
  u = (u * 0x1.2444f2p-4f + 0x1.988454p0f) * *x;
  ck_sigmoid(&u);
  *x *= u;
}

/// x/(1 + e⁻ˣ), within 3 ulp down to x = −87; below, within 10⁻⁴².
INLINE void ck_silu(lanes *x) {
  lanes s = *x;
  ck_sigmoid(&s);
  *x *= s;
}

/// ln(1 + eˣ) as max(x, 0) + ln(1 + e^−|x|), within 2 ulp.
INLINE void ck_softplus(lanes *x) {
  lanes e = (lanes)((words)*x | INT32_MIN);
  ck_exp_below(&e);
  // ln(1 + e), 0 ≤ e ≤ 1: above √2 − 1 the half of 1 + e.
  const words upper = e > 0x1.a8279ap-2f;
  lanes f = PICK(upper, (e - 1) * 0.5f, e);
  const lanes n = PICK(upper, ALL(1.0f), (lanes){0});
  ck_log_of_parts(&f, &n);
  ck_at_least(x, 0);
  *x += f;
}

/// x/(1 + |x|).
INLINE void ck_softsign(lanes *x) { *x = *x / ((lanes)((words)*x & 0x7FFFFFFF) + 1); }

/// max(x, 0); NaN stays.
INLINE void ck_relu(lanes *x) { *x = (lanes)(~(*x < 0) & (words)*x); }

/// min(max(x, low), high): NaN stays, and where the bounds cross, the upper one wins.
INLINE void ck_clip(lanes *x, float low, float high) {
  ck_at_least(x, low);
  ck_at_most(x, high);
}

/// x where x ≥ 0, else slope·x.
INLINE void ck_leaky_relu(lanes *x, float slope) { *x = PICK(*x < 0, *x * slope, *x); }

/// above·x where x > 0, else below·(eˣ − 1): ELU with 1 and α, SELU with γ and γ·α.
INLINE void ck_elu(lanes *x, float above, float below) {
  lanes e = *x;
  ck_at_most(&e, 0);
  ck_expm1_below(&e);
  *x = PICK(*x > 0, *x * above, e * below);
}

/// max(0, min(1, slope·x + offset)); NaN stays.
INLINE void ck_hard_sigmoid(lanes *x, float slope, float offset) {
  *x = *x * slope + offset;
  ck_clip(x, 0, 1);
}

/// x·max(0, min(1, x/6 + ½)).
INLINE void ck_hard_swish(lanes *x) {
  lanes gate = *x / 6 + 0.5f;
  ck_clip(&gate, 0, 1);
  *x *= gate;
}

#endif
