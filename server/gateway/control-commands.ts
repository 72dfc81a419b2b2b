import type { ControlDesk } from '@/server/engine/ports/control';
import type { Handlers } from './commands';
import { rooms, watch } from './rooms';

type ControlCommand =
  | `pauses.${'list' | 'set' | 'lift'}`
  | `sessions.${'preview_end' | 'end' | 'endings' | 'ending' | 'stop_ending'}`
  | 'session.force_end'
  | 'call.cancel';

/** What admins stop; the desk checks who may. */
export function controlHandlers(control: ControlDesk): Pick<Handlers, ControlCommand> {
  return {
    'pauses.list': async (guest) => control.pauses(guest.person),
    'pauses.set': (guest, { type: _type, ...order }) => control.pause(guest.person, order),
    'pauses.lift': (guest, { pauseId }) => control.lift(guest.person, pauseId),
    'sessions.preview_end': (guest, { selection }) => control.previewEndMany(guest.person, selection),
    'sessions.end': (guest, { type: _type, ...order }) => control.endMany(guest.person, order),
    'sessions.endings': (guest, { before }) =>
      before === null
        ? watch(guest, { action: 'session.end', room: rooms.endings }, () => control.endings(guest.person, null))
        : control.endings(guest.person, before),
    'sessions.ending': (guest, { endingId, look }) => control.ending(guest.person, endingId, look),
    'sessions.stop_ending': (guest, { endingId }) => control.stopEnding(guest.person, endingId),
    'session.force_end': (guest, { sessionId }) => control.forceEnd(guest.person, sessionId),
    'call.cancel': (guest, { type: _type, ...order }) => control.cancelCall(guest.person, order),
  };
}
