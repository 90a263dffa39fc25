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
// Packed: see models.md.
static const unsigned char dates[] = {
#embed "dates.onnx.gz"
};
static const unsigned char unet[] = {
#embed "unet.onnx.gz"
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
#embed "lessons/embedding.script" suffix(, 0,)
#embed "lessons/locked.script" suffix(, 0,)
#embed "lessons/unet.script" suffix(, 0,)
#embed "lessons/onelayer.script" suffix(, 0,)
};

// Plans of studies, a file each.
static const unsigned char study_rates[] = {
#embed "studies/rates.toml"
};
static const unsigned char study_placement[] = {
#embed "studies/placement.toml"
};
static const unsigned char study_data_size[] = {
#embed "studies/data-size.toml"
};
static const unsigned char study_n_over_p[] = {
#embed "studies/n-over-p.toml"
};
static const unsigned char study_averaging[] = {
#embed "studies/averaging.toml"
};
static const unsigned char study_regularisers[] = {
#embed "studies/regularisers.toml"
};
static const unsigned char study_dropconnect[] = {
#embed "studies/dropconnect.toml"
};
static const unsigned char study_relu_sigmoid[] = {
#embed "studies/relu-sigmoid.toml"
};
static const unsigned char study_classifier_head[] = {
#embed "studies/classifier-head.toml"
};
static const unsigned char study_awd_ablation[] = {
#embed "studies/awd-ablation.toml"
};
static const unsigned char study_one_layer[] = {
#embed "studies/one-layer.toml"
};
static const unsigned char study_unet_dropout[] = {
#embed "studies/unet-dropout.toml"
};
static const unsigned char study_sparsity[] = {
#embed "studies/sparsity.toml"
};
static const unsigned char study_batch_norm[] = {
#embed "studies/batch-norm.toml"
};

#define ASSET(name, symbol) {name, symbol, sizeof symbol}

static const struct dropscope_asset all[] = {
    ASSET("font-10x20.bin", font),
    ASSET("digits.idx", digits),
    ASSET("digits.onnx", digits_model),
    ASSET("dates.onnx", dates),
    ASSET("unet.onnx", unet),
    ASSET("edges.onnx", edges),
    ASSET("lessons", lessons),
    ASSET("studies/rates.toml", study_rates),
    ASSET("studies/placement.toml", study_placement),
    ASSET("studies/data-size.toml", study_data_size),
    ASSET("studies/n-over-p.toml", study_n_over_p),
    ASSET("studies/averaging.toml", study_averaging),
    ASSET("studies/regularisers.toml", study_regularisers),
    ASSET("studies/dropconnect.toml", study_dropconnect),
    ASSET("studies/relu-sigmoid.toml", study_relu_sigmoid),
    ASSET("studies/classifier-head.toml", study_classifier_head),
    ASSET("studies/awd-ablation.toml", study_awd_ablation),
    ASSET("studies/one-layer.toml", study_one_layer),
    ASSET("studies/unet-dropout.toml", study_unet_dropout),
    ASSET("studies/sparsity.toml", study_sparsity),
    ASSET("studies/batch-norm.toml", study_batch_norm),
};

const struct dropscope_asset *dropscope_assets(size_t *count) {
  *count = sizeof all / sizeof all[0];
  return all;
}
