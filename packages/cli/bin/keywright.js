#!/usr/bin/env node
// Plain JavaScript, because an old Node.js must be able to read it: it looks for the version that the workspace pins
// (the npm package `node`), goes on in it when this one is older, and starts the program.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

const MINIMUM = '24.0.0';

/** The pinned Node.js, or undefined where keywright was installed without it. */
function findPinned() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    return { version, path: join(dirname(manifest), bin.node) };
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function isOlder(version, than) {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** Runs this program again in another Node.js and ends as it ends. */
function continueIn(path) {
  const child = spawn(path, process.argv.slice(1), { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`keywright: cannot start ${path}: ${error.message}`);
    process.exitCode = 1;
  });
  // At a terminal, Ctrl-C reaches the child without us: passing it on would make it two.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code;
    else endBy(signal);
  });
}

function endBy(signal) {
  process.removeAllListeners(signal);
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}

const pinned = findPinned();
if (pinned && isOlder(process.versions.node, pinned.version)) continueIn(pinned.path);
else if (isOlder(process.versions.node, MINIMUM)) {
  console.error(`keywright needs Node.js ${MINIMUM} or newer; this is ${process.versions.node}`);
  process.exitCode = 1;
} else {
  const { main } = await import('../src/main.ts');
  await main(process.argv.slice(2));
}
