import type { DerElement } from './der-reader.ts';
import { compareEncodings, sequence, set, TAG } from './der-writer.ts';
import { ElementReader } from './element-reader.ts';
import { Tr34Error } from './error.ts';
import type { Tr34Form } from './form.ts';
import { nameObject, type ObjectName, objectIdentifier } from './object-identifier.ts';

/** An attribute with one value, which is in DER (RFC 5652, section 5.3). */
export function attribute(type: ObjectName, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(type), set(value));
}

/** The attributes as they are signed: a SET. Only the form of CMS has them in DER's order. */
export function attributeSet(form: Tr34Form, attributes: readonly Uint8Array[]): Uint8Array {
  return set(...(form === 'X9_TR34_2012' ? attributes : attributes.toSorted(compareEncodings)));
}

/** The same attributes with another tag: SET where they are signed, [0] where they stand in a token. */
export function retag(attributes: Uint8Array, tag: number): Uint8Array {
  const retagged = Uint8Array.from(attributes);
  retagged[0] = tag;
  return retagged;
}

/** Reads an attribute, which must have one value. */
export function readAttribute(element: DerElement): { type: ObjectName | undefined; value: DerElement } {
  const fields = ElementReader.ofSequence(element, 'attribute');
  const type = nameObject(fields.take(TAG.OBJECT_IDENTIFIER, 'an object identifier'));
  const values = fields.take(TAG.SET, 'the set of values');
  fields.finish();
  const [value, second] = values.children;
  if (value !== undefined && second === undefined) return { type, value };
  const message = `attribute, position ${values.position}: one value expected, got ${values.children.length}`;
  throw new Tr34Error('STRUCTURE', message);
}

/** Signed attributes. Their order is kept, since the signature is over them as they stand. */
export class SignedAttributes {
  /** The attributes as they are signed: a SET. */
  readonly encoded: Uint8Array;
  readonly #values = new Map<ObjectName, DerElement>();

  /** @throws Tr34Error `STRUCTURE`; attributes that TR-34 does not know are passed over */
  constructor(element: DerElement) {
    this.encoded = retag(element.encoded, TAG.SET);
    for (const child of element.children) {
      const { type, value } = readAttribute(child);
      if (type === undefined) continue;
      if (this.#values.has(type)) {
        throw new Tr34Error(
          'STRUCTURE',
          `signed attributes, position ${child.position}: ${type} is there twice`,
        );
      }
      this.#values.set(type, value);
    }
  }

  /** The value of an attribute, which must have this tag; `undefined` when the attribute is not there. */
  get(type: ObjectName, tag: number): DerElement | undefined {
    const value = this.#values.get(type);
    if (value === undefined || value.tag === tag) return value;
    throw new Tr34Error(
      'STRUCTURE',
      `signed attribute ${type}, position ${value.position}, has a value of another type`,
    );
  }

  /** The value of an attribute, whatever its tag. */
  find(type: ObjectName): DerElement | undefined {
    return this.#values.get(type);
  }
}

/** Signed attributes as they stand in a SignerInfo. */
export function taggedAttributes(attributes: Uint8Array): Uint8Array {
  return retag(attributes, TAG.CONTEXT_0);
}
