import type { ControlDesk } from '@/server/engine/ports/control';
import type { Handlers } from './commands';

type ControlCommand = `pauses.${'list' | 'set' | 'lift'}`;

/** What admins stop; the desk checks who may. */
export function controlHandlers(control: ControlDesk): Pick<Handlers, ControlCommand> {
  return {
    'pauses.list': async (guest) => control.pauses(guest.person),
    'pauses.set': (guest, { type: _type, ...order }) => control.pause(guest.person, order),
    'pauses.lift': (guest, { pauseId }) => control.lift(guest.person, pauseId),
  };
}
