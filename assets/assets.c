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

#define ASSET(name, symbol) {name, symbol, sizeof symbol}

static const struct dropscope_asset all[] = {
    ASSET("font-10x20.bin", font),
    ASSET("digits.idx", digits),
    ASSET("digits.onnx", digits_model),
    ASSET("edges.onnx", edges),
};

const struct dropscope_asset *dropscope_assets(size_t *count) {
  *count = sizeof all / sizeof all[0];
  return all;
}
