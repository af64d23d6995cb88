import { existsSync, readFileSync } from 'node:fs';

/** What a process and its children have used so far. */
export interface Usage {
  /** Microseconds of processor time, user and system, as `process.cpuUsage()` has it; to 10 milliseconds. */
  readonly cpu: number;
  /** Bytes of memory that are resident. */
  readonly resident: number;
}

/** Linux counts processor time in ticks of this many microseconds (USER_HZ is 100 on every architecture). */
const TICK = 10_000;
const NOT_MEASURED: Usage = { cpu: Number.NaN, resident: Number.NaN };

function ofOne(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // proc(5): the fields after the name in parentheses begin with the third; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
  return { cpu: (Number(fields[11]) + Number(fields[12])) * TICK, resident: Number(resident) * 1024 };
}

export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

/** Of a process and all below it; NaN where there is no /proc. */
export function usageOf(pid: number): Usage {
  if (!existsSync('/proc/self/stat')) return NOT_MEASURED;
  return childrenOf(pid)
    .map(usageOf)
    .reduce(
      (sum, { cpu, resident }) => ({ cpu: sum.cpu + cpu, resident: sum.resident + resident }),
      ofOne(pid),
    );
}
