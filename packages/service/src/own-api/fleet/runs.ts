import { type Claim, claimTerminals, LEASE_TIME } from '../../fleet/claim.ts';
import { exportBlocks } from '../../fleet/export-blocks.ts';
import { releaseLease, renewLease } from '../../fleet/leased.ts';
import { type LoadReport, reportLoads } from '../../fleet/report.ts';
import { listRunKeys, receiptAnswer } from '../../fleet/run-keys.ts';
import { describeRun, listRuns, type NewRun, setRunState, startRun } from '../../fleet/runs.ts';
import type { InjectionKey, InjectionState } from '../../store/fleet/fleet-store.ts';
import type { ClosedRoute } from '../route.ts';
import { listOf, NOTHING, objectOf, TEXT } from '../schemas.ts';
import { fleetRoute, LOADERS, MANAGERS, READERS, withNumber } from './fleet-route.ts';
import {
  AGENT,
  CHECK_VALUE,
  GROUP,
  ID,
  KEY_STATE,
  KEY_VERSION,
  LOAD_REPORT,
  MAX_RESULTS,
  manyOf,
  NEXT_TOKEN,
  OUTGOING_BLOCK,
  RATE,
  RECEIPT,
  RUN,
  RUN_KEY,
  SERIAL,
  TASK,
  TASK_KEY,
  TASK_REFUSAL,
} from './schemas.ts';

/** Terminals that an agent may ask about, and keys that it may ask for or report on, in one request. */
export const MOST_AT_ONCE = 500;

const RUN_ID = { runId: ID };
const LEASE_TIME_ASKED = { type: 'integer', minimum: 1000, maximum: 3_600_000, description: 'Milliseconds' };
const REFUSED = listOf(TASK_REFUSAL);

function changeRun(name: string, verb: string, state: 'OPEN' | 'STOPPED', summary: string): ClosedRoute {
  return fleetRoute({
    name,
    method: 'POST',
    path: `/fleet/runs/{runId}/${verb}`,
    summary,
    to: MANAGERS,
    params: RUN_ID,
    answer: RUN,
    run: ({ runId }: { runId: string }, context) => setRunState({ runId, state }, context),
  });
}

/** Runs, for those who arrange them. */
const managing: readonly ClosedRoute[] = [
  fleetRoute({
    name: 'StartFleetRun',
    method: 'POST',
    path: '/fleet/runs',
    summary:
      'Start a run: terminals of a group are to get every key of its profile, with a key version higher than before',
    to: MANAGERS,
    body: { group: GROUP, serials: manyOf(SERIAL, 10_000), keyVersion: KEY_VERSION, rate: RATE },
    optional: ['serials', 'keyVersion', 'rate'],
    answer: RUN,
    run: (input: NewRun, context) => startRun(input, context),
  }),
  fleetRoute({
    name: 'ListFleetRuns',
    method: 'GET',
    path: '/fleet/runs',
    summary: 'All runs, the latest first',
    to: READERS,
    answer: objectOf({ runs: listOf(RUN) }),
    run: (_input, context) => listRuns(context),
  }),
  fleetRoute({
    name: 'GetFleetRun',
    method: 'GET',
    path: '/fleet/runs/{runId}',
    summary: 'A run, and how far it is',
    to: READERS,
    params: RUN_ID,
    answer: RUN,
    run: ({ runId }: { runId: string }, context) => describeRun(runId, context),
  }),
  changeRun('StopFleetRun', 'stop', 'STOPPED', 'Stop a run; its agents get no more work'),
  changeRun('ResumeFleetRun', 'resume', 'OPEN', 'Go on with a run; what came to nothing is tried again'),
  fleetRoute({
    name: 'ListFleetRunKeys',
    method: 'GET',
    path: '/fleet/runs/{runId}/keys',
    summary: 'The report of a run: its keys with their receipts, in order of serial number and purpose',
    to: READERS,
    params: RUN_ID,
    query: { state: KEY_STATE, maxResults: MAX_RESULTS, nextToken: NEXT_TOKEN },
    optional: ['state', 'maxResults', 'nextToken'],
    answer: objectOf({ keys: listOf(RUN_KEY), nextToken: NEXT_TOKEN }, ['nextToken']),
    run: (
      input: { runId: string; state?: InjectionState; maxResults?: string; nextToken?: string },
      context,
    ) => listRunKeys(withNumber(input), context),
  }),
];

