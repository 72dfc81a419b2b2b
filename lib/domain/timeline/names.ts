import type { RequestKind } from '../event';
import type { CallId, ConnectionId, RequestId } from '../ids';
import type { Lane } from './lane-model';
import type { Rail } from './rail';

export interface CallName {
  readonly server: string;
  readonly tool: string;
  /** How often it was sent so far. */
  readonly runs: number;
}

export interface RequestName {
  readonly kind: RequestKind;
  readonly title: string;
  readonly server: string;
  readonly tool: string | null;
  readonly callId: CallId | null;
}

export interface ConnectionName {
  readonly server: string;
  /** How often it became ready: from the second time on it was reattached. */
  readonly times: number;
}

export interface Lookup<K, V> {
  get(key: K): V | undefined;
}

/** What calls, requests and connections are called, so that an event can speak of them. */
export interface Names {
  readonly calls: Lookup<CallId, CallName>;
  readonly requests: Lookup<RequestId, RequestName>;
  readonly connections: Lookup<ConnectionId, ConnectionName>;
}

export const noNames: Names = { calls: new Map(), requests: new Map(), connections: new Map() };

/** Where names are read from. */
export interface NameParts {
  readonly lanes: Lookup<CallId, Lane>;
  readonly rails: Lookup<ConnectionId, Rail>;
  readonly requests: Lookup<RequestId, RequestName>;
}

/** The names as they were at one event: what came after it counts no run and no reattaching. */
export function namesAt({ lanes, rails, requests }: NameParts, seq: number): Names {
  const upTo = (seqs: readonly number[]): number => seqs.filter((each) => each <= seq).length;
  return {
    requests,
    calls: {
      get(id) {
        const lane = lanes.get(id);
        return lane === undefined ? undefined : { server: lane.server, tool: lane.tool, runs: upTo(lane.sends) };
      },
    },
    connections: {
      get(id) {
        const rail = rails.get(id);
        return rail === undefined ? undefined : { server: rail.server, times: upTo(rail.readies) };
      },
    },
  };
}
