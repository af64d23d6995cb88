import { approvalRoutes } from './approvals/routes.ts';
import { ceremonyRoutes } from './ceremonies/routes.ts';
import { custodyRoutes } from './custody/routes.ts';
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
  ...approvalRoutes,
  ...ceremonyRoutes,
  ...rotationRoutes,
  ...fleetRoutes,
  ...custodyRoutes,
];
