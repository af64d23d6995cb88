import { printComponent } from '../../ceremony/component.ts';
import type { ClosedRoute } from '../route.ts';
import { objectOf, TEXT } from '../schemas.ts';
import { BAG_SERIAL, CEREMONY_ID, ceremonyContext, tag } from './answers.ts';

export const printComponentRoute: ClosedRoute = {
  name: 'PrintComponent',
  method: 'POST',
  path: '/ceremonies/{ceremonyId}/sheet',
  tag,
  summary: "Take one's own component for its sheet: once, no copy is kept",
  to: ['custodian'],
  params: { ceremonyId: CEREMONY_ID },
  body: { bagSerial: BAG_SERIAL },
  answer: objectOf({
    number: { type: 'integer' },
    of: { type: 'integer' },
    component: { type: 'string', format: 'password' },
    checkValue: TEXT,
    keyCheckValue: TEXT,
  }),
  run({ ceremonyId, bagSerial }: { readonly ceremonyId: string; readonly bagSerial: string }, context) {
    return printComponent(ceremonyId, { bagSerial }, ceremonyContext(context));
  },
};
