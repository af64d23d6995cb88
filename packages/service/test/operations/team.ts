import { addMember } from '../../src/operations/approval/members.ts';
import { createTeam } from '../../src/operations/approval/teams.ts';
import type { Service } from './service.ts';

/** What associates the team of `addTeam`. */
export const MPA = {
  Action: 'IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE',
  MpaTeamArn: 'arn:aws:mpa:us-east-2:111122223333:approval-team/roots',
  RequesterComment: 'as agreed',
} as const;

const PEOPLE = ['alice', 'bob', 'carol'];

/** A team of three people, of whom two must approve. */
export async function addTeam({ context }: Service): Promise<void> {
  for (const name of PEOPLE) await addMember({ name }, context);
  await createTeam({ name: 'roots', members: PEOPLE, threshold: 2 }, context);
}
