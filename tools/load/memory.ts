import { usageOf } from '../bench/process-usage.ts';

const SAMPLE_TIME = 1000;
/** Parts of the whole time: what is warm-up, and how much at its end and at the very end is compared. */
const WARM_UP = 0.3;
const COMPARED = 0.1;
/** Seconds; before, memory that grows may only be code that is compiled and caches that fill. */
const LEAST_TIME = 300;
/** Memory that goes up and down by less than a tenth does not grow. */
const TOLERANCE = 1.1;

export interface Growth {
  /** Bytes: the most soon after warm-up, and the least at the end. */
  readonly before: number;
  readonly after: number;
  /** Undefined where the time was too short to tell. */
  readonly grew: boolean | undefined;
}

/** Watches the resident memory of a process and its children until it is asked for the growth. */
export function watchMemory(pid: number): { readonly now: number; growth(): Growth } {
  const samples = [usageOf(pid).resident];
  const timer = setInterval(() => samples.push(usageOf(pid).resident), SAMPLE_TIME);
  return {
    get now() {
      return samples.at(-1)!;
    },
    growth() {
      clearInterval(timer);
      const at = (part: number) => Math.floor(samples.length * part);
      const before = Math.max(...samples.slice(at(WARM_UP), at(WARM_UP + COMPARED) + 1));
      const after = Math.min(...samples.slice(at(1 - COMPARED)));
      const grew =
        samples.length * (SAMPLE_TIME / 1000) < LEAST_TIME ? undefined : after > before * TOLERANCE;
      return { before, after, grew };
    },
  };
}
