import type { Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Result, refuse } from '@/lib/domain/refusal';
import {
  isWithin,
  notNarrowed,
  noMoods,
  saysText,
  type SessionCounts,
  type SessionNarrowing,
  type SessionPicks,
  type WaitingMood,
} from '@/lib/domain/session-query';
import type { SessionSummary } from '@/lib/domain/summary';
import { moodOf } from '@/lib/domain/timeline/verdict-words';
import type { EngineParts } from './parts';
import type { SessionQuery } from './ports/store';
import { databaseAway } from './request-desk';

/** The list of sessions: the past is the store's to find, who waits for whom is judged over all that live. */
export class SessionsDesk {
  constructor(private readonly parts: Pick<EngineParts, 'store' | 'clock' | 'log' | 'summaries'>) {}

  list(person: Person, query: SessionQuery): Promise<Result<readonly SessionSummary[]>> {
    return this.read(person, () => {
      const { moods } = query.narrow ?? notNarrowed;
      return moods.length === 0 ? this.parts.store.sessions(query) : this.waiting(query);
    });
  }

  counts(person: Person, query: Pick<SessionQuery, 'search' | 'narrow'>): Promise<Result<SessionCounts>> {
    const bounds = { ...(query.narrow ?? notNarrowed), moods: [], ends: [] };
    return this.read(person, async () => {
      const now = this.parts.clock.now();
      const live = (await this.live(query.search, bounds)).filter(({ session }) => session.state !== 'ended');
      const moods: { [M in WaitingMood]: number } = { ...noMoods };
      for (const summary of live) {
        const mood = moodOf(summary, now);
        if (mood !== 'ending' && mood !== 'ended') moods[mood] += 1;
      }
      const ends = await this.parts.store.sessionEnds({ search: query.search, narrow: bounds });
      return { live: live.length, moods, ends };
    });
  }

  picks(person: Person): Promise<Result<SessionPicks>> {
    return this.read(person, () => this.parts.store.sessionPicks());
  }

  /** A page of those that wait so now, latest start first. */
  private async waiting({ search, before, limit, live, narrow }: SessionQuery): Promise<readonly SessionSummary[]> {
    if (live === false) return [];
    const found = await this.live(search, narrow ?? notNarrowed);
    return found
      .filter(({ session }) => before === null || comparePlaces(session, before) > 0)
      .sort((a, b) => comparePlaces(a.session, b.session))
      .slice(0, Math.max(0, limit));
  }

  private async live(search: string | null, bounds: SessionNarrowing): Promise<readonly SessionSummary[]> {
    const now = this.parts.clock.now();
    const all = await this.parts.summaries.all();
    return all.filter((summary) => isWithin(summary, bounds, now) && saysText(summary, search ?? ''));
  }

  private async read<T>(person: Person, run: () => Promise<T>): Promise<Result<T>> {
    const why = whyNot(person.role, 'session.read');
    if (why !== null) return refuse('forbidden', why);
    try {
      return done(await run());
    } catch (error) {
      return databaseAway(this.parts, error);
    }
  }
}

type Place = Pick<SessionSummary['session'], 'startedAt' | 'sessionId'>;

/** Negative when `a` comes first. */
function comparePlaces(a: Place, b: Place): number {
  return b.startedAt - a.startedAt || (a.sessionId === b.sessionId ? 0 : a.sessionId > b.sessionId ? -1 : 1);
}
