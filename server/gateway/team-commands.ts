import { done } from '@/lib/domain/refusal';
import type { Directory } from '@/server/engine/ports/directory';
import type { Handlers } from './commands';

type TeamCommand = `teams.${'list' | 'create' | 'rename' | 'set_members' | 'remove'}`;

export function teamHandlers(directory: Directory): Pick<Handlers, TeamCommand> {
  return {
    'teams.list': async (guest) => {
      const teams = await directory.teams(guest.person);
      return teams.ok ? done({ teams: teams.value }) : teams;
    },
    'teams.create': (guest, { teamId, name }) => directory.createTeam(guest.person, { id: teamId, name }),
    'teams.rename': (guest, { teamId, name }) => directory.renameTeam(guest.person, teamId, name),
    'teams.set_members': (guest, { teamId, members }) => directory.setTeamMembers(guest.person, teamId, members),
    'teams.remove': (guest, { teamId }) => directory.removeTeam(guest.person, teamId),
  };
}
