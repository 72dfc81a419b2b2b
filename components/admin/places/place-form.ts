import { readTeamId } from '@/lib/domain/ids';
import type { NoticeKind, TeamChannel } from '@/lib/domain/notice';
import type { NewPlace } from '@/components/settings/settings-props';

export interface PlaceForm {
  readonly kind: TeamChannel;
  /** A team's short name; empty for all. */
  readonly team: string;
  readonly url: string;
  readonly kinds: readonly NoticeKind[];
}

export type PlaceReading =
  | { readonly is: 'good'; readonly place: NewPlace }
  | {
      readonly is: 'bad';
      readonly team: string | null;
      readonly url: string | null;
      readonly kinds: string | null;
    };

/** What was typed for a new place, or what is wrong with each part, in words. The server looks once more. */
export function readPlace({ kind, team, url, kinds }: PlaceForm): PlaceReading {
  const teamId = readTeamId(team);
  const wrong = {
    team: kind === 'slack' && teamId === null ? 'A Slack channel belongs to a team. Choose one.' : null,
    url: isHttps(url.trim()) ? null : 'Give the whole address. It begins with https://.',
    kinds: kinds.length === 0 ? 'Choose at least one.' : null,
  };
  if (wrong.team !== null || wrong.url !== null || wrong.kinds !== null) return { is: 'bad', ...wrong };
  return { is: 'good', place: { kind, team: teamId, url: url.trim(), kinds } };
}

/** A plain http address may be one on the same machine: whether it is allowed is the server's to say. */
function isHttps(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
