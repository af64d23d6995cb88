import { type Bootstrap, bootstrapTerminal, confirmKek, hostCertificate } from '../../fleet/bootstrap.ts';
import { createGroup, listGroups } from '../../fleet/groups.ts';
import { commitImport, type ImportedTerminal, stageImport } from '../../fleet/imports.ts';
import { listIncidents } from '../../fleet/incidents.ts';
import { createProfile, listProfiles, type NewProfile } from '../../fleet/profiles.ts';
import { describeTerminal } from '../../fleet/run-keys.ts';
import { assignKek, decommissionTerminal, listTerminals, releaseTerminal } from '../../fleet/terminals.ts';
import type { TerminalState } from '../../store/fleet/fleet-store.ts';
import type { ClosedRoute } from '../route.ts';
import { listOf, NOTHING, objectOf, TEXT } from '../schemas.ts';
import { fleetRoute, LOADERS, MANAGERS, READERS, withNumber } from './fleet-route.ts';
import {
  CHECK_VALUE,
  DEVICE,
  GROUP,
  GROUP_ANSWER,
  ID,
  INCIDENT,
  KEY,
  MAX_RESULTS,
  manyOf,
  NEXT_TOKEN,
  PROFILE,
  PROFILE_KEY,
  REASON,
  SERIAL,
  TERMINAL,
  TERMINAL_STATE,
  TERMINAL_WITH_KEYS,
} from './schemas.ts';

/** Lines of an import that one request may have. */
export const MOST_LINES = 2000;

const IMPORTED = objectOf({ serial: SERIAL, group: GROUP, kek: KEY }, ['kek']);
const CERTIFICATE = { type: 'string', maxLength: 32_768, description: 'Base64 of PEM or DER' };
const NONCE = { type: 'string', pattern: '^([0-9A-F]{2}){8,16}$' };
const NUMBER = { type: 'integer', minimum: 0 };

