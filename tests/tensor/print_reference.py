# SPDX-License-Identifier: MIT
"""Writes print_reference.inc: arrays and what NumPy prints for them, str(array) with default options.

Run with Debian's python3-numpy: python3 print_reference.py > print_reference.inc
"""
import numpy as np

rng = np.random.default_rng(20)
cases = []


def add(values, dtype="f4"):
    with np.errstate(all="ignore"):
        cases.append(np.asarray(values).astype(dtype))


nan, inf = np.nan, np.inf
for dtype in ("f4", "f8", "f2"):
    for values in (1.5, 0.0, -0.0, 3.0, 0.1, 1e-5, 1e-4, nan, -inf, 1234.5, 0.015625):
        add(values, dtype)
    add([], dtype), add(np.zeros((2, 0)), dtype)
    add([0, 0, 0], dtype), add([-0.0, 1], dtype), add([1, 10, 100], dtype)
    add([0.1, 0.25, 3], dtype), add([nan, 1], dtype), add([inf, -1.5], dtype), add([-inf, nan], dtype)
    add([nan, nan], dtype), add([1e-5, 1], dtype), add([1e-4, 0.1], dtype), add([1000.5, 1], dtype)
    add([1001.5, 1], dtype), add([0.015625, 54784, 2048.0, 3], dtype)
    add(np.arange(24).reshape(2, 3, 4) / 8, dtype), add(rng.normal(size=(3, 7)), dtype)
    add(rng.uniform(-0.07, 0.07, 30), dtype), add(rng.uniform(-10, 10, (2, 2, 2, 2)), dtype)
for dtype in ("f4", "f8"):
    add(1e16, dtype), add(123456789.0, dtype), add([1e8, 1], dtype), add([99999999.0, 1e6], dtype)
    add([1e-30, 1e30], dtype), add([1e300, 1e-300] if dtype == "f8" else [1e38, 1e-38], dtype)
    add([0.123456789012, 1], dtype), add([1e10, nan, -inf], dtype), add([1e-7, 0], dtype)
    add(rng.uniform(-0.07, 0.07, (256, 20)), dtype), add(rng.normal(size=1001), dtype)
    add(rng.normal(size=1000), dtype), add(rng.normal(size=(40, 50)) * 1e6, dtype)
    add(rng.normal(size=(7, 7, 30)), dtype), add(rng.normal(size=(8, 2, 100)) * 1e-9, dtype)
    add(rng.normal(size=(1, 2000)), dtype), add(np.zeros((10, 20, 30)), dtype)
# The ratio that asks for exponents is rounded to the array's own type.
add([1000.2e-4, 1.0002e-4], "f2"), add([2, 1999.5], "f2"), add([1, 1000.5], "f2")
add([0.1, 100.00001], "f4"), add([0.1, 100.00001], "f8"), add([7, 7000.0005], "f4")
# Ties, powers of two, rows that wrap, higher ranks with an axis that is cut and one that is not.
add((np.arange(20) * 2 + 1) / 2.0**9, "f8"), add((np.arange(20) * 2 + 1) / 2.0**10, "f4")
add(2.0 ** np.arange(-13, 14), "f4"), add(2.0 ** np.arange(-3, 6), "f2"), add(2.0**-96, "f4")
add(np.where(np.arange(60) % 7, rng.normal(size=60), nan).reshape(2, 30), "f4")
add(rng.normal(size=(2, 1, 1, 3, 2)), "f4"), add(rng.normal(size=(1,) * 8), "f4")
add(rng.normal(size=(4, 4, 4, 4, 4)), "f4"), add(np.arange(7 * 6 * 40).reshape(7, 6, 40), "i2")
add([[127, -128]], "i1"), add([0, 255], "u1"), add([2**63 - 1, -(2**63)], "i8"), add(np.uint64(2**64 - 1), "u8")
for values in (7, [1, -2, 300], np.arange(40), np.arange(12).reshape(3, 4) - 5, np.arange(1200).reshape(30, 40), []):
    add(values, "i4")
for values in (True, [True, False], [True] * 20, np.arange(1200).reshape(300, 4) % 3 == 0, []):
    add(values, "b1")

print("// Written by print_reference.py: what NumPy", np.__version__, "prints.")
for a in cases:
    dims = ", ".join(map(str, a.shape))
    # Constant arrays of thousands of elements are stored as one element.
    data = a.ravel()
    if data.size > 1 and (data == data[0]).all():
        data = data[:1]
    elif data.size > 1300:
        data = None
    if data is None:  # kept small: only what decides the output
        flat = a.reshape(-1)
        corner = a
        for axis in range(a.ndim):
            n = a.shape[axis]
            if n > 6:
                corner = np.delete(corner, range(3, n - 3), axis=axis)
        data = corner.ravel()
    text = str(a)
    hexed = data.astype(data.dtype.newbyteorder("<")).tobytes().hex()
    pieces = "\n     ".join(f'"{hexed[i:i + 88]}"' for i in range(0, len(hexed), 88)) or '""'
    print(f'{{"{a.dtype.str[1:]}", {{{dims}}},\n     {pieces},\n     R"txt({text})txt"}},')
