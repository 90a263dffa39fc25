#include "assets.h"

static const unsigned char font[] = {
#embed "font-10x20.bin"
};
static const unsigned char edges[] = {
#embed "edges.onnx"
};
#define DIGIT(name) static const unsigned char name[] = {
DIGIT(zero)
#embed "digits/zero.png"
};
DIGIT(one)
#embed "digits/one.png"
};
DIGIT(two)
#embed "digits/two.png"
};
DIGIT(three)
#embed "digits/three.png"
};
DIGIT(four)
#embed "digits/four.png"
};
DIGIT(five)
#embed "digits/five.png"
};
DIGIT(six)
#embed "digits/six.png"
};
DIGIT(seven)
#embed "digits/seven.png"
};
DIGIT(eight)
#embed "digits/eight.png"
};
DIGIT(nine)
#embed "digits/nine.png"
};

#define ASSET(name, symbol) {name, symbol, sizeof symbol}

static const struct dropscope_asset all[] = {
    ASSET("font-10x20.bin", font),
    ASSET("edges.onnx", edges),
    ASSET("digits/zero.png", zero),
    ASSET("digits/one.png", one),
    ASSET("digits/two.png", two),
    ASSET("digits/three.png", three),
    ASSET("digits/four.png", four),
    ASSET("digits/five.png", five),
    ASSET("digits/six.png", six),
    ASSET("digits/seven.png", seven),
    ASSET("digits/eight.png", eight),
    ASSET("digits/nine.png", nine),
};

const struct dropscope_asset *dropscope_assets(size_t *count) {
  *count = sizeof all / sizeof all[0];
  return all;
}
