import type { ClosedRoute } from '../route.ts';
import { abortCeremonyRoute } from './abort-ceremony.ts';
import { completeReceiveRoute } from './complete-receive.ts';
import { completeSendRoute } from './complete-send.ts';
import { enterComponentRoute } from './enter-component.ts';
import { getCeremony } from './get-ceremony.ts';
import { listCeremonies } from './list-ceremonies.ts';
import { openReceiveRoute } from './open-receive.ts';
import { openSendRoute } from './open-send.ts';
import { printComponentRoute } from './print-component.ts';

export const ceremonyRoutes: readonly ClosedRoute[] = [
  listCeremonies,
  getCeremony,
  openReceiveRoute,
  openSendRoute,
  enterComponentRoute,
  printComponentRoute,
  completeReceiveRoute,
  completeSendRoute,
  abortCeremonyRoute,
];
