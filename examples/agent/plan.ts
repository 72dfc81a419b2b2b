export interface PlannedCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the agent remembers between calls. */
export interface Memory {
  /** Accounts that exist as far as the agent knows, oldest first. */
  readonly accountIds: readonly string[];
}

type Step = (memory: Memory, round: number) => PlannedCall | undefined;

const investigate = 'incident-investigator__investigate_alarm';
const request = 'sandbox-accounts__request_account';

const namedAlarms = [
  'checkout-api-p99-latency-high',
  'billing-db-connections-exhausted',
  'orders-queue-depth-growing',
  'cdn-cache-hit-ratio-low',
];
const applications = ['checkout-repro', 'orders-replay', 'billing-load-test', 'cdn-canary'];
const regions = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];

/** One round of work: some calls run through, some ask a person, one destroys something. */
const steps: readonly Step[] = [
  () => ({ tool: investigate, args: {} }),
  (_memory, round) => ({
    tool: request,
    args: { application: pick(applications, round), region: pick(regions, round) },
  }),
  () => ({ tool: 'sandbox-accounts__list_accounts', args: {} }),
  () => ({ tool: 'incident-investigator__list_alarms', args: {} }),
  (_memory, round) => ({ tool: investigate, args: { alarm: pick(namedAlarms, round) } }),
  (_memory, round) => ({
    tool: request,
    args: { application: pick(applications, round + 2), region: pick(regions, round + 1), cost_center: 'CC-4410' },
  }),
  ({ accountIds }) => {
    const oldest = accountIds[0];
    return oldest === undefined
      ? undefined
      : { tool: 'sandbox-accounts__delete_account', args: { account_id: oldest } };
  },
];

/** The calls of one round; each is made only when its turn comes, from what is remembered then. */
export function* roundOfCalls(round: number, memory: () => Memory): Generator<PlannedCall, void, void> {
  for (const step of steps) {
    const call = step(memory(), round);
    if (call !== undefined) yield call;
  }
}

function pick(values: readonly string[], index: number): string {
  return values[index % values.length] ?? '';
}
