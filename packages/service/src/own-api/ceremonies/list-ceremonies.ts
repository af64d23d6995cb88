import type { ClosedRoute } from '../route.ts';
import { listOf, objectOf } from '../schemas.ts';
import { CEREMONY, ceremonyAnswer, tag } from './answers.ts';

export const listCeremonies: ClosedRoute = {
  name: 'ListCeremonies',
  method: 'GET',
  path: '/ceremonies',
  tag,
  summary: 'The ceremonies of the region, the newest first; a custodian sees those that he takes part in',
  to: ['key-manager', 'custodian', 'administrator', 'approver', 'auditor'],
  answer: objectOf({ ceremonies: listOf(CEREMONY) }),
  async run(_input, context) {
    const { store, region, principal } = context;
    const all = await store.listCeremonies(region);
    const only = principal.roles.every((role) => role === 'custodian');
    const ceremonies: object[] = [];
    for (const ceremony of all) {
      const components = only ? await store.listComponents(region, ceremony.ceremonyId) : [];
      if (only && !components.some(({ custodian }) => custodian === principal.name)) continue;
      ceremonies.push(await ceremonyAnswer(ceremony, context));
    }
    return { ceremonies };
  },
};
