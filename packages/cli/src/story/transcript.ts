import { describeKeyBlock } from '@keywright/crypto';
import { Failure } from '../failure.ts';

/** What the story prints: each step with its key block, decoded header and check values, and no clear key. */
export interface Transcript {
  step(title: string): void;
  say(text: string): void;
  /** Shows a key block and what its header says. */
  keyBlock(name: string, block: string): void;
  /** @throws Failure unless both sides came to the same */
  agree(what: string, left: string | undefined, right: string): void;
}

const FIELDS = ['key usage', 'algorithm', 'mode of use', 'key version number', 'exportability'];

/** Writes a transcript, line by line. */
export function transcript(write: (line: string) => void): Transcript {
  let steps = 0;
  return {
    step(title) {
      steps += 1;
      write(`\n${steps}. ${title}`);
    },
    say: (text) => write(`   ${text}`),
    keyBlock(name, block) {
      const { fields, optionalBlocks } = describeKeyBlock(block);
      write(`   ${name}: ${block}`);
      for (const { name: field, value, meaning } of fields.filter(({ name }) => FIELDS.includes(name))) {
        write(`     ${field.padEnd(18)} ${value.padEnd(3)} ${meaning}`);
      }
      for (const { id, meaning } of optionalBlocks) write(`     optional block     ${id}  ${meaning}`);
    },
    agree(what, left, right) {
      if (left !== right) throw new Failure(`${what}: ${left} on one side, ${right} on the other`);
      write(`   ${what}: ${right} on both sides`);
    },
  };
}
