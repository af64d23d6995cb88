// Restores a backup into a directory; says when it begins to write, and then waits to be killed.
import { openBackup } from '../../src/backup/backup-file.ts';
import { restoreBackup } from '../../src/backup/restore-backup.ts';
import { unsealBackup } from '../../src/backup/restored-main-key.ts';

const [file, directory] = process.argv.slice(2) as [string, string];
const backup = await openBackup(file);
const unsealing = await unsealBackup(backup);
const [mainKey] = process.env.SHARES!.split(',').flatMap((share) => unsealing.add(share) ?? []);
console.log('open');
await restoreBackup(backup, mainKey!, directory);
setInterval(() => undefined, 1000);
