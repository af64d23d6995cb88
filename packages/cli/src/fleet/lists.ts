import type { Group, Incident, Profile, Run, RunKey, Terminal } from './fleet-api.ts';
import { type FleetClient, pagesOf } from './fleet-client.ts';
import { type Format, writeList } from './tables.ts';

async function* once<T>(items: Promise<readonly T[]>): AsyncGenerator<readonly T[]> {
  yield await items;
}

async function* mapped<From, To>(pages: AsyncIterable<From>, map: (page: From) => readonly To[]) {
  for await (const page of pages) yield map(page);
}

function counts(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([state, number]) => `${state} ${number}`)
    .join(', ');
}

const TERMINAL = ['serial', 'group', 'state', 'kekCheckValue', 'kek', 'registeredAt', 'reason'];

export async function listTerminals(
  fleet: FleetClient,
  format: Format,
  filter: { readonly group?: string; readonly state?: string },
): Promise<void> {
  const pages = pagesOf<{ terminals: Terminal[]; nextToken?: string }>(fleet, '/terminals', filter);
  await writeList(
    format,
    TERMINAL,
    mapped(pages, ({ terminals }) => terminals.map((each) => ({ ...each }))),
  );
}

const REPORT = [
  'serial',
  'purpose',
  'state',
  'slot',
  'keyVersion',
  'ksn',
  'checkValue',
  'provenAt',
  'blockHash',
  'sends',
  'caller',
  'agent',
  'at',
  'detail',
];

/** A key with its receipt in one line. No key material is in either. */
function reportRow({ receipt, runId: _, updatedAt: __, ...key }: RunKey) {
  return { ...key, ...receipt };
}

export async function writeReport(
  fleet: FleetClient,
  format: Format,
  runId: string,
  state: string | undefined,
): Promise<void> {
  const path = `/runs/${encodeURIComponent(runId)}/keys`;
  const pages = pagesOf<{ keys: RunKey[]; nextToken?: string }>(fleet, path, { state });
  await writeList(
    format,
    REPORT,
    mapped(pages, ({ keys }) => keys.map(reportRow)),
  );
}

export async function listProfiles(fleet: FleetClient, format: Format): Promise<void> {
  const rows = fleet.get<{ profiles: Profile[] }>('/profiles').then(({ profiles }) =>
    profiles.flatMap(({ name, device, keys }) =>
      keys.map(({ purpose, slot, algorithm, keySetId, bdk }) => ({
        profile: name,
        model: device.model,
        policy: device.policy,
        kekSlot: device.kekSlot,
        purpose,
        slot,
        algorithm,
        keySetId,
        bdk,
      })),
    ),
  );
  const columns = [
    'profile',
    'model',
    'policy',
    'kekSlot',
    'purpose',
    'slot',
    'algorithm',
    'keySetId',
    'bdk',
  ];
  await writeList(format, columns, once(rows));
}

export async function listGroups(fleet: FleetClient, format: Format): Promise<void> {
  const rows = fleet
    .get<{ groups: Group[] }>('/groups')
    .then(({ groups }) => groups.map((group) => ({ ...group, terminals: counts(group.terminals) })));
  await writeList(format, ['name', 'profile', 'terminals'], once(rows));
}

function runRow({ runId, group, profile, keyVersion, state, startedAt, keys }: Run) {
  return { runId, group, profile: profile.name, keyVersion, state, startedAt, keys: counts(keys) };
}

const RUN = ['runId', 'group', 'profile', 'keyVersion', 'state', 'startedAt', 'keys'];

export async function listRuns(fleet: FleetClient, format: Format): Promise<void> {
  const rows = fleet.get<{ runs: Run[] }>('/runs').then(({ runs }) => runs.map(runRow));
  await writeList(format, RUN, once(rows));
}

export async function showRun(format: Format, run: Run): Promise<void> {
  await writeList(format, RUN, once(Promise.resolve([runRow(run)])));
}

export async function listIncidents(fleet: FleetClient, format: Format): Promise<void> {
  const rows = fleet
    .get<{ incidents: Incident[] }>('/incidents', { maxResults: '1000' })
    .then(({ incidents }) => incidents.map((each) => ({ ...each })));
  await writeList(format, ['kind', 'serial', 'count', 'firstAt', 'lastAt', 'caller', 'detail'], once(rows));
}
