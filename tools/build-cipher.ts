// Compiles the fast cipher engine (packages/crypto/assembly, AssemblyScript) into the module that is embedded in the crypto
// package. With --check it proves instead that the embedded module is what the source gives, byte for byte.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
const SOURCE = 'packages/crypto/assembly/index.ts';
const TARGET = 'packages/crypto/src/cipher/fast/module.generated.ts';

const OPTIONS = [
  ...['--optimizeLevel', '3', '--converge', '--noAssert'],
  // No garbage collector and no imports: memory is laid out in assembly/memory.ts, which leaves 6144 to 8191 to the compiler.
  ...['--runtime', 'stub', '--use', 'abort=', '--memoryBase', '6144', '--initialMemory', '16'],
  ...['--enable', 'simd,relaxed-simd,bulk-memory'],
  // v128 is passed between functions of the module only.
  ...['--disableWarning', '112'],
];

async function compile(): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [SOURCE, ...OPTIONS, '--baseDir', root, '--outFile', 'module.wasm'],
    {
      writeFile: (_name, contents) => {
        if (typeof contents !== 'string') module = contents;
      },
    },
  );
  if (error || module === undefined) throw new Error(`the fast cipher engine does not compile\n${stderr}`);
  return module;
}

function embed(module: Uint8Array): string {
  const lines = Buffer.from(module)
    .toString('base64')
    .match(/.{1,120}/g)!;
  return [
    '// Made by tools/build-cipher.ts from packages/crypto/assembly; npm run build:cipher makes it anew.',
    '',
    '/** The WebAssembly module of the fast engine, in base64. */',
    'export const MODULE =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

const made = embed(await compile());
const path = join(root, TARGET);
if (!process.argv.includes('--check')) writeFileSync(path, made);
else if (made === readFileSync(path, 'utf8'))
  console.log('fast cipher engine: the embedded module is what the source gives');
else {
  console.error(`${TARGET} is not what ${SOURCE} gives: npm run build:cipher`);
  process.exitCode = 1;
}
