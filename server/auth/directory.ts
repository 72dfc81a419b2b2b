import type { AgentId, PersonId, TeamId } from '@/lib/domain/ids';
import type { Clock } from '@/server/engine/ports/clock';
import type { Directory } from '@/server/engine/ports/directory';
import type { Log } from '@/server/engine/ports/log';
import { AgentKeys } from './agent-keys';
import { AgentRegister } from './agent-register';
import { AwayRegister } from './away-register';
import { Links } from './links';
import { PeopleNow } from './people-now';
import { PeopleRegister } from './people-register';
import { recordOfSignIn } from './person-record';
import { PersonSettings } from './person-settings';
import { PersonTokens } from './person-tokens';
import type { MemoryRoster } from './roster';
import type { AuthDatabase } from './tables';
import { TeamRegister } from './team-register';
import { TokenRegister } from './token-register';
import { UseNotes } from './use-notes';

interface Parts {
  readonly database: AuthDatabase;
  readonly roster: MemoryRoster;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isTeamUsed: (id: TeamId) => string | null;
  readonly readSignIn: (headers: Headers) => Promise<unknown>;
  readonly listen: (listener: (id: PersonId) => void) => void;
}

export interface OpenDirectory {
  readonly directory: Directory;
  readonly now: PeopleNow;
  readonly links: Links;
  readonly agents: AgentRegister;
  readonly drain: () => Promise<void>;
}

/** The registers behind one port. */
export function openDirectory(parts: Parts): OpenDirectory {
  const { database, roster, clock } = parts;
  const now = new PeopleNow(database, roster, clock);
  const agents = openAgents(parts);
  const people = openPeople(parts, now);
  const links = new Links({ ...parts, ended: people.forgetTokens });
  const teams = new TeamRegister(parts);
  const away = new AwayRegister(parts);
  const settings = new PersonSettings(database.db);

  const directory: Directory = {
    ...agents.methods,
    ...people.methods,
    personOf: async (headers) => {
      const record = headers.has('cookie') ? recordOfSignIn(await parts.readSignIn(headers)) : null;
      return record === null ? null : now.person(record);
    },
    invite: (person, order) => links.invite(person, order),
    withdrawInvitation: (person, id) => links.withdrawInvitation(person, id),
    resetLink: (person, id, tokens) => links.reset(person, id, tokens),
    colleagues: (person) => teams.colleagues(person),
    teams: (person) => teams.list(person),
    createTeam: (person, order) => teams.create(person, order),
    renameTeam: (person, id, name) => teams.rename(person, id, name),
    removeTeam: (person, id) => teams.remove(person, id),
    setTeamMembers: (person, id, members) => teams.setMembers(person, id, members),
    away: (person) => away.own(person),
    setAway: (person, order) => away.setOwn(person, order),
    setAwayOf: (person, id, order) => away.setOf(person, id, order),
    setting: (person, kind) => settings.read(person, kind),
    saveSetting: (person, kind, body) => settings.save(person, kind, body),
    onPersonChanged: parts.listen,
  };
  const drain = async (): Promise<void> => {
    await Promise.all([agents.drain(), people.drain()]);
  };
  return { directory, now, links, agents: agents.register, drain };
}

type AgentMethods = Pick<
  Directory,
  'agentOf' | 'identify' | 'agents' | 'createAgent' | 'setAgentOwner' | 'revokeAgent'
>;

function openAgents(parts: Parts): {
  readonly register: AgentRegister;
  readonly methods: AgentMethods;
  readonly drain: () => Promise<void>;
} {
  const { db } = parts.database;
  const write = (id: AgentId, at: number): Promise<unknown> =>
    db.updateTable('auth_agent').set({ last_used_at: at }).where('id', '=', id).execute();
  const uses = new UseNotes({ ...parts, write });
  const keys = new AgentKeys(db, parts.clock, uses);
  const register = new AgentRegister({ ...parts, keys, uses });
  const methods: AgentMethods = {
    agentOf: (key) => keys.agentOf(key),
    identify: (id) => keys.identify(id),
    agents: (person) => register.list(person),
    createAgent: (person, order) => register.create(person, order),
    setAgentOwner: (person, id, owner) => register.setOwner(person, id, owner),
    revokeAgent: (person, id) => register.revoke(person, id),
  };
  return { register, methods, drain: () => uses.drain() };
}

type PeopleMethods = Pick<
  Directory,
  'people' | 'setRole' | 'disable' | 'enable' | 'personOfToken' | 'tokens' | 'createToken' | 'revokeToken'
>;

function openPeople(
  parts: Parts,
  now: PeopleNow,
): { readonly methods: PeopleMethods; readonly forgetTokens: () => void; readonly drain: () => Promise<void> } {
  const { db } = parts.database;
  const write = (id: string, at: number): Promise<unknown> =>
    db.updateTable('auth_token').set({ last_used_at: at }).where('id', '=', id).execute();
  const uses = new UseNotes({ ...parts, write });
  const verified = new PersonTokens({ ...parts, db, now, uses });
  const tokens = new TokenRegister({ ...parts, verified, uses });
  const people = new PeopleRegister({ ...parts, ended: () => verified.forget() });
  const methods: PeopleMethods = {
    people: (person) => people.list(person),
    setRole: (person, id, role) => people.setRole(person, id, role),
    disable: (person, id) => people.disable(person, id),
    enable: (person, id) => people.enable(person, id),
    personOfToken: (token) => verified.personOf(token),
    tokens: (person) => tokens.list(person),
    createToken: (person, order) => tokens.create(person, order),
    revokeToken: (person, id) => tokens.revoke(person, id),
  };
  return { methods, forgetTokens: () => verified.forget(), drain: () => uses.drain() };
}
