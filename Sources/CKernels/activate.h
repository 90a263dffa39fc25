// The steps of an epilogue on vectors, the same wherever they run.
#ifndef CKERNELS_ACTIVATE_H
#define CKERNELS_ACTIVATE_H

#include "epilogue.h"
#include "lanes.h"

/// The larger of two, x where one is NaN: what MAXPS does.
INLINE void hold_above(lanes *x, const lanes *low) {
  const words under = *low > *x;
  *x = (lanes)((under & (words)*low) | (~under & (words)*x));
}

/// The smaller of two, x where one is NaN.
INLINE void hold_below(lanes *x, const lanes *high) {
  const words over = *high < *x;
  *x = (lanes)((over & (words)*high) | (~over & (words)*x));
}

INLINE void relu(lanes *x) {
  const lanes zero = {0};
  hold_above(x, &zero);
}

INLINE void clip(lanes *x, float low, float high) {
  const lanes l = low - (lanes){0}, h = high - (lanes){0};
  hold_above(x, &l);
  hold_below(x, &h);
}

/// The last step.
INLINE void activate(lanes *x, const ck_epilogue *e) {
  switch (e->activation) {
    case CK_RELU: relu(x); break;
    case CK_CLIP: clip(x, e->low, e->high); break;
    case CK_LEAKY: {
      const words under = *x < 0;
      const lanes scaled = *x * e->low;
      *x = (lanes)((under & (words)scaled) | (~under & (words)*x));
      break;
    }
    case CK_HARDSWISH: {
      lanes gate = *x / 6 + 0.5f;
      clip(&gate, 0, 1);
      *x *= gate;
      break;
    }
    default: break;
  }
}

#endif
