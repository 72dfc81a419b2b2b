import type { PersonId, TeamId } from '@/lib/domain/ids';
import {
  type PersonPreferences,
  personChannels,
  type Preferences,
  type Channel,
  type TeamPreferences,
  teamChannels,
  usualPersonPreferences,
  usualTeamPreferences,
} from '@/lib/domain/notice';
import { preferenceProblem } from '@/lib/domain/notice/preference-problem';
import type { NotifyDb } from './tables';

/** What people and teams want to be told; read once and kept in memory, for every notice asks. */
export class PreferenceStore {
  private readonly people = new Map<string, PersonPreferences>();
  private readonly teams = new Map<string, TeamPreferences>();

  constructor(private readonly db: NotifyDb) {}

  async load(): Promise<void> {
    for (const { owner, body } of await this.db.selectFrom('hp_notice_preference').selectAll().execute()) {
      if (owner.startsWith('team:')) keep(this.teams, owner.slice(5), readPreferences(body, teamChannels));
      else keep(this.people, owner, readPreferences(body, personChannels));
    }
  }

  ofPerson(id: PersonId): PersonPreferences {
    return this.people.get(id) ?? usualPersonPreferences;
  }

  ofTeam(id: TeamId): TeamPreferences {
    return this.teams.get(id) ?? usualTeamPreferences;
  }

  async savePerson(id: PersonId, preferences: PersonPreferences, at: number): Promise<void> {
    await this.save(id, preferences, at);
    this.people.set(id, preferences);
  }

  async saveTeam(id: TeamId, preferences: TeamPreferences, at: number): Promise<void> {
    await this.save(`team:${id}`, preferences, at);
    this.teams.set(id, preferences);
  }

  private async save(
    owner: string,
    preferences: Preferences<Channel> | PersonPreferences | TeamPreferences,
    at: number,
  ): Promise<void> {
    const row = { body: JSON.stringify(preferences), saved_at: at };
    await this.db
      .insertInto('hp_notice_preference')
      .values({ owner, ...row })
      .onConflict((conflict) => conflict.column('owner').doUpdateSet(row))
      .execute();
  }
}

function keep<T>(map: Map<string, T>, owner: string, value: T | null): void {
  if (value !== null) map.set(owner, value);
}

/** What an older Holdpoint wrote and this one cannot use counts as not said. */
function readPreferences<C extends Channel>(body: string, channels: readonly C[]): Preferences<C> | null {
  try {
    const value = JSON.parse(body) as Preferences<C>;
    return preferenceProblem(value, channels) === null ? value : null;
  } catch {
    return null;
  }
}
