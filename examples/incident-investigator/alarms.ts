export interface Deploy {
  readonly service: string;
  readonly version: string;
  readonly minutesBeforeAlarm: number;
}

export interface Alarm {
  readonly name: string;
  readonly title: string;
  readonly severity: 'page' | 'ticket';
  readonly metrics: readonly string[];
  readonly deploys: readonly Deploy[];
}

export const alarms: readonly Alarm[] = [
  {
    name: 'checkout-api-p99-latency-high',
    title: 'Checkout: p99 latency above 2 s',
    severity: 'page',
    metrics: [
      'p99 rose from 310 ms to 2.4 s in 4 minutes; p50 did not move.',
      'Error rate stayed at 0.2 %.',
      '96 of 100 sampled traces wait 1.9 to 2.2 s for a connection to payments-adapter.',
    ],
    deploys: [
      { service: 'payments-adapter', version: '2026.46.1', minutesBeforeAlarm: 9 },
      { service: 'checkout-web', version: '5.18.0', minutesBeforeAlarm: 47 },
      { service: 'inventory', version: '3.2.4', minutesBeforeAlarm: 122 },
      { service: 'search', version: '11.0.3', minutesBeforeAlarm: 201 },
    ],
  },
  {
    name: 'orders-queue-depth-growing',
    title: 'Orders: queue depth growing for 15 minutes',
    severity: 'page',
    metrics: [
      'Queue depth went from 40 to 18,300 messages.',
      'Consumers fell from 12 to 4; the other 8 restart every 30 s.',
      'Producers publish at their usual 95 messages per second.',
    ],
    deploys: [
      { service: 'orders-consumer', version: '1.94.0', minutesBeforeAlarm: 16 },
      { service: 'orders-api', version: '4.7.2', minutesBeforeAlarm: 63 },
      { service: 'mailer', version: '0.31.0', minutesBeforeAlarm: 88 },
      { service: 'fraud-scoring', version: '7.1.1', minutesBeforeAlarm: 240 },
    ],
  },
  {
    name: 'billing-db-connections-exhausted',
    title: 'Billing: 95 % of database connections in use',
    severity: 'page',
    metrics: [
      '475 of 500 connections are open, 390 of them idle in a transaction.',
      'The oldest transaction is 22 minutes old and belongs to invoice-export.',
      'Write latency rose from 6 ms to 48 ms.',
    ],
    deploys: [
      { service: 'invoice-export', version: '2.0.0', minutesBeforeAlarm: 25 },
      { service: 'billing-api', version: '8.12.5', minutesBeforeAlarm: 70 },
      { service: 'tax-engine', version: '3.3.0', minutesBeforeAlarm: 133 },
      { service: 'ledger', version: '6.0.9', minutesBeforeAlarm: 310 },
    ],
  },
  {
    name: 'cdn-cache-hit-ratio-low',
    title: 'CDN: cache hit ratio below 70 %',
    severity: 'ticket',
    metrics: [
      'Hit ratio fell from 94 % to 61 %.',
      'Misses come from image URLs that now carry a session parameter.',
      'Origin traffic doubled; origin latency is unchanged.',
    ],
    deploys: [
      { service: 'storefront', version: '9.4.0', minutesBeforeAlarm: 34 },
      { service: 'image-resizer', version: '2.8.1', minutesBeforeAlarm: 52 },
      { service: 'edge-config', version: '2026.45.0', minutesBeforeAlarm: 180 },
      { service: 'recommendations', version: '12.5.0', minutesBeforeAlarm: 260 },
    ],
  },
];

export function findAlarm(name: string): Alarm | undefined {
  return alarms.find((alarm) => alarm.name === name);
}

/** The deploy nearest before the alarm: a suspect, not a proof. */
export function nearestDeploy(alarm: Alarm): Deploy | undefined {
  return alarm.deploys.toSorted((a, b) => a.minutesBeforeAlarm - b.minutesBeforeAlarm)[0];
}
