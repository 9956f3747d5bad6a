"""Convolutions and neural networks, as they are written without a framework."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform


def relu(x):
    return np.maximum(x, 0)


def softmax(x):
    tmp_max = np.max(x, axis=-1, keepdims=True)
    tmp_out = np.exp(x - tmp_max)
    tmp_sum = np.sum(tmp_out, axis=-1, keepdims=True)
    return tmp_out / tmp_sum


def conv2d(x, weights):
    K = weights.shape[0]
    N, H, W = x.shape[0], x.shape[1] - K + 1, x.shape[2] - K + 1
    output = np.empty((N, H, W, weights.shape[3]), dtype=x.dtype)
    for i in range(H):
        for j in range(W):
            output[:, i, j, :] = np.sum(
                x[:, i : i + K, j : j + K, :, np.newaxis] * weights[np.newaxis, :, :, :],
                axis=(1, 2, 3),
            )
    return output


def maxpool2d(x):
    output = np.empty([x.shape[0], x.shape[1] // 2, x.shape[2] // 2, x.shape[3]], dtype=x.dtype)
    for i in range(x.shape[1] // 2):
        for j in range(x.shape[2] // 2):
            output[:, i, j, :] = np.max(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, :], axis=(1, 2))
    return output


def batchnorm2d(x, eps=1e-5):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.std(x, axis=0, keepdims=True)
    return (x - mean) / np.sqrt(std + eps)


@runs(normal(1, 2, 5, 6, 2), normal(2, 3, 3, 2, 3), normal(3, 3), wrt=("x", "weights", "bias"))
def conv2d_bias(x, weights, bias):
    return conv2d(x, weights) + bias


@runs(normal(4, 3, 5), normal(5, 5, 4), normal(6, 4), normal(7, 4, 3), normal(8, 3),
      wrt=("x", "w1", "b1", "w2", "b2"))  # fmt: skip
def mlp(x, w1, b1, w2, b2):
    h = relu(x @ w1 + b1)
    return softmax(h @ w2 + b2)


@runs(normal(9, 4, 5), integers(10, 4, high=3), normal(11, 5, 3), wrt=("x", "w"))
def cross_entropy(x, labels, w):
    logits = x @ w
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


@runs(normal(12, 2, 10, 10, 1), normal(13, 3, 3, 1, 2), normal(14, 2), normal(15, 3, 3, 2, 2),
      normal(16, 2), normal(17, 2, 4), normal(18, 4),
      wrt=("conv1", "bias1", "conv2", "bias2", "fc", "bias3"))  # fmt: skip
def lenet(x, conv1, bias1, conv2, bias2, fc, bias3):
    x = relu(conv2d(x, conv1) + bias1)
    x = maxpool2d(x)
    x = relu(conv2d(x, conv2) + bias2)
    x = maxpool2d(x)
    x = np.reshape(x, (x.shape[0], -1))
    return x @ fc + bias3


@runs(normal(19, 2, 4, 4, 3), normal(20, 1, 1, 3, 2), normal(21, 3, 3, 2, 2),
      normal(22, 1, 1, 2, 3), wrt=("x", "w1", "w2", "w3"))  # fmt: skip
def resnet_block(x, w1, w2, w3):
    padded = np.zeros((x.shape[0], x.shape[1] + 2, x.shape[2] + 2, w1.shape[3]))
    padded[:, 1:-1, 1:-1, :] = conv2d(x, w1)
    y = batchnorm2d(padded)
    y = relu(y)
    y = conv2d(y, w2)
    y = batchnorm2d(y)
    y = relu(y)
    y = conv2d(y, w3)
    y = batchnorm2d(y)
    return relu(y + x)


@runs(normal(23, 2, 4, 6), normal(24, 6, 6), normal(25, 6, 6), normal(26, 6, 6), 2,
      wrt=("x", "wq", "wk", "wv"))  # fmt: skip
def attention(x, wq, wk, wv, heads):
    batch, length, width = x.shape
    d = width // heads
    q = (x @ wq).reshape(batch, length, heads, d).transpose(0, 2, 1, 3)
    k = (x @ wk).reshape(batch, length, heads, d).transpose(0, 2, 1, 3)
    v = (x @ wv).reshape(batch, length, heads, d).transpose(0, 2, 1, 3)
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(d)
    scores = np.where(np.tri(length, dtype=bool), scores, -1e30)
    out = softmax(scores) @ v
    return out.transpose(0, 2, 1, 3).reshape(batch, length, width)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


@runs(
    normal(27, 5, 3), normal(28, 3, 8), normal(29, 2, 8), normal(30, 8), wrt=("xs", "W", "U", "b")
)
def lstm(xs, W, U, b):
    n = U.shape[0]
    h, c = np.zeros(n), np.zeros(n)
    for x in xs:
        z = x @ W + h @ U + b
        i, f, o = sigmoid(z[:n]), sigmoid(z[n : 2 * n]), sigmoid(z[2 * n : 3 * n])
        c = f * c + i * np.tanh(z[3 * n :])
        h = o * np.tanh(c)
    return h


@runs(
    normal(31, 3, 4), uniform(32, 4), normal(33, 4), wrt=("x", "gain", "bias"), by_differences=True
)
def layer_norm(x, gain, bias):
    mu = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    y = (x - mu) / np.sqrt(var + 1e-5) * gain + bias
    return 0.5 * y * (1 + np.tanh(np.sqrt(2 / np.pi) * (y + 0.044715 * y**3)))


@runs(normal(34, 9), normal(35, 3), wrt=("signal", "kernel"))
def conv1d(signal, kernel):
    n, k = signal.size, kernel.size
    idx = np.arange(k)[None, :] + np.arange(n - k + 1)[:, None]
    return signal[idx] @ kernel[::-1]


@runs(normal(36, 20, 2), (normal(37, 20) > 0).astype(float), normal(38, 2), 0.3, 5, wrt=("X", "w"))
def logistic_descent(X, y, w, rate, epochs):
    for _ in range(epochs):
        p = 1 / (1 + np.exp(-X.dot(w)))
        grad = X.T.dot(p - y) / y.shape[0]
        w = w - rate * grad
    return w
