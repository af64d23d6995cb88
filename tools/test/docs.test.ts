import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { freePort } from '../../packages/service/test/http/free-port.ts';
import { emptyProject, ROOT, ServiceProcess } from './service.ts';

const DOCUMENTED_URL = 'http://127.0.0.1:3131';
const DOCUMENTED_METRICS = '127.0.0.1:9464';
const FENCE = /^```(\w+)(?: (\w+))?\n(.*?)^```$/gms;

interface Block {
  readonly language: string;
  readonly note: string | undefined;
  readonly text: string;
}

const documents = globSync(['*.md', 'docs/**/*.md', 'vectors/*.md'], { cwd: ROOT }).sort();

function blocksOf(path: string): Block[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(FENCE)].map(([, language, note, body]) => ({
    language: language!,
    note,
    text: body!,
  }));
}

/** Runs a program and gives what it printed; fails with it unless the exit status is 0. */
async function run(command: string, args: readonly string[], directory: string, input = ''): Promise<string> {
  const path = `${join(directory, 'bin')}:${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`;
  const child = spawn(command, args, { cwd: directory, env: { ...process.env, PATH: path } });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  child.stdin.end(input);
  const status = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(status, 0, output);
  return output;
}

/** Puts the stand-in for the AWS CLI on the path of a directory. */
function installAws(directory: string): void {
  const aws = join(directory, 'bin', 'aws');
  mkdirSync(dirname(aws));
  writeFileSync(aws, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'aws.ts')}" "$@"\n`);
  chmodSync(aws, 0o755);
}

suite('every command and program of the documentation runs', () => {
  const project = emptyProject();
  const { directory } = project;
  let service: ServiceProcess;
  let metrics: string;

  before(async () => {
    installAws(directory);
    metrics = `127.0.0.1:${await freePort()}`;
    service = await ServiceProcess.start(directory, { KEYWRIGHT_METRICS: metrics });
  });
  after(async () => {
    await service.end('SIGTERM');
    project[Symbol.dispose]();
  });

  for (const document of documents) {
    const blocks = blocksOf(document);
    const shell = blocks.filter(({ language, note }) => language === 'sh' && note === undefined);
    const interactive = blocks.filter(({ language, note }) => language === 'sh' && note === 'interactive');
    const programs = blocks.filter(({ language }) => language === 'ts');
    const here = (text: string) =>
      text.replaceAll(DOCUMENTED_URL, service.url).replaceAll(DOCUMENTED_METRICS, metrics);

    if (shell.length > 0) {
      test(`${document}: commands`, async () => {
        const script = shell.map(({ text }) => here(text)).join('\n');
        assert.match(await run('bash', ['-euo', 'pipefail'], directory, script), /\S/);
      });
    }
    for (const { text } of interactive) {
      test(`${document}: ${text.trim()}`, async () => {
        // A person answers these; that the command and its options exist is what can be tried without one.
        const output = await run('bash', ['-euo', 'pipefail'], directory, `${text.trim()} --help`);
        for (const [option] of text.matchAll(/--[a-z-]+/g)) assert.ok(output.includes(option), option);
      });
    }
    for (const [i, { text }] of programs.entries()) {
      test(`${document}: program ${i + 1}`, async () => {
        const file = join(directory, `program-${i}.ts`);
        writeFileSync(file, here(text));
        assert.match(await run(process.execPath, [file], directory), /\S/);
      });
    }
  }
});

test('npm scripts that the documentation names exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const document of documents) {
    const text = readFileSync(join(ROOT, document), 'utf8');
    for (const [, name] of text.matchAll(/npm (?:run )?(start|test|story|(?<=run )[a-z:]+)/g)) {
      assert.ok(name! in scripts, `${document} names npm run ${name}`);
    }
  }
});

test('links between documents lead somewhere', () => {
  const paths = new Set(globSync(['*.md', 'docs/**/*', 'LICENSE'], { cwd: ROOT }));
  for (const document of documents) {
    const text = readFileSync(join(ROOT, document), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!http)([^)#]+)/g)) {
      assert.ok(paths.has(join(dirname(document), target!)), `${document} links to ${target}`);
    }
  }
});
