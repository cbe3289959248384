// Validates WGSL files with Tint: one JSON object per file on standard output.
//   node tint.mjs FILE...          or, with `-`, one path per line on standard input
// {"file":"a.wgsl","ok":false,"messages":[{"kind":"error","line":3,"column":5,"text":"..."}]}
// No GPU and no driver is needed: Dawn's null backend still runs the whole of Tint's validation.
// An adapter that cannot be had is an exit status of 2, never a file that passes.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);

const gpu = create(['backend=null']);
const adapter = await gpu.requestAdapter();
if (!adapter) {
  console.error('dawn offers no adapter for its null backend');
  process.exit(2);
}
const wanted = ['shader-f16', 'subgroups'].filter((name) => adapter.features.has(name));
const device = await adapter.requestDevice({ requiredFeatures: wanted });

async function check(file) {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: readFileSync(file, 'utf8') });
  const info = await module.getCompilationInfo();
  const scope = await device.popErrorScope();
  const messages = info.messages.map((m) => ({ kind: m.type, line: m.lineNum, column: m.linePos, text: m.message }));
  const ok = !scope && !messages.some((m) => m.kind === 'error');
  if (scope && !messages.some((m) => m.kind === 'error')) {
    messages.push({ kind: 'error', line: 0, column: 0, text: scope.message });
  }
  console.log(JSON.stringify({ file, ok, messages }));
}

const files = process.argv.slice(2);
if (files.length === 1 && files[0] === '-') {
  // A caller may keep the process and feed it paths: the answer to one comes before the next is read.
  for await (const line of createInterface({ input: process.stdin })) {
    if (line) await check(line);
  }
} else {
  for (const file of files) await check(file);
}
process.exit(0);
