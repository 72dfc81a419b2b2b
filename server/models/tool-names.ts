import type { Sampling } from '@/lib/domain/sampling';

/** What every provider takes; MCP allows dots, slashes and 128 characters. */
const takenByAll = /^[A-Za-z0-9_-]{1,64}$/;
const partCharacters = 56;

/** Names of tools as providers take them, and back. Those that fit stay as they are. */
export class ToolNames {
  readonly #toProvider = new Map<string, string>();
  readonly #toServer = new Map<string, string>();

  constructor(ask: Sampling) {
    const used = ask.messages.flatMap((message) =>
      message.blocks.flatMap((block) => (block.kind === 'tool_use' ? [block.name] : [])),
    );
    const names = [...new Set([...ask.tools.map((tool) => tool.name), ...used])];
    for (const name of names.filter((each) => takenByAll.test(each))) this.#add(name, name);
    for (const name of names.filter((each) => !takenByAll.test(each))) this.#add(name, this.#substitute(name));
  }

  forProvider(name: string): string {
    return this.#toProvider.get(name) ?? name;
  }

  /** A name that the model made up is handed back as it is, to be refused by it. */
  forServer(name: string): string {
    return this.#toServer.get(name) ?? name;
  }

  #add(name: string, substitute: string): void {
    this.#toProvider.set(name, substitute);
    this.#toServer.set(substitute, name);
  }

  #substitute(name: string): string {
    const part = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, partCharacters);
    let candidate = part;
    for (let count = 2; this.#toServer.has(candidate); count += 1) candidate = `${part}_${count}`;
    return candidate;
  }
}
