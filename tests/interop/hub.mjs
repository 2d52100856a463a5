// SPDX-License-Identifier: MIT
// node safetensors.mjs MODULES FILES [wrong]
// Reads the .safetensors files of a folder with @huggingface/hub, through a fetch that serves them,
// and compares names, dtypes, shapes, offsets and metadata with expected.json.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";

const [modules, folder, wrong] = process.argv.slice(2);
const require = createRequire(resolve(modules, "package.json"));
const { parseSafetensorsMetadata } = require("@huggingface/hub");

// Serves the file that the address ends with; asked for a range, it answers with that part.
async function serve(address, options) {
  const bytes = readFileSync(join(folder, basename(new URL(address).pathname)));
  const range = new Headers(options?.headers).get("Range");
  if (!range) return new Response(bytes, { headers: { "Content-Length": `${bytes.length}` } });
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range);
  const part = bytes.subarray(Number(first), Number(last) + 1);
  return new Response(part, {
    status: 206,
    headers: {
      "Content-Length": `${part.length}`,
      "Content-Range": `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`,
      ETag: '"1"',
    },
  });
}

const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
if (wrong) expected["dtypes.safetensors"].f16.data_offsets[0] += 1;
const names = Object.keys(expected);
let failures = 0;
for (const name of names) {
  try {
    const found = await parseSafetensorsMetadata({
      repo: "us/net",
      path: name,
      fetch: serve,
    });
    assert.strictEqual(found.sharded, false);
    assert.deepStrictEqual({ ...found.header }, expected[name]);
  } catch (error) {
    ++failures;
    console.log(`DIFFERS: ${name}: ${error.message}`);
  }
}
console.log(`${failures} of ${names.length} files differ`);
process.exit(failures === 0 && names.length > 0 ? 0 : 1);
