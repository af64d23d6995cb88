// Opens a data directory, goes on with a rotation, and then moves the main key from kind to kind; until it is killed.
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { CYCLE, kindsThere, openKind, requestFor } from './kinds.ts';

const directory = process.argv[2]!;
let at = CYCLE.indexOf(kindsThere(directory)[0] as (typeof CYCLE)[number]);
const custody = await openKind(directory, CYCLE[at]!);
const store = openSqliteStore(join(directory, 'keywright.db')).custody;
const onFailure = (error: unknown) => {
  throw error;
};
const rotation = custody.rotation({ store, environment: 'production', onFailure, grace: 5 });
await rotation.resume();
console.log('open');
// The pause between two walks keeps no process alive.
setInterval(() => undefined, 1000);
for (;;) {
  await rotation.settled();
  at = (at + 1) % CYCLE.length;
  await rotation.start(requestFor(directory, CYCLE[at]!));
}
