import { type PersonId, readId, type TeamId } from '@/lib/domain/ids';
import {
  type DeliveryRow,
  type EndpointRow,
  type NoticeKind,
  type PersonPreferences,
  personChannels,
  type TeamChannel,
  type TeamPreferences,
  teamChannels,
  teamKinds,
} from '@/lib/domain/notice';
import { preferenceProblem } from '@/lib/domain/notice/preference-problem';
import { type RosterPerson, type RosterTeam } from '@/lib/domain/notice/recipients';
import { actBy } from '@/lib/domain/act-by';
import type { AuditDraft } from '@/lib/domain/audit';
import { may, type Person } from '@/lib/domain/permission';
import { whyNot } from '@/lib/domain/why-not';
import { done, type Refusal, refuse, type Result } from '@/lib/domain/refusal';
import type { LocalAddresses } from './channel/local-addresses';
import { pathOf } from './content/content';
import { readEndpointUrl } from './channel/endpoint-url';
import type { Endpoint, EndpointStore } from './endpoint-store';
import type { LoggedDelivery, NoticeStore } from './notice-store';
import type { NotifyPorts } from './ports';
import type { PreferenceStore } from './preference-store';
import type { Sender } from './sender';
import { sendTest } from './test-message';

export interface NoticesParts {
  readonly ports: NotifyPorts;
  readonly store: NoticeStore;
  readonly preferences: PreferenceStore;
  readonly endpoints: EndpointStore;
  readonly sender: Sender;
  readonly local: LocalAddresses;
}

export interface OwnPreferences {
  readonly preferences: PersonPreferences;
  /** Where mail would go; null when no mail server is configured. */
  readonly email: string | null;
}

export interface EndpointOrder {
  readonly kind: TeamChannel;
  /** Null, of webhooks only: hears of every request. */
  readonly team: TeamId | null;
  readonly url: string;
  readonly kinds: readonly NoticeKind[];
}

export interface LogPage {
  readonly before: { readonly createdAt: number; readonly id: string } | null;
  readonly limit: number;
}

const mostEndpoints = 100;
const longestPage = 100;
const testEveryMs = 3_000;

/** What people may see and set of notices; every method checks what the person may do now (I11). */
export class Notices {
  private readonly testedAt = new Map<PersonId, number>();

  constructor(private readonly parts: NoticesParts) {}

  preferences(person: Person): Result<OwnPreferences> {
    const now = this.find(person);
    if (now === null) return refuse('not_signed_in');
    const { preferences, sender } = this.parts;
    return done({ preferences: preferences.ofPerson(now.id), email: sender.canMail ? now.email : null });
  }

  async savePreferences(person: Person, wanted: PersonPreferences): Promise<Result<OwnPreferences>> {
    if (this.find(person) === null) return refuse('not_signed_in');
    const problem = preferenceProblem(wanted, personChannels);
    if (problem !== null) return refuse('bad_input', problem);
    const { preferences, ports } = this.parts;
    const saved = await this.saving(() => preferences.savePerson(person.id, plain(wanted), ports.clock.now()));
    return saved ?? this.preferences(person);
  }

  teamPreferences(person: Person, id: TeamId): Result<TeamPreferences> {
    const refusal = this.refusalFor(person) ?? this.noTeam(id);
    return refusal ?? done(this.parts.preferences.ofTeam(id));
  }

  async saveTeamPreferences(person: Person, id: TeamId, wanted: TeamPreferences): Promise<Result<TeamPreferences>> {
    const refusal = this.refusalFor(person) ?? this.noTeam(id);
    if (refusal !== null) return refusal;
    const problem = preferenceProblem(wanted, teamChannels);
    if (problem !== null) return refuse('bad_input', problem);
    const { preferences, ports } = this.parts;
    const saved = await this.saving(() => preferences.saveTeam(id, plain(wanted), ports.clock.now()));
    return saved ?? done(preferences.ofTeam(id));
  }

