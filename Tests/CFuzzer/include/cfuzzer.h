// What libFuzzer's runtime offers to a program that has a main of its own
// (compiler-rt/lib/fuzzer/FuzzerInterface.h).
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef int (*cfuzzer_callback)(const uint8_t *data, size_t size);

int LLVMFuzzerRunDriver(int *argc, char ***argv, cfuzzer_callback callback);

// The same, with memory of its own for the arguments: libFuzzer keeps pointers into them.
int cfuzzer_run(int argc, char **argv, cfuzzer_callback callback);
