import { createAccessKeyRoute } from './access-keys/create-access-key.ts';
import { deactivateAccessKey } from './access-keys/deactivate.ts';
import { listAccessKeys } from './access-keys/list-access-keys.ts';
import { putAccessKeyPolicy } from './access-keys/put-policy.ts';
import { approvalRoutes } from './approvals/routes.ts';
import { ceremonyRoutes } from './ceremonies/routes.ts';
import { custodyRoutes } from './custody/routes.ts';
import { changeDualControl } from './dual-control/change.ts';
import { approveRequest, denyRequest } from './dual-control/decisions.ts';
import { disableDualControl } from './dual-control/disable.ts';
import { enableDualControl } from './dual-control/enable.ts';
import { getDualControl } from './dual-control/get-policy.ts';
import { getRequest } from './dual-control/get-request.ts';
import { listRequests } from './dual-control/list-requests.ts';
import { fleetRoutes } from './fleet/index.ts';
import { changeRoles } from './people/change-roles.ts';
import { createPerson } from './people/create-person.ts';
import { disablePerson } from './people/disable-person.ts';
import { enrolRoute } from './people/enrol.ts';
import { getPerson } from './people/get-person.ts';
import { listPeople } from './people/list-people.ts';
import { resetPerson } from './people/reset-person.ts';
import { rotationRoutes } from './rotations/routes.ts';
import type { OwnRoute } from './route.ts';
import { changePasswordRoute } from './sessions/change-password.ts';
import { signInRoute } from './sessions/sign-in.ts';
import { signOut } from './sessions/sign-out.ts';
import { whoAmI } from './sessions/who-am-i.ts';

/** Every route of the service's own interface. */
export const ownRoutes: readonly OwnRoute[] = [
  signInRoute,
  signOut,
  whoAmI,
  changePasswordRoute,
  enrolRoute,
  listPeople,
  createPerson,
  getPerson,
  changeRoles,
  resetPerson,
  disablePerson,
  listAccessKeys,
  createAccessKeyRoute,
  putAccessKeyPolicy,
  deactivateAccessKey,
  getDualControl,
  enableDualControl,
  changeDualControl,
  disableDualControl,
  listRequests,
  getRequest,
  approveRequest,
  denyRequest,
  ...approvalRoutes,
  ...ceremonyRoutes,
  ...rotationRoutes,
  ...fleetRoutes,
  ...custodyRoutes,
];
