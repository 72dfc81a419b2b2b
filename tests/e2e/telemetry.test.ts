import { afterEach, expect, test } from 'vitest';
import { type Agent, connectAgent, textOf } from '@/tests/e2e/support/agent';
import { attributeOf, type Collector, type GotSpan, startCollector } from '@/tests/e2e/support/collector';
import { acceptOrder } from '@/tests/e2e/support/orders';
import { type Product, startProduct } from '@/tests/e2e/support/product';
import { openItem } from '@/tests/e2e/support/waiting';
import { type KitchenSink, startKitchenSink } from '@/tests/servers/kitchen-sink';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const agentSpan = '00f067aa0ba902b7';
const asked = 'What is the number of the card?';

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Scene {
  readonly collector: Collector;
  readonly kitchen: KitchenSink;
  readonly product: Product;
  readonly agent: Agent;
}

async function setUp(): Promise<Scene> {
  const collector = await startCollector();
  open.push(collector);
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const product = await startProduct({
    servers: { kitchen: { url: kitchen.url } },
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_BLRP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '400',
    },
  });
  open.push(product);
  const agent = await connectAgent(product);
  open.push(agent);
  return { collector, kitchen, product, agent };
}

function traced(agent: Agent) {
  return agent.client.callTool(
    {
      name: 'kitchen__ask_simple',
      arguments: { message: asked },
      _meta: { traceparent: `00-${traceId}-${agentSpan}-01`, tracestate: 'shop=7' },
    },
    undefined,
    { timeout: 600_000, onprogress: () => undefined },
  );
}

function spanOf(collector: Collector, name: string): GotSpan {
  const found = collector.spans.filter((span) => span.traceId === traceId && span.name === name);
  expect(found).toHaveLength(1);
  const [span] = found;
  if (span === undefined) throw new Error(`no span ${name}`);
  return span;
}

test('I5 a call is one trace from the agent to the server, with the time of people in it, whatever was killed meanwhile', async () => {
  const { collector, kitchen, product, agent } = await setUp();
  const desk = await product.connect('approver');
  const result = traced(agent);
  const approval = await openItem(desk, ({ request }) => request.kind === 'approval');
  expect(await desk.say(acceptOrder(approval.request.requestId, null))).toMatchObject({ ok: true });
  const form = await openItem(desk, ({ request }) => request.kind === 'form');
  await product.kill();
  await product.start();
  const again = await product.connect('approver');
  await openItem(again, ({ request }) => request.requestId === form.request.requestId);
  const answer = acceptOrder(form.request.requestId, { value: '4111 1111 1111 1111' });
  expect(await again.say(answer)).toMatchObject({ ok: true });
  expect(textOf((await result) as Parameters<typeof textOf>[0])).toContain('4111');

  await collector.until(({ spans }) => spans.some(({ parentSpanId }) => parentSpanId === agentSpan));
  const calls = collector.spans.filter((span) => span.traceId === traceId && span.name === 'tools/call ask_simple');
  const root = calls.find(({ parentSpanId }) => parentSpanId === agentSpan);
  const sending = calls.find(({ parentSpanId }) => parentSpanId === root?.spanId);
  expect(calls).toHaveLength(2);
  expect(spanOf(collector, 'human wait approval').parentSpanId).toBe(root?.spanId);
  const wait = spanOf(collector, 'human wait form');
  expect(wait.parentSpanId).toBe(sending?.spanId);
  expect(BigInt(wait.endTimeUnixNano)).toBeGreaterThan(BigInt(wait.startTimeUnixNano));
  expect(attributeOf(wait, 'holdpoint.answer')).toBe('accept');

  // What the server was given is the very span that was recorded in another life of ours.
  const [ran] = kitchen.records.all.filter((record) => record.kind === 'execution_started');
  expect(ran?.meta).toMatchObject({ traceparent: `00-${traceId}-${sending?.spanId}-01`, tracestate: 'shop=7' });

  // I14: neither what was asked nor what was answered leaves this way.
  await collector.until(({ logs }) => logs.some(({ body }) => body?.stringValue === 'call.completed'));
  expect(collector.text()).not.toContain('4111 1111');
  expect(collector.text()).not.toContain(asked);
});

test('log lines are joined to the trace of their call; figures are sent, and read from this machine', async () => {
  const { collector, product, agent } = await setUp();
  const desk = await product.connect('approver');
  const result = traced(agent);
  const approval = await openItem(desk, ({ request }) => request.kind === 'approval');
  await collector.until(({ logs }) => logs.some(({ body }) => body?.stringValue === 'request.opened'));
  const open = await fetch(`${product.baseUrl}/metrics`);
  expect(open.status).toBe(200);
  expect(await open.text()).toMatch(/^holdpoint_requests_open\{.*kind="approval".*\} 1$/m);
  await desk.say({ ...acceptOrder(approval.request.requestId, null), action: 'decline', reason: 'Not this card' });
  await result.catch(() => undefined);
  await collector.until(({ logs }) => logs.some(({ body }) => body?.stringValue === 'call.rejected'));
  const received = collector.logs.find(({ body }) => body?.stringValue === 'call.received');
  expect(received?.traceId).toBe(traceId);
  expect(collector.text()).not.toContain('Not this card');
  await collector.until(({ metrics }) => metrics.has('holdpoint.calls') && metrics.has('holdpoint.sessions.live'));
  const figures = await (await fetch(`${product.baseUrl}/metrics`)).text();
  expect(figures).toMatch(/^holdpoint_calls_total\{.*server="kitchen".*outcome="rejected".*\} 1$/m);
  expect(figures).toMatch(/^holdpoint_request_wait_seconds_count\{.*answer="decline".*\} 1$/m);
  // What is over is told as none, not left as it was last seen.
  expect(figures).toMatch(/^holdpoint_requests_open\{.*kind="approval".*\} 0$/m);
  expect(figures).toMatch(/^holdpoint_audit_chain_broken(\{.*\})? 0$/m);
  expect(figures).toMatch(/^holdpoint_audit_verified_timestamp_seconds/m);
  const forwarded = await fetch(`${product.baseUrl}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect(forwarded.status).toBe(404);
});

test('a collector that does not answer holds nothing up', async () => {
  const kitchen = await startKitchenSink();
  open.push(kitchen);
  const product = await startProduct({
    servers: { kitchen: { url: kitchen.url } },
    holdpoint: { rules: [{ id: 'all', decision: 'allow' }] },
    // Nobody listens there.
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_BSP_SCHEDULE_DELAY: '50' },
  });
  open.push(product);
  const agent = await connectAgent(product);
  expect(textOf(await agent.call('kitchen__echo', { message: 'still here' }).result)).toContain('still here');
  await agent.close();
  expect(await product.stop()).toBe(0);
});
