/** Longer lines are cut, which leaves them no JSON: a key block has 9999 characters at most. */
const MAXIMUM_LINE = 1 << 20;

/** Splits text into lines, as many at a time as a chunk completes. Empty lines count, but not those at the end. */
export async function* splitLines(input: NodeJS.ReadableStream): AsyncGenerator<string[]> {
  let begun = '';
  let empty = 0;
  function withEmptyBefore(line: string): string[] {
    if (line.trim() === '') {
      empty += 1;
      return [];
    }
    const before = Array<string>(empty).fill('');
    empty = 0;
    return [...before, line];
  }

  input.setEncoding('utf8');
  for await (const chunk of input as AsyncIterable<string>) {
    const [first, ...others] = chunk.split('\n');
    const complete = [(begun + first).slice(0, MAXIMUM_LINE), ...others];
    begun = complete.pop()!;
    yield complete.flatMap(withEmptyBefore);
  }
  yield withEmptyBefore(begun);
}
