import type { ConnectionId } from '@/lib/domain/ids';

/** The connection that something is heard on. */
export interface Place {
  readonly server: string;
  readonly connectionId: ConnectionId;
  /** Taken up from an earlier life: of a call nothing was heard of, it is not known whether it ever left. */
  readonly isRestored: boolean;
}
