import type { Outcome } from './batch.ts';

/** Shows how far an agent is. */
export interface Progress extends Disposable {
  settled(serial: string, outcome: Outcome): void;
}

const BAR_WIDTH = 30;
/** Milliseconds between two pictures of the bar, and between two lines where there is no screen. */
const ON_SCREEN = 200;
const IN_LOG = 10_000;

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.ceil(seconds)} s`;
}

/** `####----  412/1,000 terminals, 3 failed, 52/s, 12 s left` */
export function progressLine(settled: number, failed: number, total: number, seconds: number): string {
  const filled = Math.round((BAR_WIDTH * settled) / Math.max(total, 1));
  const bar = '#'.repeat(filled) + '-'.repeat(BAR_WIDTH - filled);
  const rate = seconds > 0 ? settled / seconds : 0;
  const parts = [`${settled.toLocaleString('en')}/${total.toLocaleString('en')} terminals`];
  if (failed > 0) parts.push(`${failed} failed`);
  parts.push(`${rate.toFixed(rate < 10 ? 1 : 0)}/s`);
  if (rate > 0 && settled < total) parts.push(`${duration((total - settled) / rate)} left`);
  return `${bar}  ${parts.join(', ')}`;
}

/** A bar on standard error; where that is no screen, a line now and then. */
export function showProgress(total: number, screen: NodeJS.WriteStream = process.stderr): Progress {
  const began = performance.now();
  let [settled, failed] = [0, 0];
  const line = () => progressLine(settled, failed, total, (performance.now() - began) / 1000);
  const show = () => void screen.write(screen.isTTY ? `\r\x1b[2K${line()}` : `${line()}\n`);
  const timer = setInterval(show, screen.isTTY ? ON_SCREEN : IN_LOG);
  return {
    settled(_serial, { kind }) {
      settled += 1;
      if (kind !== 'DONE') failed += 1;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      show();
      if (screen.isTTY) screen.write('\n');
    },
  };
}
