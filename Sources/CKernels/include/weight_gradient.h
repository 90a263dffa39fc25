#ifndef CKERNELS_WEIGHT_GRADIENT_H
#define CKERNELS_WEIGHT_GRADIENT_H

#include <stddef.h>

#include "convolution.h"
#include "sets.h"

// The gradient of a convolution's weights where there are few of them: then a product with CK_TAPS
// would spend more on turning its operands than on the sums. Here both are read along the rows of
// their maps.
//
// A sum has sixteen lanes, a lane for every sixteenth column of dy, each going row by row and from
// left to right with fused multiply-adds; these are folded in one order. Padding is 0, as in the
// product.

/// Numbers of room (at a multiple of 64 bytes) that the call below needs. Maps have a depth of 1.
size_t ck_weight_gradient_room(const ck_patches *sample);

/// dw[row][tap] = Σ dy[row][cell]·patch[tap][cell] over one sample's cells, for `rows` maps of dy
/// that lie one after another; added to what dw holds where `adds`.
void ck_weight_gradient(ck_set set, const ck_patches *sample, const float *dy, size_t rows,
                        int adds, float *dw, float *room);

#endif
