#pragma once
#include <stddef.h>
#include <stdint.h>

/// What libjpeg says about an image. libjpeg reports errors by a function that must not return;
/// cjpeg.c leaves it by longjmp, which Swift code may not be jumped over.
typedef struct {
  /// Pixels; at most 65,500 each way.
  uint32_t width, height;
  /// Samples a pixel has after decoding: 1 grey, 3 red green blue, 4 cyan magenta yellow black.
  uint32_t channels;
  /// Whether the samples of four channels are stored inverted, as Adobe's programs do.
  int inverted;
  /// Whether the image is coded arithmetically, where a bit can stand for any number of pixels.
  int arithmetic;
  /// Why a call failed, in libjpeg's words.
  char message[256];
} cjpeg_image;

/// Reads the header only. Returns 0 and sets `message` where that fails.
int cjpeg_read_header(const uint8_t *bytes, size_t count, cjpeg_image *image);

/// Decodes into `pixels`, whose `capacity` must be width × height × channels of the header that was
/// read before. Returns 0 and sets `message` where that fails or the data are damaged or cut.
int cjpeg_decode(
    const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity, cjpeg_image *image);