/** What agents ask: claim, blocks, report. */
const serving: readonly ClosedRoute[] = [
  fleetRoute({
    name: 'ClaimFleetTerminals',
    method: 'POST',
    path: '/fleet/runs/{runId}/claims',
    summary: 'Claim terminals of a run that an agent has at hand; unknown ones are recorded',
    to: LOADERS,
    params: RUN_ID,
    body: {
      agent: AGENT,
      terminals: manyOf(
        objectOf({ serial: SERIAL, kekCheckValue: CHECK_VALUE, tellsNone: { const: true } }, [
          'kekCheckValue',
          'tellsNone',
        ]),
        MOST_AT_ONCE,
      ),
      leaseTime: LEASE_TIME_ASKED,
    },
    optional: ['leaseTime'],
    answer: objectOf({
      lease: ID,
      leaseTime: LEASE_TIME_ASKED,
      tasks: listOf(TASK),
      refused: listOf(objectOf({ serial: SERIAL, reason: TEXT, message: TEXT })),
    }),
    run: (input: Claim, context) => claimTerminals(input, context),
  }),
  fleetRoute({
    name: 'RenewFleetLease',
    method: 'POST',
    path: '/fleet/runs/{runId}/lease',
    summary: 'Prolong a lease that has not ended',
    to: LOADERS,
    params: RUN_ID,
    body: { lease: ID, leaseTime: LEASE_TIME_ASKED },
    optional: ['leaseTime'],
    answer: objectOf({ terminals: { type: 'integer' }, leaseTime: LEASE_TIME_ASKED }),
    run: ({ lease, leaseTime = LEASE_TIME }: { lease: string; leaseTime?: number }, context) =>
      renewLease({ lease, leaseTime }, context),
  }),
  fleetRoute({
    name: 'ReleaseFleetLease',
    method: 'POST',
    path: '/fleet/runs/{runId}/release',
    summary: 'Give leased terminals back, which cannot be reached now',
    to: LOADERS,
    params: RUN_ID,
    body: { lease: ID, serials: manyOf(SERIAL, MOST_AT_ONCE) },
    answer: NOTHING,
    run: (input: { lease: string; serials: string[] }, context) => releaseLease(input, context),
  }),
  fleetRoute({
    name: 'ExportFleetBlocks',
    method: 'POST',
    path: '/fleet/runs/{runId}/blocks',
    summary: 'Export key blocks for leased terminals, each of its own initial key under its own KEK',
    to: LOADERS,
    params: RUN_ID,
    body: { lease: ID, tasks: manyOf(objectOf(TASK_KEY), MOST_AT_ONCE) },
    answer: objectOf({ blocks: listOf(OUTGOING_BLOCK), refused: REFUSED }),
    run: (input: { runId: string; lease: string; tasks: InjectionKey[] }, context) =>
      exportBlocks(input, context),
  }),
  fleetRoute({
    name: 'ReportFleetLoads',
    method: 'POST',
    path: '/fleet/runs/{runId}/reports',
    summary:
      'Report what terminals made of their key blocks: a proof that the host verifies, or why they refused',
    to: LOADERS,
    params: RUN_ID,
    body: { lease: ID, reports: manyOf(LOAD_REPORT, MOST_AT_ONCE) },
    answer: objectOf({ receipts: listOf(objectOf({ ...TASK_KEY, receipt: RECEIPT })), refused: REFUSED }),
    async run(input: { runId: string; lease: string; reports: LoadReport[] }, context) {
      const { receipts, refused } = await reportLoads(input, context);
      return {
        receipts: receipts.map(({ receipt, ...key }) => ({ ...key, receipt: receiptAnswer(receipt) })),
        refused,
      };
    },
  }),
];

export const runRoutes: readonly ClosedRoute[] = [...managing, ...serving];
