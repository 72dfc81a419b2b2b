import type { TeamId } from '@/lib/domain/ids';
import type { DeliveryRow, EndpointRow, PersonPreferences, TeamPreferences } from '@/lib/domain/notice';
import type { Person } from '@/lib/domain/permission';
import { done, type Result } from '@/lib/domain/refusal';
import type { CommandOf } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Handlers } from './commands';

const logPage = 50;

/** Notifications as people reach them; whoever sends them checks who asks (I11). */
export interface NoticesPort {
  preferences(person: Person): Result<ReplyOf['notices.read']>;
  savePreferences(person: Person, wanted: PersonPreferences): Promise<Result<ReplyOf['notices.save']>>;
  teamPreferences(person: Person, id: TeamId): Result<TeamPreferences>;
  saveTeamPreferences(person: Person, id: TeamId, wanted: TeamPreferences): Promise<Result<TeamPreferences>>;
  endpoints(person: Person): Result<readonly EndpointRow[]>;
  addEndpoint(
    person: Person,
    order: Omit<CommandOf<'notices.add_endpoint'>, 'type'>,
  ): Promise<Result<ReplyOf['notices.add_endpoint']>>;
  removeEndpoint(person: Person, id: string): Promise<Result<true>>;
  enableEndpoint(person: Person, id: string): Promise<Result<EndpointRow>>;
  sendTest(person: Person, to: string): Promise<Result<{ readonly words: string }>>;
  log(
    person: Person,
    page: { readonly before: { readonly createdAt: number; readonly id: string } | null; readonly limit: number },
  ): Promise<Result<readonly DeliveryRow[]>>;
}

type NoticeCommand =
  `notices.${'read' | 'save' | 'read_team' | 'save_team' | 'endpoints' | 'add_endpoint' | 'remove_endpoint' | 'enable_endpoint' | 'test' | 'log'}`;

export function noticeHandlers(notices: NoticesPort): Pick<Handlers, NoticeCommand> {
  return {
    'notices.read': async (guest) => notices.preferences(guest.person),
    'notices.save': (guest, { preferences }) => notices.savePreferences(guest.person, preferences),
    'notices.read_team': async (guest, { teamId }) => notices.teamPreferences(guest.person, teamId),
    'notices.save_team': (guest, { teamId, preferences }) =>
      notices.saveTeamPreferences(guest.person, teamId, preferences),
    'notices.endpoints': async (guest) => {
      const found = notices.endpoints(guest.person);
      return found.ok ? done({ endpoints: found.value }) : found;
    },
    'notices.add_endpoint': (guest, { type: _type, ...order }) => notices.addEndpoint(guest.person, order),
    'notices.remove_endpoint': (guest, { id }) => notices.removeEndpoint(guest.person, id),
    'notices.enable_endpoint': (guest, { id }) => notices.enableEndpoint(guest.person, id),
    'notices.test': (guest, { to }) => notices.sendTest(guest.person, to),
    'notices.log': async (guest, { before }) => {
      const found = await notices.log(guest.person, { before, limit: logPage + 1 });
      if (!found.ok) return found;
      return done({ deliveries: found.value.slice(0, logPage), more: found.value.length > logPage });
    },
  };
}
