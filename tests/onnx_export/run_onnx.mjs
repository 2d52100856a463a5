// SPDX-License-Identifier: MIT
// node run_onnx.mjs FOLDER_OF_MODELS FOLDER_WITH_NODE_MODULES
//
// Runs each model of FOLDER/manifest.json in ONNX Runtime and compares with what parton computed:
// |a - b| <= tolerance * (1 + |b|) for every element. Prints counts; fails on any difference.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [folder, modules] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), 'index.js'));
const ort = require('onnxruntime-node');

function floatOfHalf(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction / 1024) : sign * 2 ** -24 * fraction;
}

const arrays = { float32: Float32Array, float64: Float64Array, float16: Uint16Array };

function read(file, dtype) {
  const bytes = readFileSync(join(folder, file));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return new arrays[dtype](buffer);
}

const numbers = (data, dtype) =>
  dtype === 'float16' ? Array.from(new Uint16Array(data.buffer, data.byteOffset, data.length), floatOfHalf) : data;

// A text for the first difference; empty if there is none.
function difference(found, expected, set, model) {
  if (found.dims.join() !== set.output.dims.join())
    return `shape (${found.dims}) instead of (${set.output.dims})`;
  const a = numbers(found.data, model.dtype), b = numbers(expected, model.dtype);
  for (let i = 0; i < b.length; ++i) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    if (!(Math.abs(a[i] - b[i]) <= model.tolerance * (1 + Math.abs(b[i]))))
      return `element ${i} is ${a[i]} instead of ${b[i]}`;
  }
  return '';
}

const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
let runs = 0, failures = 0;
for (const model of manifest) {
  try {
    const session = await ort.InferenceSession.create(join(folder, model.name + '.onnx'), { logSeverityLevel: 3 });
    for (const set of model.sets) {
      const type = { float32: 'float32', float64: 'float64', float16: 'float16' }[model.dtype];
      const input = new ort.Tensor(type, read(set.input.file, model.dtype), set.input.dims);
      const results = await session.run({ [session.inputNames[0]]: input });
      const text = difference(results[session.outputNames[0]], read(set.output.file, model.dtype), set, model);
      ++runs;
      if (text) {
        ++failures;
        console.log(`DIFFERS: ${model.name}, batch ${set.input.dims[0]}: ${text}`);
      }
    }
    await session.release();
  } catch (error) {
    ++failures;
    console.log(`FAILED: ${model.name}: ${error.message}`);
  }
}
console.log(`ONNX Runtime: ${manifest.length} models, ${runs} runs, ${failures} failures`);
process.exit(failures > 0 || runs === 0 ? 1 : 0);
