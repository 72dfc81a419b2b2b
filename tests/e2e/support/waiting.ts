import type { QueueItem } from '@/lib/domain/request-detail';
import type { Commander } from '@/tests/e2e/support/product';
import { watchOpen } from '@/tests/support/looks';

/** The open request that this fits, once it is there. */
export async function openItem(desk: Commander, fits: (item: QueueItem) => boolean): Promise<QueueItem> {
  for (;;) {
    const changed = new Promise((resolve) => desk.socket.once('push', resolve));
    const queue = await desk.say(watchOpen);
    const item = queue.ok ? queue.value.items.find(fits) : undefined;
    if (item !== undefined) return item;
    await changed;
  }
}
