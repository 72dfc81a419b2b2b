import { Agent, type Dispatcher } from 'undici';

/**
 * No timer of the HTTP client may end a human wait: a quiet stream and a late first byte are both allowed for ever.
 * `connections: null` puts no bound on parallel streams, one per open call.
 */
export const dispatcherOptions = {
  bodyTimeout: 0,
  headersTimeout: 0,
  connections: null,
  pipelining: 1,
} as const satisfies Agent.Options;

export function createDispatcher(connectMs: number): Agent {
  return new Agent({ ...dispatcherOptions, connect: { timeout: connectMs } });
}

/** Tells whether a request was given to a socket: before that, no byte of it can have left. */
export class StartMark {
  #started = false;

  get started(): boolean {
    return this.#started;
  }

  watch(dispatcher: Dispatcher): Dispatcher {
    return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, this.#marking(handler)));
  }

  #marking(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller, context) => {
        this.#started = true;
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    };
  }
}
