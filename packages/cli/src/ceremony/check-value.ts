import type { Check } from './prompts.ts';

/** Paper groups its digits with spaces or dashes. */
export function ungroup(digits: string): string {
  return digits.replace(/[\s-]/g, '');
}

/** Checks that an answer is a KCV of 3 to 8 bytes. */
export const checkKcv: Check = (answer) =>
  /^(?:[0-9A-Fa-f]{2}){3,8}$/.test(ungroup(answer)) ? undefined : 'a KCV has 6 to 16 hexadecimal digits';
