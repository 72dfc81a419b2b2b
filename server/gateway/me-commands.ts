import type { Json } from '@/lib/domain/json';
import { done, type Result } from '@/lib/domain/refusal';
import { type MeReadReply, meSaveViewsCommand, type SavedView } from '@/lib/protocol/command/me';
import type { Directory } from '@/server/engine/ports/directory';
import type { Guest, Handlers } from './commands';

type MeCommand = `me.${'read' | 'set_away' | 'save_views' | 'create_token' | 'revoke_token'}`;

export function meHandlers(directory: Directory): Pick<Handlers, MeCommand> {
  return {
    'me.read': (guest) => readMe(directory, guest),
    'me.set_away': (guest, { away }) => directory.setAway(guest.person, away),
    'me.save_views': async (guest, { views }) => {
      const saved = await directory.saveSetting(guest.person, 'views', views as unknown as Json);
      return saved.ok ? done(views) : saved;
    },
    'me.create_token': (guest, { name, expiresAt }) => directory.createToken(guest.person, { name, expiresAt }),
    'me.revoke_token': (guest, { id }) => directory.revokeToken(guest.person, id),
  };
}

async function readMe(directory: Directory, { person }: Guest): Promise<Result<MeReadReply>> {
  const [away, tokens, colleagues] = await Promise.all([
    directory.away(person),
    directory.tokens(person),
    directory.colleagues(person),
  ]);
  if (!away.ok) return away;
  if (!tokens.ok) return tokens;
  if (!colleagues.ok) return colleagues;
  return done({
    away: away.value,
    tokens: tokens.value.filter(({ revokedAt }) => revokedAt === null),
    views: viewsFrom(await directory.setting(person, 'views')),
    colleagues: colleagues.value.filter(({ id }) => id !== person.id),
  });
}

/** What was saved by another release may not be a view any more: it is left out, and nothing else suffers. */
function viewsFrom(saved: Json | null): readonly SavedView[] {
  const { views } = meSaveViewsCommand.shape;
  if (!Array.isArray(saved)) return [];
  return saved.flatMap((one: Json) => views.element.safeParse(one).data ?? []);
}
