import { type Channel, longestDigestMinutes, noticeKinds, type Preferences, shortestDigestMinutes } from '../notice';
import { isTimeZone } from './local-time';
import { quietProblem } from './quiet-hours';

/** Why preferences cannot be saved, in words; null when they can. */
export function preferenceProblem<C extends Channel>(
  { kinds, timeZone, quiet, digestMinutes }: Preferences<C>,
  channels: readonly C[],
): string | null {
  const lists = Object.entries<readonly string[]>(kinds);
  if (lists.length !== channels.length || channels.some((channel) => kinds[channel] === undefined))
    return `Each of ${channels.join(', ')} needs its list of kinds.`;
  if (lists.some(([, list]) => list.some((kind) => !noticeKinds.some((known) => known === kind))))
    return 'One of these kinds of notice is not known.';
  if (!isTimeZone(timeZone)) return 'This time zone is not known.';
  const isLength =
    digestMinutes === null ||
    (Number.isInteger(digestMinutes) &&
      digestMinutes >= shortestDigestMinutes &&
      digestMinutes <= longestDigestMinutes);
  if (!isLength) return `A digest gathers for ${shortestDigestMinutes} minutes to a day.`;
  return quiet === null ? null : quietProblem(quiet);
}
