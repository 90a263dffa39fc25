#ifndef CKERNELS_H
#define CKERNELS_H

// The kernels of the tensor core in C, for Swift has no way to compile one function for a wider
// instruction set than the rest of the program.
//
// Every kernel is one source, compiled once a set through vector extensions. With a set that has fused
// multiply-adds in hardware (AVX2 with FMA, AVX-512, NEON) every element of a result is made by the same
// operations in the same order: the bits are the same on every such processor, with any number of
// threads. The baseline of x86-64 has none, and may differ in the last places.

#include "convolution.h"
#include "depthwise.h"
#include "epilogue.h"
#include "functions.h"
#include "pause.h"
#include "philox.h"
#include "pooling.h"
#include "processors.h"
#include "product.h"
#include "room.h"
#include "rows.h"
#include "sets.h"
#include "updates.h"
#include "weight_gradient.h"
#include "winograd.h"

#endif
