import { conflict, invalid } from '../../api/exceptions.ts';
import { DuplicateRecordError } from '../../store/errors.ts';
import type { ApprovalTeamRecord } from '../../store/records/approval.ts';
import { teamArn } from './approval.ts';
import { checkMembers, type Fields, readName, readNames, readNumber } from './fields.ts';
import type { ApprovalContext } from './sessions.ts';

const MOST_MEMBERS = 20;

function teamAnswer(team: ApprovalTeamRecord, context: ApprovalContext): object {
  const { teamName: name, members, threshold } = team;
  return { teamArn: teamArn(name, context), name, members, threshold };
}

function readTeam(fields: Fields, { region, now }: ApprovalContext): ApprovalTeamRecord {
  checkMembers(fields, ['name', 'members', 'threshold']);
  const teamName = readName(fields.name, 'name');
  const members = readNames(fields.members, 'members');
  if (members.length > MOST_MEMBERS) throw invalid(`members must be at most ${MOST_MEMBERS}.`);
  const threshold = readNumber(fields.threshold, 'threshold', 1, members.length);
  return { region, teamName, members, threshold, createdAt: now() };
}

/** A team is made once and never changed, so that nobody can be added to outvote it. */
export async function createTeam(fields: Fields, context: ApprovalContext): Promise<object> {
  const { store } = context;
  const team = readTeam(fields, context);
  for (const member of team.members) {
    if ((await store.findAccessKeyOf(member)) === undefined) {
      throw invalid(`members has ${member}, who has no access key: add ${member} as a member first.`);
    }
  }
  try {
    await store.insertApprovalTeam(team);
  } catch (error) {
    if (error instanceof DuplicateRecordError) throw conflict(`There is a team ${team.teamName} already.`);
    throw error;
  }
  return teamAnswer(team, context);
}

export async function listTeams(_fields: Fields, context: ApprovalContext): Promise<object> {
  const teams = await context.store.listApprovalTeams(context.region);
  return { teams: teams.map((team) => teamAnswer(team, context)) };
}
