/** MCP's levels, the least urgent first. */
const levels: readonly string[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

export function isLogLevel(value: unknown): value is string {
  return typeof value === 'string' && levels.includes(value);
}

/** Whether an agent that asked for `least` and above wants `level`; null when it never asked. */
export function isWanted(level: string, least: string | null): boolean {
  return least === null || !levels.includes(level) || levels.indexOf(level) >= levels.indexOf(least);
}
