/** Numbers of places that a list in a statement may have, so that few different statements are ever prepared. */
const SIZES = [1, 10, 100, 1000];

/** A list for `IN`, filled up with its last value. */
export function inList(values: readonly string[]): { places: string; values: string[] } {
  const size = SIZES.find((places) => places >= values.length) ?? values.length;
  const filled = [...values, ...Array(size - values.length).fill(values.at(-1) ?? '')];
  return { places: filled.map(() => '?').join(', '), values: filled };
}
