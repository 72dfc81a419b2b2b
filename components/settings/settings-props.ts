import type { AwayOrder, TokenRow } from '@/lib/domain/directory';
import type { TeamId } from '@/lib/domain/ids';
import type {
  DeliveryRow,
  EndpointRow,
  NoticeKind,
  PersonPreferences,
  TeamChannel,
  TeamPreferences,
} from '@/lib/domain/notice';
import type { Result } from '@/lib/domain/refusal';
import type { TeamRef } from '@/lib/domain/team';

export type SettingsTab = 'away' | 'notifications' | 'tokens' | 'browser' | 'places' | 'deliveries' | 'keeping';

export interface NewToken {
  readonly name: string;
  /** Epoch milliseconds; null for never. */
  readonly expiresAt: number | null;
}

export interface MadeToken {
  readonly row: TokenRow;
  readonly token: string;
}

export interface NewPlace {
  readonly kind: TeamChannel;
  /** Null, of webhooks only: hears of every request. */
  readonly team: TeamId | null;
  readonly url: string;
  readonly kinds: readonly NoticeKind[];
}

export interface MadePlace {
  readonly endpoint: EndpointRow;
  readonly secret: string | null;
}

export interface PlacesView {
  readonly endpoints: readonly EndpointRow[];
  readonly teams: readonly TeamRef[];
}

export interface DeliveriesPage {
  readonly deliveries: readonly DeliveryRow[];
  readonly more: boolean;
}

/** What a person may do here; every refusal has words for them. */
export interface SettingsDesk {
  readonly setAway: (order: AwayOrder | null) => Promise<Result<unknown>>;
  readonly createToken: (token: NewToken) => Promise<Result<MadeToken>>;
  readonly revokeToken: (id: string) => Promise<Result<unknown>>;
  readonly saveNotices: (preferences: PersonPreferences) => Promise<Result<unknown>>;
  /** To `desktop`, to `email`, or to a place by its id; what became of it, in words. */
  readonly test: (to: string) => Promise<Result<{ readonly words: string }>>;
  readonly deliveries: (before: DeliveryRow | null) => Promise<Result<DeliveriesPage>>;
  readonly addPlace: (place: NewPlace) => Promise<Result<MadePlace>>;
  readonly enablePlace: (id: string) => Promise<Result<unknown>>;
  readonly removePlace: (id: string) => Promise<Result<unknown>>;
  readonly teamPreferences: (team: TeamId) => Promise<Result<TeamPreferences>>;
  readonly saveTeamPreferences: (team: TeamId, preferences: TeamPreferences) => Promise<Result<unknown>>;
}
