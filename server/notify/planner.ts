import { decideNotices, type NoticeDecision, personChannels } from '@/lib/domain/notice';
import { audienceOf, type NoticeAudience, type NoticeCause, watchersOf } from '@/lib/domain/notice/recipients';
import { isCallOver } from './call-over';
import { callContentOf, contentOf, type NoticeContent } from './content/content';
import type { NewDelivery } from './delivery';
import type { EndpointStore } from './endpoint-store';
import type { NoticeStore } from './notice-store';
import type { CallOccasion, Occasion, RequestOccasion } from './occasions';
import type { NoticeSubject, NotifyPorts } from './ports';
import type { PreferenceStore } from './preference-store';

export interface PlannerParts {
  readonly ports: NotifyPorts;
  readonly store: NoticeStore;
  readonly preferences: PreferenceStore;
  readonly endpoints: EndpointStore;
  readonly mail: 'mail' | 'no-mail';
}

/** Decides for each occasion who is told, where and when, and writes it down before anything is sent. */
export class Planner {
  constructor(private readonly parts: PlannerParts) {}

  /** Resolves with how many deliveries are new. Throws while the database is away. */
  async plan(occasion: Occasion): Promise<number> {
    return 'alarm' in occasion ? this.planCall(occasion) : this.planRequest(occasion);
  }

  private async planCall({ about, occurrence, alarm }: CallOccasion): Promise<number> {
    const { ports, store } = this.parts;
    const now = ports.clock.now();
    if (await store.has(about, alarm.kind, occurrence)) return 0;
    const subject = await ports.callOf(alarm.callId);
    if (subject === null) return 0;
    const content = callContentOf(alarm, subject);
    if (isCallOver(content, subject)) return 0;
    const audience = watchersOf(subject, { roster: ports.roster(), now });
    const base = { about, kind: alarm.kind, occurrence, content };
    const news = [...this.toPeople(base, audience, now), ...this.toEndpoints(base, audience, now)];
    return news.length === 0 ? 0 : store.add(news, now, null);
  }

  private async planRequest(occasion: RequestOccasion): Promise<number> {
    const { ports, store } = this.parts;
    const { requestId, cause, occurrence, unless, at } = occasion;
    const now = ports.clock.now();
    const known =
      unless === 'told-any'
        ? await store.hasAny(requestId, cause.kind)
        : await store.has(requestId, cause.kind, occurrence);
    const subject = known ? null : await ports.requestOf(requestId);
    const news = subject === null ? [] : this.deliveries(occasion, subject, now);
    return news.length === 0 && at === null ? 0 : store.add(news, now, at);
  }

  private deliveries(occasion: RequestOccasion, subject: NoticeSubject, now: number): readonly NewDelivery[] {
    const { requestId, occurrence, by } = occasion;
    const cause: NoticeCause =
      occasion.cause.kind === 'undelivered' ? { ...occasion.cause, answeredBy: subject.answeredBy } : occasion.cause;
    if (isMoot(cause, subject)) return [];
    const roster = this.parts.ports.roster();
    const audience = audienceOf(cause, subject, { roster, now, except: by?.id ?? null });
    const team = cause.kind === 'escalated' ? cause.team.name : null;
    const content = contentOf(cause.kind, subject, { by: by?.name ?? null, team });
    const base = { about: requestId, kind: cause.kind, occurrence, content };
    return [...this.toPeople(base, audience, now), ...this.toEndpoints(base, audience, now)];
  }

  private toPeople(base: Base, { people }: NoticeAudience, now: number): readonly NewDelivery[] {
    const channels = personChannels.filter((channel) => channel !== 'email' || this.parts.mail === 'mail');
    return people.flatMap(({ id }) => {
      const decided = decideNotices(base.kind, this.parts.preferences.ofPerson(id), now);
      return channels
        .filter(
          (channel) => channel !== 'desktop' || decided.desktop.send !== 'now' || this.parts.ports.isAtBrowser(id),
        )
        .flatMap((channel) => deliveryOf({ ...base, channel, recipient: id }, decided[channel], now));
    });
  }

  private toEndpoints(base: Base, { teams }: NoticeAudience, now: number): readonly NewDelivery[] {
    return this.parts.endpoints.all().flatMap(({ id, kind: channel, team, kinds, disabledAt }) => {
      const isTold = kinds.includes(base.kind) && disabledAt === null && (team === null || teams.includes(team));
      if (!isTold) return [];
      const decision: NoticeDecision =
        team === null ? { send: 'now' } : decideNotices(base.kind, this.parts.preferences.ofTeam(team), now)[channel];
      return deliveryOf({ ...base, channel, recipient: id }, decision, now);
    });
  }
}

interface Base extends Pick<NewDelivery, 'about' | 'kind' | 'occurrence'> {
  readonly content: NoticeContent;
}

/** What waited is over by the time it is looked at, or is none of people's business yet. */
function isMoot({ kind }: NoticeCause, { state, forModel }: NoticeSubject): boolean {
  const isOfWaiting = kind === 'opened' || kind === 'expiring' || kind === 'escalated' || kind === 'assigned';
  return forModel || (isOfWaiting && state !== 'open');
}

function deliveryOf(
  base: Omit<NewDelivery, 'gather' | 'nextAt'>,
  decision: NoticeDecision,
  now: number,
): readonly NewDelivery[] {
  switch (decision.send) {
    case 'never':
      return [];
    case 'now':
      return [{ ...base, gather: false, nextAt: now }];
    case 'digest':
    case 'quiet':
      return [{ ...base, gather: true, nextAt: decision.untilAt }];
  }
}
