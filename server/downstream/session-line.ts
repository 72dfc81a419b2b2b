import type { JsonObject } from '@/lib/domain/json';
import type { SessionListener } from '@/server/engine/ports/agents';
import type { AgentSession } from './session';

/** The engine may speak before the session it opened stands; only its end must not be missed. */
export class SessionLine implements SessionListener {
  private session: AgentSession | null = null;
  private over = false;

  connect(session: AgentSession): void {
    this.session = session;
    if (this.over) session.ended();
  }

  listChanged(what: 'tools' | 'prompts' | 'resources'): void {
    this.session?.listChanged(what);
  }

  notification(method: string, params: JsonObject): void {
    this.session?.notification(method, params);
  }

  log(server: string, entry: Parameters<SessionListener['log']>[1]): void {
    this.session?.log(server, entry);
  }

  ended(): void {
    this.over = true;
    this.session?.ended();
  }
}
