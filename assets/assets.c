#include "assets.h"

static const unsigned char font[] = {
#embed "font-10x20.bin"
};
static const unsigned char digits[] = {
#embed "digits.idx"
};
static const unsigned char digits_model[] = {
#embed "digits.onnx"
};
static const unsigned char edges[] = {
#embed "edges.onnx"
};

// A line a lesson, in the order in which they are listed; a 0 ends each.
static const unsigned char lessons[] = {
#embed "lessons/p.script" suffix(, 0,)
#embed "lessons/half.script" suffix(, 0,)
#embed "lessons/scale.script" suffix(, 0,)
#embed "lessons/pooling.script" suffix(, 0,)
#embed "lessons/maps.script" suffix(, 0,)
#embed "lessons/blocks.script" suffix(, 0,)
#embed "lessons/place.script" suffix(, 0,)
#embed "lessons/loss.script" suffix(, 0,)
#embed "lessons/eval.script" suffix(, 0,)
#embed "lessons/samples.script" suffix(, 0,)
};

#define ASSET(name, symbol) {name, symbol, sizeof symbol}

static const struct dropscope_asset all[] = {
    ASSET("font-10x20.bin", font),
    ASSET("digits.idx", digits),
    ASSET("digits.onnx", digits_model),
    ASSET("edges.onnx", edges),
    ASSET("lessons", lessons),
};

const struct dropscope_asset *dropscope_assets(size_t *count) {
  *count = sizeof all / sizeof all[0];
  return all;
}
