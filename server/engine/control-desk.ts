import type { PauseId } from '@/lib/domain/ids';
import type { Pause, PauseList } from '@/lib/domain/pause';
import type { Person } from '@/lib/domain/permission';
import type { Result } from '@/lib/domain/refusal';
import type { Pausing } from './pausing';
import type { ControlDesk, PauseOrder } from './ports/control';

/** What admins stop, and what everyone may know of it. */
export class EngineControlDesk implements ControlDesk {
  constructor(private readonly pausing: Pausing) {}

  pauses(person: Person): Result<PauseList> {
    return this.pausing.list(person);
  }

  pause(person: Person, order: PauseOrder): Promise<Result<Pause>> {
    return this.pausing.set(person, order);
  }

  lift(person: Person, id: PauseId): Promise<Result<null>> {
    return this.pausing.lift(person, id);
  }
}
