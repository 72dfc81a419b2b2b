import type { BrowserContext, Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import type { Role } from '@/lib/domain/permission';
import { type Agent, type AgentOptions, connectAgent } from '@/tests/e2e/support/agent';
import { watchDialogs } from '@/tests/e2e/support/dialog-focus';
import { type Product, type ProductOptions, startProduct } from '@/tests/e2e/support/product';
import { takeShot } from '@/tests/e2e/support/shots';
import { patienceMs } from '@/tests/e2e/support/see';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';
import { type ContextOptions, startBrowser, type TestBrowser, watchErrors } from '@/tests/support/browser';

/** Reading tools and questions run; whatever writes waits for a person. */
export const heldWrites = {
  rules: [
    { id: 'hold-writes', decision: 'hold', tool: 'write*', reason: 'Writes need a second look.' },
    { id: 'allow-the-rest', decision: 'allow' },
  ],
};

/** What a browser says when a server goes away under it, even in the middle of a file. */
export const cutOff =
  /ERR_(CONNECTION|INTERNET|EMPTY|NETWORK|SOCKET|INCOMPLETE)|WebSocket (connection to|is already in CLOSING)/;

export interface StageOptions extends Partial<ProductOptions> {
  readonly kitchen?: Parameters<typeof startKitchenSink>[0];
  /** What the browser itself writes to the console about what the tests provoke; anything else is an error. */
  readonly expectedInConsole?: RegExp;
}

export interface PersonOptions extends Omit<ContextOptions, 'baseUrl'> {
  readonly name?: string;
  /** `undoable`: answers wait the moment people have to undo them; most tests send at once. */
  readonly answers?: 'at_once' | 'undoable';
}

/** Someone at a browser of their own. */
export interface PersonAtDesk {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** The built product, a browser, an MCP server that records what it sees, and people to sign in. */
export interface Stage {
  readonly product: Product;
  readonly kitchen: KitchenSink;
  readonly browser: TestBrowser;
  /** A signed-in person's browser, with an empty page. */
  person(role: Role, options?: PersonOptions): Promise<PersonAtDesk>;
  /** A browser nobody has signed in with. */
  stranger(options?: Omit<ContextOptions, 'baseUrl'>): Promise<PersonAtDesk>;
  /** Closed with the stage. */
  agent(options?: AgentOptions): Promise<Agent>;
  /**
   * For afterEach: no page may have uncaught errors or errors in its console, refused content among them. When a
   * test failed, pictures of all pages go to the folder HOLDPOINT_SHOTS names.
   */
  check(context: TestContext): Promise<void>;
  close(): Promise<void>;
}

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const [browser, kitchen] = await Promise.all([startBrowser(), startKitchenSink(options.kitchen ?? {})]);
  const servers = { kitchen: { url: kitchen.url, holdpoint: { trusted: true } }, ...options.servers };
  const product = await startProduct({ holdpoint: heldWrites, ...options, servers });
  const watched: { readonly page: Page; readonly errors: readonly string[] }[] = [];
  const agents: Agent[] = [];

  const stranger: Stage['stranger'] = async (look = {}) => {
    const context = await browser.openContext({ ...look, baseUrl: product.baseUrl });
    context.setDefaultTimeout(patienceMs);
    await watchDialogs(context);
    const page = await context.newPage();
    watched.push({ page, errors: watchErrors(page) });
    return { context, page };
  };
  return {
    product,
    kitchen,
    browser,
    stranger,
    async person(role, look = {}) {
      const { name, answers = 'at_once', ...rest } = look;
      const desk = await stranger(rest);
      if (answers === 'at_once') await desk.context.addInitScript(() => localStorage.setItem('holdpoint.undo', 'off'));
      await product.signIn(desk.context, role, name);
      return desk;
    },
    async agent(who = {}) {
      const agent = await connectAgent(product, who);
      agents.push(agent);
      return agent;
    },
    async check({ task }) {
      if (task.result?.state === 'fail') {
        const open = watched.filter(({ page }) => !page.isClosed());
        await Promise.all(open.map(({ page }, index) => takeShot(page, `failed-${index + 1}-${task.name}`)));
      }
      const errors = watched.flatMap((each) => each.errors);
      expect(errors.filter((words) => options.expectedInConsole?.test(words) !== true)).toEqual([]);
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()));
      await browser.stop();
      await product.close();
      await kitchen.close();
    },
  };
}
