"""Train the land-cover classifier that ships as ``perigrid/workload/models/eurosat.onnx``.

Needs torch, onnx and pillow, which Perigrid itself does not install::

    python -m venv train-venv
    train-venv/bin/pip install torch==2.13.0 numpy pillow onnx
    train-venv/bin/python tools/train_eurosat.py --train eurosat_rgb_train.tar \
        --test eurosat_rgb_test.tar --out src/perigrid/workload/models

The two archives hold JPEG images as ``<class>/<name>.jpg``. A run reads the test images after its
last step of training; no setting is chosen by them within it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import tarfile
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from torch import nn

CLASSES = (
    "AnnualCrop",
    "Forest",
    "HerbaceousVegetation",
    "Highway",
    "Industrial",
    "Pasture",
    "PermanentCrop",
    "Residential",
    "River",
    "SeaLake",
)
WIDTHS = (32, 64, 96, 96)
EPOCHS = 24
BATCH = 64
PEAK_LEARNING_RATE = 4e-3
SEED = 20260822


def read_archive(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Decode every JPEG to (n, 64, 64, 3) uint8 with its class index, in name order."""
    images, labels = [], []
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            if not member.isfile() or not member.name.endswith(".jpg"):
                continue
            handle = archive.extractfile(member)
            assert handle is not None
            images.append(np.asarray(Image.open(io.BytesIO(handle.read())).convert("RGB")))
            labels.append(CLASSES.index(Path(member.name).parent.name))
    return np.stack(images), np.array(labels)


def network() -> nn.Sequential:
    """Four 3x3 convolutions with batch norm, three poolings, global mean, one linear layer."""
    layers: list[nn.Module] = []
    channels = 3
    for stage, width in enumerate(WIDTHS):
        layers += [nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)]
        layers.append(nn.ReLU())
        if stage < len(WIDTHS) - 1:
            layers.append(nn.MaxPool2d(2))
        channels = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1)]
    layers.append(nn.Linear(channels, len(CLASSES)))
    return nn.Sequential(*layers)


def augment(batch: torch.Tensor) -> torch.Tensor:
    """One of the eight symmetries of the square, and a small change of brightness and contrast."""
    if torch.rand(()) < 0.5:
        batch = batch.flip(3)
    batch = torch.rot90(batch, int(torch.randint(4, ())), (2, 3))
    n = len(batch)
    gain = 1.0 + 0.1 * torch.randn(n, 1, 1, 1)
    return batch * gain + 0.1 * torch.randn(n, 1, 1, 1)


def train(images: np.ndarray, labels: np.ndarray) -> tuple[nn.Sequential, np.ndarray, np.ndarray]:
    """Adam with a one-cycle learning rate and label smoothing, on one thread."""
    mean = images.mean((0, 1, 2)).astype(np.float32)
    std = images.std((0, 1, 2)).astype(np.float32)
    x = torch.from_numpy(((images - mean) / std).astype(np.float32)).permute(0, 3, 1, 2)
    x, y = x.contiguous(), torch.from_numpy(labels)
    model = network().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_LEARNING_RATE, weight_decay=5e-3)
    steps = len(x) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, PEAK_LEARNING_RATE, total_steps=EPOCHS * steps, pct_start=0.25
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.1)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x))
        running = 0.0
        for step in range(steps):
            rows = order[step * BATCH : (step + 1) * BATCH]
            batch = augment(x[rows]).contiguous(memory_format=torch.channels_last)
            loss = loss_of(model(batch), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            running += loss.item()
        print(f"epoch {epoch + 1}/{EPOCHS} loss {running / steps:.4f}", flush=True)
    return model.eval(), mean, std


def fused(model: nn.Sequential) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases with every batch norm folded into its convolution."""
    layers, modules = [], list(model)
    for index, module in enumerate(modules):
        if isinstance(module, nn.Conv2d):
            conv = torch.nn.utils.fusion.fuse_conv_bn_eval(module, modules[index + 1])
            layers.append((conv.weight.detach().numpy(), conv.bias.detach().numpy()))
        elif isinstance(module, nn.Linear):
            layers.append((module.weight.detach().numpy(), module.bias.detach().numpy()))
    return layers


class Graph:
    """Collects nodes and half-precision weights of the ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, op: str, inputs: list[str], output: str, **attributes: object) -> str:
        """Append a node and hand back its output's name."""
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, array: np.ndarray, dtype: type = np.float16) -> str:
        """Store an array; half precision is widened in the graph, so the sums stay float32."""
        stored = np.ascontiguousarray(array.astype(dtype))
        self.weights.append(numpy_helper.from_array(stored, name))
        if dtype is np.float16:
            return self.add("Cast", [name], f"{name}_f32", to=TensorProto.FLOAT)
        return name


def build_onnx(
    layers: list[tuple[np.ndarray, np.ndarray]], mean: np.ndarray, std: np.ndarray
) -> onnx.ModelProto:
    """Graph from uint8 (n, 64, 64, 3) to class probabilities (n, 10), normalisation included."""
    g = Graph()
    x = g.add("Cast", ["rgb"], "rgb_f32", to=TensorProto.FLOAT)
    x = g.add("Sub", [x, g.constant("mean", mean, np.float32)], "centred")
    x = g.add("Div", [x, g.constant("std", std, np.float32)], "normalised")
    x = g.add("Transpose", [x], "planes", perm=[0, 3, 1, 2])
    for stage, (weight, bias) in enumerate(layers[:-1], start=1):
        w, b = g.constant(f"w{stage}", weight), g.constant(f"b{stage}", bias)
        x = g.add("Conv", [x, w, b], f"conv{stage}", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
        x = g.add("Relu", [x], f"relu{stage}")
        if stage < len(layers) - 1:
            x = g.add("MaxPool", [x], f"pool{stage}", kernel_shape=[2, 2], strides=[2, 2])
    x = g.add("GlobalAveragePool", [x], "mean_feature")
    x = g.add("Flatten", [x], "feature")
    weight, bias = layers[-1]
    w, b = g.constant("w_out", weight), g.constant("b_out", bias)
    x = g.add("Gemm", [x, w, b], "logits", transB=1)
    g.add("Softmax", [x], "probability", axis=1)
    source = helper.make_tensor_value_info("rgb", TensorProto.UINT8, ["n", 64, 64, 3])
    answer = helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["n", len(CLASSES)])
    graph = helper.make_graph(g.nodes, "eurosat", [source], [answer], g.weights)
    model = helper.make_model(
        graph, producer_name="perigrid", opset_imports=[helper.make_opsetid("", 17)], ir_version=9
    )
    helper.set_model_props(model, {"classes": json.dumps(CLASSES)})
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    """Train, write the model, measure it on the unseen images."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    start_s = time.process_time()
    model, mean, std = train(*read_archive(arguments.train))
    print(f"training took {time.process_time() - start_s:.0f} CPU-s")
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "eurosat.onnx"
    path.write_bytes(build_onnx(fused(model), mean, std).SerializeToString())
    images, labels = read_archive(arguments.test)
    x = torch.from_numpy(((images - mean) / std).astype(np.float32)).permute(0, 3, 1, 2)
    with torch.no_grad():
        answer = model(x).argmax(1).numpy()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"unseen: {np.mean(answer == labels):.4f} of {len(labels)} (before rounding to fp16)")
    print(f"{path.name}: {path.stat().st_size} bytes, sha256 {digest}")
    print(f"parameters: {sum(p.numel() for p in model.parameters())}")


if __name__ == "__main__":
    main()
