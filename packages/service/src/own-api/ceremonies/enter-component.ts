import { type EnteredComponent, enterComponent } from '../../ceremony/component.ts';
import type { ClosedRoute } from '../route.ts';
import { objectOf, TEXT } from '../schemas.ts';
import { BAG_SERIAL, CEREMONY_ID, CHECK_VALUE, ceremonyContext, tag } from './answers.ts';

export const enterComponentRoute: ClosedRoute = {
  name: 'EnterComponent',
  method: 'POST',
  path: '/ceremonies/{ceremonyId}/component',
  tag,
  summary: "Enter one's own component; its check value is the answer",
  to: ['custodian'],
  params: { ceremonyId: CEREMONY_ID },
  body: {
    component: { type: 'string', maxLength: 64, format: 'password' },
    checkValue: CHECK_VALUE,
    bagSerial: BAG_SERIAL,
  },
  optional: ['checkValue'],
  answer: objectOf({ number: { type: 'integer' }, checkValue: TEXT }),
  async run({ ceremonyId, ...input }: EnteredComponent & { readonly ceremonyId: string }, context) {
    const { number, checkValue } = await enterComponent(ceremonyId, input, ceremonyContext(context));
    return { number, checkValue };
  },
};
