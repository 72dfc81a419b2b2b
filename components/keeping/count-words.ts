import { keptNames, type PurgeCount } from '@/lib/domain/retention';

/** "Raw messages: 1,204 in 3 sessions" */
export function countWords({ kind, items, sessions, more }: PurgeCount): string {
  const counted = `${more ? 'at least ' : ''}${items.toLocaleString('en-US')}`;
  const where =
    sessions === null ? '' : ` in ${sessions.toLocaleString('en-US')} ${sessions === 1 ? 'session' : 'sessions'}`;
  return `${keptNames[kind]}: ${counted}${where}`;
}

/** "This would mask 3 values in the last 50 calls." */
export function previewWords(values: number, calls: number): string {
  if (calls === 0) return 'No call was recorded yet, so there is nothing to try it on.';
  const valueWord = values === 1 ? 'value' : 'values';
  return `This would mask ${values.toLocaleString('en-US')} ${valueWord} in the last ${calls === 1 ? 'call' : `${calls} calls`}.`;
}
