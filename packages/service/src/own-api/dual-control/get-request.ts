import { notFound } from '../../api/exceptions.ts';
import { findRequest } from '../../dual-control/decide.ts';
import { type ClosedRoute, EVERY_PERSON } from '../route.ts';
import { REQUEST, REQUEST_ID, requestAnswer } from './request-answer.ts';

export const getRequest: ClosedRoute = {
  name: 'GetRequest',
  method: 'GET',
  path: '/requests/{id}',
  tag: 'Dual control',
  summary: 'One request: exactly what will happen when it is approved and repeated',
  to: [...EVERY_PERSON, 'machine'],
  params: { id: REQUEST_ID },
  answer: REQUEST,
  async run({ id }: { readonly id: string }, context) {
    const request = await findRequest(id, context);
    const { kind, arn } = context.principal;
    if (kind === 'machine' && request.group !== arn) throw notFound(id);
    return requestAnswer(request, context.now());
  },
};
