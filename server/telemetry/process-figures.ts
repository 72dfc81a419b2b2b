import type { Meter } from '@opentelemetry/api';
import { watchLoop } from './loop-delay';

/** How the process itself fares. The returned function ends the watching. */
export function watchProcess(meters: readonly Meter[]): () => void {
  const { delay, stop } = watchLoop();
  const startedAt = Date.now() - process.uptime() * 1_000;
  for (const meter of meters) {
    const memory = meter.createObservableGauge('process.resident_memory.bytes', {
      description: 'Resident memory',
      unit: 'By',
    });
    memory.addCallback((result) => result.observe(process.memoryUsage.rss()));
    const start = meter.createObservableGauge('process.start_time.seconds', {
      description: 'When the process began, seconds since 1970',
      unit: 's',
    });
    start.addCallback((result) => result.observe(startedAt / 1_000));
    const heap = meter.createObservableGauge('nodejs.heap_used.bytes', { description: 'Heap in use', unit: 'By' });
    heap.addCallback((result) => result.observe(process.memoryUsage().heapUsed));
    const lag = meter.createObservableGauge('nodejs.eventloop.delay_p99.seconds', {
      description: 'How late the event loop runs what is due: 99th percentile of the last one to two minutes',
      unit: 's',
    });
    lag.addCallback((result) => result.observe(delay.seconds));
    const cpu = meter.createObservableCounter('process.cpu.seconds', { description: 'CPU time used', unit: 's' });
    cpu.addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / 1e6, { 'cpu.mode': 'user' });
      result.observe(system / 1e6, { 'cpu.mode': 'system' });
    });
  }
  return stop;
}
