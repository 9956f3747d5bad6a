"""Image pipelines: filters, histograms, morphology, resizing."""

import numpy as np

from tests.programs.kinds._case import integers, normal, runs, uniform

PICTURE = integers(1, 6, 7, high=256).astype(np.uint8)


@runs(normal(2, 6, 7), 1.2, wrt=("image", "sigma"))
def gaussian_blur(image, sigma):
    radius = 2
    x = np.arange(-radius, radius + 1)
    kernel = np.exp(-(x**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    padded = np.pad(image, radius, mode="edge")
    rows = np.zeros((padded.shape[0], image.shape[1]))
    for k in range(kernel.size):
        rows += kernel[k] * padded[:, k : k + image.shape[1]]
    out = np.zeros_like(image)
    for k in range(kernel.size):
        out += kernel[k] * rows[k : k + image.shape[0], :]
    return out


@runs(normal(3, 6, 7), wrt=("image",))
def sobel(image):
    gx = np.zeros_like(image)
    gy = np.zeros_like(image)
    gx[1:-1, 1:-1] = (
        image[:-2, 2:] + 2 * image[1:-1, 2:] + image[2:, 2:]
        - image[:-2, :-2] - 2 * image[1:-1, :-2] - image[2:, :-2]
    )  # fmt: skip
    gy[1:-1, 1:-1] = (
        image[2:, :-2] + 2 * image[2:, 1:-1] + image[2:, 2:]
        - image[:-2, :-2] - 2 * image[:-2, 1:-1] - image[:-2, 2:]
    )  # fmt: skip
    return np.sqrt(gx**2 + gy**2 + 1e-3)


@runs(PICTURE)
def equalised(image):
    hist = np.bincount(image.ravel(), minlength=256)
    cdf = hist.cumsum()
    low = cdf[cdf > 0].min()
    scaled = np.round((cdf - low) / (image.size - low) * 255)
    lut = np.clip(scaled, 0, 255).astype(np.uint8)
    return lut[image]


@runs(uniform(4, 6, 7), 1.5, 0.2, wrt=("image", "sigma_s", "sigma_r"))
def bilateral(image, sigma_s, sigma_r):
    h, w = image.shape
    padded = np.pad(image, 1)
    total = np.zeros((h, w))
    weight = np.zeros((h, w))
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            shifted = padded[1 + dy : 1 + dy + h, 1 + dx : 1 + dx + w]
            g = np.exp(-(dx**2 + dy**2) / (2 * sigma_s**2))
            g = g * np.exp(-((shifted - image) ** 2) / (2 * sigma_r**2))
            total += g * shifted
            weight += g
    return total / weight


@runs(PICTURE)
def median_filter(image):
    out = image.copy()
    for i in range(1, image.shape[0] - 1):
        for j in range(1, image.shape[1] - 1):
            out[i, j] = np.sort(image[i - 1 : i + 2, j - 1 : j + 2].ravel())[4]
    return out


@runs(normal(5, 5, 6), wrt=("image",), by_differences=True)
def median_stack(image):
    shifts = [
        image[:-2, 1:-1],
        image[1:-1, 1:-1],
        image[2:, 1:-1],
        image[1:-1, :-2],
        image[1:-1, 2:],
    ]
    return np.median(np.stack(shifts), axis=0)


@runs(PICTURE > 100)
def opened(mask):
    eroded = mask.copy()
    eroded[1:, :] &= mask[:-1, :]
    eroded[:-1, :] &= mask[1:, :]
    eroded[:, 1:] &= mask[:, :-1]
    eroded[:, :-1] &= mask[:, 1:]
    dilated = eroded.copy()
    dilated[1:, :] |= eroded[:-1, :]
    dilated[:-1, :] |= eroded[1:, :]
    dilated[:, 1:] |= eroded[:, :-1]
    dilated[:, :-1] |= eroded[:, 1:]
    return dilated, np.count_nonzero(dilated)


@runs(normal(6, 5, 6), 8, 9, wrt=("image",), by_differences=True)
def bilinear_resize(image, rows, cols):
    h, w = image.shape
    y = np.linspace(0, h - 1, rows)
    x = np.linspace(0, w - 1, cols)
    y0 = np.minimum(np.floor(y).astype(int), h - 2)
    x0 = np.minimum(np.floor(x).astype(int), w - 2)
    fy = (y - y0)[:, np.newaxis]
    fx = x - x0
    top = image[y0][:, x0] * (1 - fx) + image[y0][:, x0 + 1] * fx
    bottom = image[np.ix_(y0 + 1, x0)] * (1 - fx) + image[np.ix_(y0 + 1, x0 + 1)] * fx
    return top * (1 - fy) + bottom * fy


@runs(uniform(7, 4, 5, 3), 0.8, wrt=("rgb", "gamma"))
def tone_mapping(rgb, gamma):
    luminance = rgb @ np.array([0.2126, 0.7152, 0.0722])
    key = np.exp(np.mean(np.log(luminance + 1e-6)))
    mapped = luminance / key
    mapped = mapped / (1 + mapped)
    out = rgb * (mapped / luminance)[..., None]
    return np.clip(out, 0.0, 1.0) ** gamma


@runs(integers(8, 5, 6, 3, high=256).astype(np.uint8))
def greyscale(rgb):
    weights = np.array([77, 150, 29], dtype=np.uint32)
    grey = (rgb.astype(np.uint32) * weights).sum(axis=2) >> 8
    return grey.astype(np.uint8), 255 - rgb, rgb[::-1, :, ::-1]


@runs(PICTURE)
def otsu(image):
    hist = np.zeros(256)
    for value in image.flat:
        hist[value] += 1
    p = hist / hist.sum()
    levels = np.arange(256)
    best, threshold = 0.0, 0
    for t in range(1, 256):
        w0, w1 = p[:t].sum(), p[t:].sum()
        if w0 == 0 or w1 == 0:
            continue
        mu0 = (levels[:t] * p[:t]).sum() / w0
        mu1 = (levels[t:] * p[t:]).sum() / w1
        between = w0 * w1 * (mu0 - mu1) ** 2
        if between > best:
            best, threshold = between, t
    return threshold, image > threshold


@runs(PICTURE)
def integral_image(image):
    s = np.cumsum(np.cumsum(image.astype(np.int64), axis=0), axis=1)
    s = np.pad(s, ((1, 0), (1, 0)))
    return (s[3:, 3:] - s[:-3, 3:] - s[3:, :-3] + s[:-3, :-3]) / 9


@runs(PICTURE)
def dithered(image):
    work = image.astype(np.float64)
    h, w = work.shape
    for y in range(h):
        for x in range(w):
            old = work[y, x]
            new = 255.0 if old > 127 else 0.0
            work[y, x] = new
            error = old - new
            if x + 1 < w:
                work[y, x + 1] += error * 7 / 16
            if y + 1 < h:
                if x > 0:
                    work[y + 1, x - 1] += error * 3 / 16
                work[y + 1, x] += error * 5 / 16
                if x + 1 < w:
                    work[y + 1, x + 1] += error / 16
    return work.astype(np.uint8)