  endpoints(person: Person): Result<readonly EndpointRow[]> {
    return this.refusalFor(person) ?? done(this.parts.endpoints.all().map((endpoint) => this.rowOf(endpoint)));
  }

  /** The secret is returned once and never again. */
  async addEndpoint(
    person: Person,
    order: EndpointOrder,
  ): Promise<Result<{ readonly endpoint: EndpointRow; readonly secret: string | null }>> {
    const { endpoints, ports, local } = this.parts;
    const refusal = this.refusalFor(person) ?? this.badOrder(order);
    if (refusal !== null) return refusal;
    const reading = readEndpointUrl(order.url, local);
    if (!reading.ok) return refuse('bad_input', reading.message);
    if (endpoints.all().length >= mostEndpoints)
      return refuse('too_many', `There are ${mostEndpoints} of these already. Remove one first.`);
    const { kind, team, kinds } = order;
    const fresh = { kind, team, kinds, url: reading.url, shown: reading.shown, createdBy: person.id };
    let added: Endpoint | null = null;
    const saved = await this.saving(async () => {
      added = await endpoints.add({ ...fresh, at: ports.clock.now() }, (one) => this.act(person, 'place.added', one));
    });
    if (saved !== null) return saved;
    return added === null ? refuse('cannot_save') : done(this.shownOnce(added, person));
  }

  async removeEndpoint(person: Person, id: string): Promise<Result<true>> {
    const { endpoints, store } = this.parts;
    const refusal = this.refusalFor(person) ?? this.noEndpoint(id);
    if (refusal !== null) return refusal;
    const saved = await this.saving(async () => {
      const endpoint = endpoints.find(id);
      if (endpoint !== null) await endpoints.remove(endpoint, (one) => this.act(person, 'place.removed', one));
      await store.dropFor(id, 'The place it goes to was removed.');
    });
    if (saved === null) this.parts.ports.log.info({ endpoint: id, by: person.id }, 'an endpoint was removed');
    return saved ?? done(true);
  }

  async enableEndpoint(person: Person, id: string): Promise<Result<EndpointRow>> {
    const { endpoints } = this.parts;
    const refusal = this.refusalFor(person) ?? this.noEndpoint(id);
    if (refusal !== null) return refusal;
    const saved = await this.saving(async () => {
      const found = endpoints.find(id);
      if (found !== null && found.disabledAt !== null)
        await endpoints.enable(found, (one) => this.act(person, 'place.enabled', one));
    });
    const endpoint = endpoints.find(id);
    return saved ?? (endpoint === null ? refuse('not_found') : done(this.rowOf(endpoint)));
  }

  /** To oneself by `desktop` or `email`, or to an endpoint by its id; resolved when it is known what became of it, in words. */
  async sendTest(person: Person, to: string): Promise<Result<{ readonly words: string }>> {
    const now = this.find(person);
    if (now === null) return refuse('not_signed_in');
    const channel = personChannels.find((each) => each === to);
    const refusal = channel === undefined ? (this.refusalFor(person) ?? this.noEndpoint(to)) : null;
    if (refusal !== null) return refusal;
    const { clock } = this.parts.ports;
    const lastAt = this.testedAt.get(person.id);
    if (lastAt !== undefined && clock.now() - lastAt < testEveryMs) return refuse('too_many');
    this.testedAt.set(person.id, clock.now());
    const target = channel ?? this.parts.endpoints.find(to)?.kind;
    if (target === undefined) return refuse('not_found');
    return sendTest(this.parts, { channel: target, recipient: channel === undefined ? to : person.id });
  }

  /** An admin sees everyone's deliveries, others their own. */
  async log(person: Person, { before, limit }: LogPage): Promise<Result<readonly DeliveryRow[]>> {
    const now = this.find(person);
    if (now === null) return refuse('not_signed_in');
    const recipient = may(now.role, 'notice.manage') ? null : now.id;
    const count = Math.max(1, Math.min(Math.floor(limit), longestPage));
    const rows = await this.parts.store.log({ recipient, before, limit: count });
    return done(rows.map((row) => this.logRow(row)));
  }

