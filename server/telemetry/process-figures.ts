import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

/** How the process itself fares. The returned function ends the watching. */
export function watchProcess(meters: readonly Meter[]): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  for (const meter of meters) {
    const memory = meter.createObservableGauge('process.resident_memory.bytes', {
      description: 'Resident memory',
      unit: 'By',
    });
    memory.addCallback((result) => result.observe(process.memoryUsage.rss()));
    const heap = meter.createObservableGauge('nodejs.heap_used.bytes', { description: 'Heap in use', unit: 'By' });
    heap.addCallback((result) => result.observe(process.memoryUsage().heapUsed));
    const lag = meter.createObservableGauge('nodejs.eventloop.delay_p99.seconds', {
      description: 'How late the event loop runs what is due, since the process began',
      unit: 's',
    });
    lag.addCallback((result) => result.observe(Number.isNaN(delay.percentile(99)) ? 0 : delay.percentile(99) / 1e9));
    const cpu = meter.createObservableCounter('process.cpu.seconds', { description: 'CPU time used', unit: 's' });
    cpu.addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / 1e6, { 'cpu.mode': 'user' });
      result.observe(system / 1e6, { 'cpu.mode': 'system' });
    });
  }
  return () => delay.disable();
}
