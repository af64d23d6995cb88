/** One element of IBM's optional block 10. */
export interface IbmElement {
  tag: string;
  data: string;
}

/** Tags of elements as IBM's CCA documentation names them. */
export const IBM_ELEMENTS: Readonly<Record<string, string>> = {
  '01': 'CCA control vector',
  '02': 'internal X9 key block controls',
};

const MAGIC = 'IBMC';

/** Reads elements of tag, length in hexadecimal of the whole element, and data; `undefined` when they are malformed. */
export function readIbmElements(data: string): IbmElement[] | undefined {
  if (!data.startsWith(MAGIC)) return undefined;
  const elements: IbmElement[] = [];
  for (let position = MAGIC.length; position < data.length; ) {
    const [, tag, digits] = /^(..)([0-9A-F]{2})/.exec(data.slice(position)) ?? [];
    const end = position + Number.parseInt(digits ?? '0', 16);
    if (tag === undefined || end < position + 4 || end > data.length) return undefined;
    elements.push({ tag, data: data.slice(position + 4, end) });
    position = end;
  }
  return elements;
}
