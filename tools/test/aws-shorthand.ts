/** Reads the AWS CLI's shorthand: `A=b,C={D=true,E=f}`. The words true and false are booleans. */
export function parseShorthand(text: string): Record<string, unknown> {
  const [value, rest] = parseFields(text);
  if (rest !== '') throw new Error(`shorthand ends before ${rest}`);
  return value;
}

function parseFields(text: string): [Record<string, unknown>, string] {
  const fields: Record<string, unknown> = {};
  let rest = text;
  for (;;) {
    const [start, name] = /^(\w+)=/.exec(rest) ?? [];
    if (start === undefined) throw new Error(`shorthand expects name= before ${rest}`);
    [fields[name!], rest] = parseField(rest.slice(start.length));
    if (!rest.startsWith(',')) return [fields, rest];
    rest = rest.slice(1);
  }
}

function parseField(text: string): [unknown, string] {
  if (text.startsWith('{')) {
    const [value, rest] = parseFields(text.slice(1));
    if (!rest.startsWith('}')) throw new Error('shorthand lacks a closing brace');
    return [value, rest.slice(1)];
  }
  const word = /^[^,}]*/.exec(text)![0];
  const value = word === 'true' || word === 'false' ? word === 'true' : word;
  return [value, text.slice(word.length)];
}
