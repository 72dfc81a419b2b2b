import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, MessageExtraInfo, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { Records } from '@/tests/servers/records';

/**
 * Stands between a Server and its transport: writes down what comes off the wire before any SDK class reads it,
 * and can put a raw result in the place of the one the Server would send.
 */
export class RecordingTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  readonly #inner: Transport;
  readonly #records: Records;
  readonly #questions = new Map<RequestId, string>();
  readonly #rawResults = new Map<RequestId, unknown>();

  constructor(inner: Transport, records: Records) {
    this.#inner = inner;
    this.#records = records;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  /** The response to this request will carry `result` as it is, however invalid. */
  answerRaw(requestId: RequestId, result: unknown): void {
    this.#rawResults.set(requestId, result);
  }

  async start(): Promise<void> {
    const closed = this.#inner.onclose;
    this.#inner.onclose = () => {
      closed?.();
      this.onclose?.();
    };
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message: JSONRPCMessage, extra?: MessageExtraInfo) => {
      this.#note(message);
      this.onmessage?.(message, extra);
    };
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if ('method' in message && 'id' in message) this.#questions.set(message.id, message.method);
    await this.#inner.send(this.#withRawResult(message), options);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #withRawResult(message: JSONRPCMessage): JSONRPCMessage {
    if ('method' in message || message.id === undefined || !this.#rawResults.has(message.id)) return message;
    const result = this.#rawResults.get(message.id);
    this.#rawResults.delete(message.id);
    return { jsonrpc: '2.0', id: message.id, result } as unknown as JSONRPCMessage;
  }

  #note(message: JSONRPCMessage): void {
    const sessionId = this.sessionId;
    this.#records.add({ kind: 'message_received', sessionId, message });
    if (!('method' in message)) {
      this.#records.add({
        kind: 'answer_received',
        sessionId,
        requestId: message.id,
        method: message.id === undefined ? undefined : this.#questions.get(message.id),
        result: 'result' in message ? message.result : undefined,
        error: 'error' in message ? message.error : undefined,
      });
    } else if (message.method === 'notifications/cancelled') {
      const { requestId, reason } = message.params ?? {};
      this.#records.add({ kind: 'cancel_received', sessionId, requestId, reason });
    }
  }
}
