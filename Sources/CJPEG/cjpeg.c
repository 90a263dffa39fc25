#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf escape;
  cjpeg_image *image;
} error_state;

static void fail(j_common_ptr info) {
  error_state *state = (error_state *)info->err;
  state->manager.format_message(info, state->image->message);
  longjmp(state->escape, 1);
}

// libjpeg goes on after damage with grey pixels and a warning. Damage is an error here; oddities of
// writers (bytes between segments, unknown versions) are not.
static void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
  case JWRN_ADOBE_XFORM:
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
  case JWRN_NOT_SEQUENTIAL: return;
  default: fail(info);
  }
}

// A small progressive file can ask for the whole image to be gone through any number of times.
static void bound_scans(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number <= 100) return;
  error_state *state = (error_state *)info->err;
  snprintf(state->image->message, sizeof state->image->message, "more than 100 scans");
  longjmp(state->escape, 1);
}

static void describe(const struct jpeg_decompress_struct *info, cjpeg_image *image) {
  image->width = info->image_width;
  image->height = info->image_height;
  image->inverted = info->saw_Adobe_marker;
  image->arithmetic = info->arith_code;
  image->channels = info->num_components == 1 ? 1 : info->num_components == 4 ? 4 : 3;
}

int cjpeg_read_header(const uint8_t *bytes, size_t count, cjpeg_image *image) {
  return cjpeg_decode(bytes, count, NULL, 0, image);
}

int cjpeg_decode(
    const uint8_t *bytes, size_t count, uint8_t *pixels, size_t capacity, cjpeg_image *image) {
  struct jpeg_decompress_struct info;
  struct jpeg_progress_mgr progress = {.progress_monitor = bound_scans};
  error_state state = {.image = image};
  memset(image, 0, sizeof *image);
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&state.manager);
  state.manager.error_exit = fail;
  state.manager.emit_message = warn;
  if (setjmp(state.escape)) {
    jpeg_destroy_decompress(&info);
    return 0;
  }
  jpeg_create_decompress(&info);
  info.progress = &progress;
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  describe(&info, image);
  if (pixels) {
    info.out_color_space =
        image->channels == 1 ? JCS_GRAYSCALE : image->channels == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&info);
    size_t stride = (size_t)info.output_width * info.output_components;
    if (info.output_components != (int)image->channels || stride * info.output_height != capacity) {
      snprintf(image->message, sizeof image->message, "the header changed");
      longjmp(state.escape, 1);
    }
    while (info.output_scanline < info.output_height) {
      JSAMPROW row = pixels + stride * info.output_scanline;
      jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
  }
  jpeg_destroy_decompress(&info);
  return 1;
}
