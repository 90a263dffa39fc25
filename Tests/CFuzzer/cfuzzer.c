#include "cfuzzer.h"

int cfuzzer_run(int argc, char **argv, cfuzzer_callback callback) {
  return LLVMFuzzerRunDriver(&argc, &argv, callback);
}
