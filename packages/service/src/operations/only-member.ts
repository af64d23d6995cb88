import { invalid } from '../api/exceptions.ts';

/** The name of the one member of a union that is given. */
export function onlyMember<Union extends object>(title: string, union: Union): keyof Union & string {
  const members = Object.keys(union) as (keyof Union & string)[];
  const given = members.filter((member) => union[member] !== undefined);
  if (given.length === 1) return given[0]!;
  const found = given.length === 0 ? 'none' : given.join(' and ');
  throw invalid(`${title} must have exactly one member, it has ${found}.`);
}
