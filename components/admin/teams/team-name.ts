import { readTeamId, type TeamId } from '@/lib/domain/ids';

const longestId = 40;

/** A short name made of a team's name; empty when nothing of it can be used. */
export function suggestedId(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longestId)
    .replaceAll(/^-+|-+$/g, '');
}

export type TeamReading =
  | { readonly is: 'good'; readonly teamId: TeamId; readonly name: string }
  | { readonly is: 'bad'; readonly name: string | null; readonly teamId: string | null };

interface Known {
  readonly id: TeamId;
  readonly name: string;
}

/** What was typed for a new team, or what is wrong with each of the two, in words. */
export function readTeam(typed: { readonly name: string; readonly id: string }, teams: readonly Known[]): TeamReading {
  const name = typed.name.trim();
  const teamId = readTeamId(typed.id);
  const nameProblem = problemOfName(name, teams);
  const idProblem = problemOfId(teamId, teams);
  if (teamId !== null && nameProblem === null && idProblem === null) return { is: 'good', teamId, name };
  return { is: 'bad', name: nameProblem, teamId: idProblem };
}

/** Null when a team may be called so. */
export function problemOfName(name: string, others: readonly Known[]): string | null {
  if (name.trim() === '') return 'Give the team a name people will recognise.';
  const taken = others.some((team) => team.name.toLowerCase() === name.trim().toLowerCase());
  return taken ? `There is already a team called ${name.trim()}.` : null;
}

function problemOfId(id: TeamId | null, teams: readonly Known[]): string | null {
  if (id === null) return 'Use 1 to 40 lower-case letters, digits and dashes, such as payments.';
  return teams.some((team) => team.id === id) ? `There is already a team ${id}.` : null;
}