/** What there is: profiles, groups, terminals, and what should not have happened. */
export const inventoryRoutes: readonly ClosedRoute[] = [
  fleetRoute({
    name: 'CreateFleetProfile',
    method: 'POST',
    path: '/fleet/profiles',
    summary: 'Make a key profile; it is never changed, and its key sets belong to their BDKs for good',
    to: MANAGERS,
    body: { name: GROUP, device: DEVICE, keys: manyOf(PROFILE_KEY, 10) },
    answer: PROFILE,
    run: (input: NewProfile, context) => createProfile(input, context),
  }),
  fleetRoute({
    name: 'ListFleetProfiles',
    method: 'GET',
    path: '/fleet/profiles',
    summary: 'All key profiles',
    to: READERS,
    answer: objectOf({ profiles: listOf(PROFILE) }),
    run: (_input, context) => listProfiles(context),
  }),
  fleetRoute({
    name: 'CreateFleetGroup',
    method: 'POST',
    path: '/fleet/groups',
    summary: 'Make a group of terminals that get the keys of a profile',
    to: MANAGERS,
    body: { name: GROUP, profile: GROUP },
    answer: GROUP_ANSWER,
    run: (input: { name: string; profile: string }, context) => createGroup(input, context),
  }),
  fleetRoute({
    name: 'ListFleetGroups',
    method: 'GET',
    path: '/fleet/groups',
    summary: 'All groups, and how many terminals they have',
    to: READERS,
    answer: objectOf({ groups: listOf(GROUP_ANSWER) }),
    run: (_input, context) => listGroups(context),
  }),
  fleetRoute({
    name: 'StageFleetImport',
    method: 'POST',
    path: '/fleet/imports',
    summary:
      'Check a part of an import and put it aside; nothing is registered before all of it is committed',
    to: MANAGERS,
    body: { importId: ID, terminals: manyOf(IMPORTED, MOST_LINES) },
    optional: ['importId'],
    answer: objectOf({
      importId: ID,
      unchanged: NUMBER,
      problems: listOf(objectOf({ index: NUMBER, problem: TEXT })),
    }),
    run: (input: { importId?: string; terminals: ImportedTerminal[] }, context) =>
      stageImport(input, context),
  }),
  fleetRoute({
    name: 'CommitFleetImport',
    method: 'POST',
    path: '/fleet/imports/{importId}/commit',
    summary: 'Register every terminal of an import, or none',
    to: MANAGERS,
    params: { importId: ID },
    answer: NOTHING,
    run: ({ importId }: { importId: string }, context) => commitImport(importId, context),
  }),
  fleetRoute({
    name: 'ListFleetTerminals',
    method: 'GET',
    path: '/fleet/terminals',
    summary: 'Terminals, in order of their serial numbers',
    to: READERS,
    query: { group: GROUP, state: TERMINAL_STATE, maxResults: MAX_RESULTS, nextToken: NEXT_TOKEN },
    optional: ['group', 'state', 'maxResults', 'nextToken'],
    answer: objectOf({ terminals: listOf(TERMINAL), nextToken: NEXT_TOKEN }, ['nextToken']),
    run: (
      input: { group?: string; state?: TerminalState; maxResults?: string; nextToken?: string },
      context,
    ) => listTerminals(withNumber(input), context),
  }),
  fleetRoute({
    name: 'GetFleetTerminal',
    method: 'GET',
    path: '/fleet/terminals/{serial}',
    summary: 'A terminal, and the receipts of its keys',
    to: READERS,
    params: { serial: SERIAL },
    answer: TERMINAL_WITH_KEYS,
    run: ({ serial }: { serial: string }, context) => describeTerminal(serial, context),
  }),
  fleetRoute({
    name: 'AssignFleetKek',
    method: 'PUT',
    path: '/fleet/terminals/{serial}/kek',
    summary:
      'Give a terminal the KEK that its custodians enter into it; its check value is compared before a key leaves',
    to: LOADERS,
    params: { serial: SERIAL },
    body: { kek: KEY },
    answer: TERMINAL,
    run: (input: { serial: string; kek: string }, context) => assignKek(input, context),
  }),
  fleetRoute({
    name: 'GetFleetHostCertificate',
    method: 'GET',
    path: '/fleet/host-certificate',
    summary: 'The certificate that terminals bind to (TR-34), and the token that signs for it',
    to: LOADERS,
    answer: objectOf({ exportToken: TEXT, certificate: TEXT, certificateChain: TEXT }),
    run: (_input, context) => hostCertificate(context),
  }),
  fleetRoute({
    name: 'BootstrapFleetTerminal',
    method: 'POST',
    path: '/fleet/terminals/{serial}/bootstrap',
    summary:
      'Make a terminal its KEK, in a key token (TR-34) for the certificate that bears its serial number',
    to: LOADERS,
    params: { serial: SERIAL },
    body: { certificate: CERTIFICATE, authority: KEY, exportToken: TEXT, randomNonce: NONCE },
    answer: objectOf({ terminal: TERMINAL, keyToken: TEXT }),
    run: (input: Bootstrap, context) => bootstrapTerminal(input, context),
  }),
  fleetRoute({
    name: 'ConfirmFleetKek',
    method: 'POST',
    path: '/fleet/terminals/{serial}/kek/confirm',
    summary: 'Compare the check value that a terminal shows of its KEK; another one puts it into quarantine',
    to: LOADERS,
    params: { serial: SERIAL },
    body: { checkValue: CHECK_VALUE },
    answer: TERMINAL,
    run: (input: { serial: string; checkValue: string }, context) => confirmKek(input, context),
  }),
  fleetRoute({
    name: 'ReleaseFleetTerminal',
    method: 'POST',
    path: '/fleet/terminals/{serial}/release',
    summary: 'End the quarantine of a terminal',
    to: MANAGERS,
    params: { serial: SERIAL },
    answer: TERMINAL,
    run: ({ serial }: { serial: string }, context) => releaseTerminal(serial, context),
  }),
  fleetRoute({
    name: 'DecommissionFleetTerminal',
    method: 'POST',
    path: '/fleet/terminals/{serial}/decommission',
    summary: 'Take a terminal out of service for good; its KEK is switched off and scheduled for deletion',
    to: MANAGERS,
    params: { serial: SERIAL },
    body: { reason: REASON },
    answer: TERMINAL,
    run: (input: { serial: string; reason: string }, context) => decommissionTerminal(input, context),
  }),
  fleetRoute({
    name: 'ListFleetIncidents',
    method: 'GET',
    path: '/fleet/incidents',
    summary:
      'What should not have happened: unknown serial numbers, keys and proofs that did not fit, stale leases',
    to: READERS,
    query: { maxResults: MAX_RESULTS },
    optional: ['maxResults'],
    answer: objectOf({ incidents: listOf(INCIDENT) }),
    run: (input: { maxResults?: string }, context) => listIncidents(withNumber(input), context),
  }),
];
