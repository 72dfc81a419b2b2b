import type { Client } from '@modelcontextprotocol/sdk/client/index.js';

export interface HeardNotification {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Every notification an SDK client hears, progress aside, and waiting for one of them. */
export class Heard {
  readonly all: HeardNotification[] = [];
  private readonly looks = new Set<() => void>();

  constructor(client: Client) {
    client.fallbackNotificationHandler = ({ method, params }) => {
      this.all.push({ method, params: params ?? {} });
      for (const look of [...this.looks]) look();
      return Promise.resolve();
    };
  }

  of(method: string): readonly HeardNotification[] {
    return this.all.filter((heard) => heard.method === method);
  }

  until(matches: (all: readonly HeardNotification[]) => boolean, timeoutMs = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.looks.delete(look);
        reject(new Error(`not heard within ${timeoutMs} ms; heard: ${JSON.stringify(this.all)}`));
      }, timeoutMs);
      const look = (): void => {
        if (!matches(this.all)) return;
        clearTimeout(timer);
        this.looks.delete(look);
        resolve();
      };
      this.looks.add(look);
      look();
    });
  }
}
