# SPDX-License-Identifier: MIT
# python3 run_opencv.py FOLDER_OF_MODELS
#
# Runs the models of FOLDER/manifest.json that OpenCV's DNN module can read, and compares with what
# parton computed: |a - b| <= tolerance * (1 + |b|). Prints counts, and what it cannot read; a model
# of the list below that it cannot run is a failure, and so is any difference.
import json
import os
import sys

import cv2
import numpy as np

# What a user of OpenCV has most.
NEEDED = {
    "digits_mlp", "digits_cnn", "net_nested", "net_tied", "layer_dense",
    "layer_conv2d", "layer_conv2d_padding", "layer_conv2d_groups", "layer_max_pool2d",
    "layer_avg_pool2d", "layer_batch_norm_image",
}

# What OpenCV 4.6 reads, but computes in another way than ONNX says: it has no dilated pooling, and
# divides an average by other numbers where the two sides are padded differently.
WRONG = {"op_max_pool_dilated", "layer_avg_pool2d_padding"}

folder = sys.argv[1]


def read(one):
    return np.fromfile(os.path.join(folder, one["file"]), np.float32).reshape(one["dims"])


def run(model, batch):
    net = cv2.dnn.readNetFromONNX(os.path.join(folder, model["name"] + ".onnx"))
    net.setInput(read(batch["input"]))
    return net.forward()


with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
    manifest = json.load(file)
runs, failures, unread = 0, 0, []
for model in manifest:
    name = model["name"]
    for batch in model["sets"]:
        expected = None
        try:
            if model["dtype"] != "float32":
                raise ValueError("no float32")
            if name in WRONG:
                raise ValueError("computes something else")
            if len(batch["input"]["dims"]) == 3:
                raise ValueError("an array of 3 axes is an image with channels to it")
            expected, found = read(batch["output"]), run(model, batch)
        except (cv2.error, ValueError) as error:
            if name in NEEDED:
                failures += 1
                print(f"FAILED: {name}: {error}")
            elif name not in unread:
                unread.append(name)
            continue
        runs += 1
        # It has no tensors of rank 0 and 1, and drops or adds axes of length 1.
        same = found.size == expected.size
        difference = np.abs(found.ravel() - expected.ravel()) if same else np.array([np.inf])
        if not same or not np.all(difference <= model["tolerance"] * (1 + np.abs(expected.ravel()))):
            failures += 1
            print(f"DIFFERS: {name}, batch {batch['input']['dims'][0]}: by {difference.max():g}")
print("not run by OpenCV:", " ".join(unread) or "none")
print(f"OpenCV {cv2.__version__}: {len(manifest)} models, {runs} runs, {failures} failures")
sys.exit(1 if failures > 0 or runs == 0 else 0)
