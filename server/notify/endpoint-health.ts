import type { Clock } from '@/server/engine/ports/clock';
import type { Log } from '@/server/engine/ports/log';
import type { SendOutcome } from './channel/outcome';
import type { Delivery } from './delivery';
import type { EndpointStore } from './endpoint-store';
import type { Ending, NoticeStore } from './notice-store';

const mostFailures = 100;
const deadMs = 24 * 3_600_000;
/** Less than any schedule of tries is long: a delivery that was given up while others got through says little. */
const givenUpMs = 12 * 3_600_000;

/** Switches places off that are gone, or to which nothing gets through; an admin may switch them on again. */
export class EndpointHealth {
  constructor(
    private readonly endpoints: EndpointStore,
    private readonly store: Pick<NoticeStore, 'dropFor'>,
    private readonly ports: { readonly clock: Clock; readonly log: Log },
  ) {}

  async note({ recipient }: Delivery, outcome: SendOutcome, ending: Ending): Promise<void> {
    if (this.endpoints.find(recipient) === null) return;
    if (outcome.outcome === 'sent') return this.endpoints.gotThrough(recipient);
    const now = this.ports.clock.now();
    await this.endpoints.failed(recipient, now);
    if (outcome.outcome !== 'failed') return this.switchOff(recipient, outcome.words);
    const endpoint = this.endpoints.find(recipient);
    const sinceAt = endpoint?.failingSinceAt ?? now;
    const failures = endpoint?.failures ?? 0;
    const isGivenUp = ending.state === 'failed' && now - sinceAt >= givenUpMs;
    const isDead = failures >= mostFailures && now - sinceAt >= deadMs;
    if (isGivenUp || isDead)
      await this.switchOff(recipient, `Nothing got through in ${failures} tries. ${outcome.words}`);
  }

  private async switchOff(id: string, why: string): Promise<void> {
    const { clock, log } = this.ports;
    if (this.endpoints.find(id)?.disabledAt !== null) return;
    await this.endpoints.disable(id, clock.now(), why);
    log.warn({ endpoint: id, why }, 'an endpoint was switched off');
    await this.store.dropFor(id, 'The place it goes to was switched off.');
  }
}
