import type { ClosedRoute } from '../route.ts';
import { completeRotationRoute } from './complete-rotation.ts';
import { exportItemsRoute } from './export-items.ts';
import { getRotation } from './get-rotation.ts';
import { listRotationItems } from './list-items.ts';
import { listRotations } from './list-rotations.ts';
import { reportCompromise } from './report-compromise.ts';
import { rollBackRotationRoute } from './roll-back-rotation.ts';
import { startRotationRoute } from './start-rotation.ts';

export const rotationRoutes: readonly ClosedRoute[] = [
  startRotationRoute,
  listRotations,
  getRotation,
  listRotationItems,
  exportItemsRoute,
  completeRotationRoute,
  rollBackRotationRoute,
  reportCompromise,
];