  private find(person: Person): RosterPerson | null {
    return this.parts.ports.roster().people.find(({ id, disabled }) => id === person.id && !disabled) ?? null;
  }

  private refusalFor(person: Person): Refusal | null {
    const now = this.find(person);
    if (now === null) return refuse('not_signed_in');
    return may(now.role, 'notice.manage') ? null : refuse('forbidden', whyNot(now.role, 'notice.manage') ?? undefined);
  }

  private team(id: TeamId): RosterTeam | null {
    return this.parts.ports.roster().teams.find((team) => team.id === id) ?? null;
  }

  private noTeam(id: TeamId): Refusal | null {
    return this.team(id) === null ? refuse('not_found', 'There is no such team.') : null;
  }

  private noEndpoint(id: string): Refusal | null {
    return this.parts.endpoints.find(id) === null ? refuse('not_found') : null;
  }

  private badOrder({ kind, team, kinds }: EndpointOrder): Refusal | null {
    if (!teamChannels.includes(kind)) return refuse('bad_input');
    if (kinds.length === 0 || kinds.some((each) => !teamKinds.includes(each)))
      return refuse('bad_input', `Choose at least one of: ${teamKinds.join(', ')}.`);
    if (team !== null) return this.noTeam(team);
    return kind === 'slack' ? refuse('bad_input', 'A Slack channel belongs to a team.') : null;
  }

  /** Of an address not even what is shown is kept: in some the secret is a part of it. */
  private act(
    person: Person,
    act: 'place.added' | 'place.enabled' | 'place.removed',
    { id, kind, team }: Endpoint,
  ): AuditDraft {
    const about = { kind: 'place', id, name: kind } as const;
    return actBy(person, { act, at: this.parts.ports.clock.now(), about, why: null, facts: { kind, team } });
  }

  private shownOnce(endpoint: Endpoint, { id }: Person): { endpoint: EndpointRow; secret: string | null } {
    this.parts.ports.log.info({ endpoint: endpoint.id, kind: endpoint.kind, by: id }, 'an endpoint was added');
    return { endpoint: this.rowOf(endpoint), secret: endpoint.secret };
  }

  private rowOf({
    id,
    kind,
    team,
    where,
    kinds,
    createdBy,
    createdAt,
    disabledAt,
    disabledWhy,
  }: Endpoint): EndpointRow {
    const row = { id, kind, team, where, kinds, createdAt, disabledAt, disabledWhy };
    return { ...row, createdBy: this.personName(createdBy) };
  }

  private personName(id: string): string {
    return this.parts.ports.roster().people.find((person) => person.id === id)?.name ?? 'someone who left';
  }

  private logRow(row: LoggedDelivery): DeliveryRow {
    const { id, about, kind, channel, recipient, state, attempts, nextAt, lastError, lastStatus, createdAt, sentAt } =
      row;
    const isPerson = readId('person', recipient) !== null;
    const to = isPerson
      ? this.personName(recipient)
      : (this.parts.endpoints.find(recipient)?.where ?? 'a removed place');
    const path = pathOf(row.content);
    return { id, about, path, kind, channel, to, state, attempts, nextAt, lastError, lastStatus, createdAt, sentAt };
  }

  /** Null when it was saved. */
  private async saving(save: () => Promise<void>): Promise<Refusal | null> {
    try {
      await save();
      return null;
    } catch (error) {
      this.parts.ports.log.error({ err: error }, 'settings of notices could not be saved');
      return refuse('cannot_save');
    }
  }
}

/** Only the fields there are: what else a client sent is not kept. */
function plain<P extends PersonPreferences | TeamPreferences>({ kinds, timeZone, quiet, digestMinutes }: P): P {
  const hours =
    quiet === null ? null : { fromMinute: quiet.fromMinute, toMinute: quiet.toMinute, days: [...quiet.days] };
  return { kinds, timeZone, quiet: hours, digestMinutes } as P;
}
