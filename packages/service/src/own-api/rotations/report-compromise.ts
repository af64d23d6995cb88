import { stopKeyUsage } from '../../operations/control/stop-key-usage.ts';
import { keyArn, resolveKey } from '../../operations/key-identifier.ts';
import { type BlastRadius, findBlastRadius } from '../../rotation/blast-radius.ts';
import type { TransferRecord } from '../../store/records/transfer.ts';
import type { ClosedRoute, OwnContext } from '../route.ts';
import { isoTime, listOf, objectOf, TEXT, TIME } from '../schemas.ts';
import { KEY_IDENTIFIER, rotationContext, tag } from './answers.ts';

const HOLDER = objectOf(
  { direction: { enum: ['IN', 'OUT'] }, way: TEXT, counterpart: TEXT, party: TEXT, firstAt: TIME },
  ['party'],
);
const KEY = objectOf(
  {
    keyArn: TEXT,
    usage: TEXT,
    checkValue: TEXT,
    state: TEXT,
    aliases: listOf(TEXT),
    under: TEXT,
    holders: listOf(HOLDER),
  },
  ['under'],
);
const TERMINAL = objectOf({ keySerialNumber: TEXT, baseKeyArn: TEXT, under: TEXT });

function holderAnswer({ direction, way, counterpart, party, firstAt }: TransferRecord): object {
  return { direction, way, counterpart, ...(party !== undefined && { party }), firstAt: isoTime(firstAt) };
}

function radiusAnswer({ keys, terminals }: BlastRadius, { account, region }: OwnContext): object {
  const arn = (keyId: string) => keyArn(account, region, keyId);
  return {
    keys: keys.map(({ key, aliases, under, holders }) => ({
      keyArn: arn(key.keyId),
      usage: key.attributes.KeyUsage,
      checkValue: key.checkValue,
      state: key.state,
      aliases,
      ...(under !== undefined && { under: arn(under) }),
      holders: holders.map(holderAnswer),
    })),
    terminals: terminals.map(({ ksn, baseKeyId, under }) => ({
      keySerialNumber: ksn,
      baseKeyArn: arn(baseKeyId),
      under,
    })),
  };
}

export const reportCompromise: ClosedRoute = {
  name: 'ReportCompromise',
  method: 'POST',
  path: '/compromises',
  tag,
  summary: 'What somebody can have who has a key; the key is disabled, unless it is only asked',
  to: ['key-manager', 'operator'],
  body: { keyIdentifier: KEY_IDENTIFIER, disable: { type: 'boolean' } },
  answer: objectOf({ keys: listOf(KEY), terminals: listOf(TERMINAL) }),
  async run(
    { keyIdentifier, disable }: { readonly keyIdentifier: string; readonly disable: boolean },
    context,
  ) {
    const own = rotationContext(context);
    const { keyId, state } = await resolveKey(keyIdentifier, own);
    if (disable && state === 'CREATE_COMPLETE') {
      const KeyIdentifier = keyArn(context.account, context.region, keyId);
      await stopKeyUsage({ KeyIdentifier }, { ...own, action: 'StopKeyUsage' });
    }
    return radiusAnswer(await findBlastRadius(keyIdentifier, own), context);
  },
};
