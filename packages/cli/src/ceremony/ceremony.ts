import { Failure } from '../failure.ts';
import { ask } from './ask.ts';
import { importKek } from './import-kek.ts';
import { askComponentCount, chooseAlgorithm, type KekAlgorithm } from './kek-algorithm.ts';
import { openRoute } from './open-route.ts';
import type { Prompts } from './prompts.ts';
import { receiveKey } from './receive.ts';
import type { ImportRoute, Kek, KekUsage, RouteContext } from './route.ts';

/** What a ceremony works with, and what its command line said. */
export interface Ceremony extends RouteContext {
  readonly alias?: string;
  readonly exportable: boolean;
}

/** How the key will be imported; what the service was asked to make for it goes with the plan. */
export interface ImportPlan extends AsyncDisposable {
  readonly route: ImportRoute;
  readonly usage: KekUsage;
  /** Empty for none. */
  readonly alias: string;
}

function checkAlias(answer: string): string | undefined {
  return /^(?:alias\/)?[a-zA-Z0-9/_-]{0,250}$/.test(answer) ? undefined : 'letters, digits, / _ and - only';
}

function chooseUsage(prompts: Prompts): Promise<KekUsage> {
  return prompts.choose<KekUsage>('Key usage', [
    { value: 'TR31_K1_KEY_BLOCK_PROTECTION_KEY', label: 'K1', hint: 'key block protection key' },
    { value: 'TR31_K0_KEY_ENCRYPTION_KEY', label: 'K0', hint: 'key encryption key' },
  ]);
}

/** Settles everything that an import needs but the key, before anybody types one. */
export async function planImport(ceremony: Ceremony, algorithm: KekAlgorithm): Promise<ImportPlan> {
  const { prompts, alias } = ceremony;
  const complaint = checkAlias(alias ?? '');
  if (complaint !== undefined) throw new Failure(`alias ${alias}: ${complaint}`);
  await using opened = new AsyncDisposableStack();
  const route = opened.use(await openRoute(algorithm, ceremony));
  prompts.say('The service is ready to import a key');
  const usage = await chooseUsage(prompts);
  const name = alias ?? (await prompts.ask('Alias for the key (Enter for none)', checkAlias));
  const kept = opened.move();
  return { route, usage, alias: name, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/**
 * Imports the key after a last confirmation, and gives it its alias.
 *
 * @throws Failure when somebody says no, or the service refuses
 */
export async function confirmAndImport(
  { prompts, service, exportable }: Ceremony,
  { route, usage, alias }: ImportPlan,
  key: Pick<Kek, 'key' | 'kcv' | 'algorithm'>,
): Promise<void> {
  const { algorithm, kcv } = key;
  if (!(await prompts.confirm(`Import the ${algorithm} key with KCV ${kcv}?`))) {
    throw new Failure('nothing was imported');
  }
  const arn = await importKek(service, route, { ...key, usage, exportable });
  prompts.say(`Imported ${arn}\nKCV ${kcv}, as the service shows it`);
  if (alias === '') return;
  const name = `alias/${alias.replace(/^alias\//, '')}`;
  await ask('the key was imported, but CreateAlias', () =>
    service.createAlias({ AliasName: name, KeyArn: arn }),
  );
  prompts.say(`${name} names it`);
}

/**
 * Receives a KEK from another party's paper components and imports it into the service.
 *
 * @throws Aborted or Failure; the service then has no new key, unless it was only the alias that failed
 */
export async function receiveKek(ceremony: Ceremony): Promise<void> {
  const { prompts } = ceremony;
  const algorithm = await chooseAlgorithm(prompts);
  await using plan = await planImport(ceremony, algorithm);
  const { key, kcv } = await receiveKey(prompts, algorithm, await askComponentCount(prompts));
  using held = key;
  await confirmAndImport(ceremony, plan, { key: held, kcv, algorithm });
}
