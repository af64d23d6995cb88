/**
 * Matches a text against a pattern in which `*` stands for any characters and `?` for one, as IAM policies have them. Takes time
 * in proportion to both lengths at most, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  /** After the latest `*`, and where in the text what follows it was last tried. */
  let [resume, tried] = [-1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      [resume, tried] = [p + 1, t];
      p = resume;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (resume >= 0) {
      tried += 1;
      [p, t] = [resume, tried];
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
