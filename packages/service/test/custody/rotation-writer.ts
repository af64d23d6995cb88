// Opens a data directory as the service does, goes on with a rotation, and begins another when none is under way; until it is killed.
import { join } from 'node:path';
import { openCustody } from '../../src/custody/custody.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const directory = process.argv[2]!;
const custody = openCustody({ kind: 'file' }, directory);
const store = openSqliteStore(join(directory, 'keywright.db')).custody;
const onFailure = (error: unknown) => {
  throw error;
};
const rotation = custody.rotation({ store, environment: 'production', onFailure, grace: 5 });
await rotation.resume();
console.log('open');
for (;;) {
  await rotation.settled();
  await rotation.start({ kind: 'file' });
}
