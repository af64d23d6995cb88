import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** For a process that may run anywhere. */
export const ANY_CORE = '';

/** Says how processes are kept apart, for the head of a report. */
export const PINNING = canPin
  ? 'server and client each on a core of its own (taskset)'
  : 'not pinned to cores';

/** Starts Node.js on the cores given, or on any where they can't be chosen. */
export function spawnNode(args: readonly string[], cores: string, options: SpawnOptions): ChildProcess {
  return canPin && cores !== ANY_CORE
    ? spawn('taskset', ['-c', cores, process.execPath, ...args], options)
    : spawn(process.execPath, args, options);
}
