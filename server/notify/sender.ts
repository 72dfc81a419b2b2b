import { type PersonId, readId } from '@/lib/domain/ids';
import type { NoticeKind } from '@/lib/domain/notice';
import { isWatcher, maySee, ownersOf } from '@/lib/domain/notice/recipients';
import { isCallOver } from './call-over';
import { HttpPoster } from './channel/http-post';
import type { LocalAddresses } from './channel/local-addresses';
import { Mailer } from './channel/mail';
import type { SendOutcome } from './channel/outcome';
import { sendSlack } from './channel/slack';
import { sendWebhook } from './channel/webhook';
import type { CallContent } from './content/content';
import { desktopOf, type Message, type MessageLook } from './content/messages';
import type { Delivery } from './delivery';
import type { Endpoint, EndpointStore } from './endpoint-store';
import type { MailSettings } from './mail-settings';
import type { NotifyPorts, NoticeSubject } from './ports';
import type { PreferenceStore } from './preference-store';

export interface SenderParts {
  readonly ports: NotifyPorts;
  readonly preferences: PreferenceStore;
  readonly endpoints: EndpointStore;
  readonly mail: MailSettings | null;
  readonly local: LocalAddresses;
  /** Without a path. */
  readonly baseUrl: string;
}

/** Of no use to a person once nothing waits. */
const waitingKinds: readonly NoticeKind[] = ['opened', 'expiring', 'escalated', 'assigned'];

/** Takes messages out by each channel. Knows nothing of retries. */
export class Sender {
  private readonly poster: HttpPoster;
  private readonly mailer: Mailer | null;

  constructor(private readonly parts: SenderParts) {
    this.poster = new HttpPoster(parts.local);
    this.mailer = parts.mail === null ? null : new Mailer(parts.mail);
  }

  get canMail(): boolean {
    return this.mailer !== null;
  }

  /** Why this need not, or may not, be sent any more, in words; null when it goes. Throws while the database is away. */
  async whyNot(delivery: Delivery): Promise<string | null> {
    const { content } = delivery;
    if (content.about === 'call') return this.whyNotCall(delivery, content);
    const subject = await this.parts.ports.requestOf(content.requestId);
    if (subject === null) return 'Its request is no longer kept.';
    const isOver = subject.state !== 'open' && waitingKinds.includes(delivery.kind);
    // A program wants the whole story; a person what waits.
    if (isOver && delivery.channel !== 'webhook') return 'It was no longer waiting.';
    return this.isTheirs(delivery, subject) ? null : 'It was no longer theirs to see.';
  }

  private async whyNotCall({ recipient, channel }: Delivery, content: CallContent): Promise<string | null> {
    const { ports, endpoints } = this.parts;
    const subject = await ports.callOf(content.callId);
    if (subject === null) return 'Its call is no longer kept.';
    if (channel !== 'webhook') {
      if (subject.underWay === null) return 'The call was over.';
      if (isCallOver(content, subject)) return 'The server was heard from again.';
    }
    if (channel === 'slack' || channel === 'webhook') {
      const team = endpoints.find(recipient)?.team ?? null;
      const isTheirs = team === null || subject.team === null || subject.team.id === team;
      return isTheirs ? null : 'It was no longer theirs to watch.';
    }
    const roster = ports.roster();
    const person = roster.people.find(({ id }) => id === recipient);
    const owners = ownersOf(subject, { roster, now: ports.clock.now() });
    return person !== undefined && isWatcher(person, owners) ? null : 'It was no longer theirs to watch.';
  }

  /** Asked again at sending: teams, roles and routes change while a delivery waits (I11). */
  private isTheirs({ recipient, channel }: Delivery, subject: NoticeSubject): boolean {
    const { ports, endpoints } = this.parts;
    if (channel === 'slack' || channel === 'webhook') {
      const team = endpoints.find(recipient)?.team ?? null;
      // For everyone who may answer: its teams may hear of it too.
      const isForAll = team === null || subject.team === null;
      return isForAll || [subject.team, ...subject.alsoTeams].some((each) => each?.id === team);
    }
    const roster = ports.roster();
    const person = roster.people.find(({ id }) => id === recipient);
    return person !== undefined && maySee(person, subject, { roster, now: ports.clock.now() });
  }

  async send(
    { channel, recipient }: Pick<Delivery, 'channel' | 'recipient'>,
    message: Message,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    switch (channel) {
      case 'desktop':
      case 'email': {
        const id = readId('person', recipient);
        return id === null ? gone('There is no such person.') : this.toPerson(channel, { id, message, signal });
      }
      case 'slack':
      case 'webhook': {
        const endpoint = this.parts.endpoints.find(recipient);
        if (endpoint === null) return gone('It was removed.');
        return this.toEndpoint(endpoint, message, signal);
      }
    }
  }

  private async toPerson(
    channel: 'desktop' | 'email',
    { id, message, signal }: { readonly id: PersonId; readonly message: Message; readonly signal: AbortSignal },
  ): Promise<SendOutcome> {
    const { ports, preferences } = this.parts;
    const person = ports.roster().people.find((each) => each.id === id && !each.disabled);
    if (person === undefined) return gone('This person is no longer here.');
    const look = this.look(preferences.ofPerson(id).timeZone);
    if (channel === 'desktop') {
      return ports.pushToPerson(id, desktopOf(message, look)) > 0
        ? { outcome: 'sent', status: null }
        : gone('No browser of theirs was open.');
    }
    return this.mailer === null
      ? gone('No mail server is configured.')
      : this.mailer.send({ to: person.email, message, look, signal });
  }

  private toEndpoint(endpoint: Endpoint, message: Message, signal: AbortSignal): Promise<SendOutcome> | SendOutcome {
    const { url, secret, team, kind } = endpoint;
    const unreadable = 'Its address was sealed with another secret of the server. Remove it and add it again.';
    if (url === null) return gone(unreadable);
    const look = this.look(team === null ? 'UTC' : this.parts.preferences.ofTeam(team).timeZone);
    if (kind === 'slack') return sendSlack(this.poster, { url, signal }, { message, look });
    return secret === null ? gone(unreadable) : sendWebhook(this.poster, { url, secret, signal }, { message, look });
  }

  private look(timeZone: string): MessageLook {
    return { baseUrl: this.parts.baseUrl, now: this.parts.ports.clock.now(), timeZone };
  }

  async close(): Promise<void> {
    this.mailer?.close();
    await this.poster.close();
  }
}

function gone(words: string): SendOutcome {
  return { outcome: 'gone', words, status: null };
}
