import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './service.ts';

const page = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');

/** Each section of the page, and where in the code its codes are: the keys of a table, or the members of a union. */
const SECTIONS: Record<string, { file: string; codes: RegExp }> = {
  "The service's exceptions": { file: 'service/src/api/exceptions.ts', codes: /^ {2}\| '(\w+)'/gm },
  'MainKeyError: the main key': { file: 'service/src/custody/main-key.ts', codes: /^ {2}\| '(\w+)'/gm },
  'BackupError: backup and restore': {
    file: 'service/src/backup/backup-error.ts',
    codes: /^ {2}\| '(\w+)'/gm,
  },
  'KeyBlockError: key blocks': { file: 'crypto/src/tr31/error.ts', codes: /^ {2}([A-Z_0-9]+):/gm },
  'Tr34Error: TR-34 tokens': { file: 'crypto/src/tr34/error.ts', codes: /^ {2}([A-Z_0-9]+):/gm },
  DukptError: { file: 'crypto/src/dukpt/dukpt-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  PinVerificationError: { file: 'crypto/src/pin/pin-verification-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  CardError: { file: 'crypto/src/card/card-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  EmvError: { file: 'crypto/src/emv/emv-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  PinBlockError: { file: 'crypto/src/pin/pin-block-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  ComponentError: { file: 'crypto/src/components/component-error.ts', codes: /^ {2}\| '(\w+)'/gm },
  "The terminal's refusals": { file: 'terminal/src/refusals.ts', codes: /^ {2}([A-Z_0-9]+):/gm },
  'The batch commands': { file: 'cli/src/batch/answer.ts', codes: /refusal\('([A-Z]+)'/g },
};

function section(title: string): string {
  const [, rest] = page.split(`\n## ${title}\n`);
  assert.ok(rest, `docs/errors.md has no section ${title}`);
  return rest.split('\n## ')[0]!;
}

for (const [title, { file, codes }] of Object.entries(SECTIONS)) {
  test(`docs/errors.md, ${title}: the codes of ${file}`, () => {
    const source = readFileSync(join(ROOT, 'packages', file), 'utf8');
    const inCode = [...source.matchAll(codes)].map(([, code]) => code!);
    const onPage = [...section(title).matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code!);
    assert.ok(inCode.length > 0);
    assert.deepEqual(onPage.toSorted(), inCode.toSorted());
  });
}
