/** An approval takes two steps: the first shows the arguments and arms the button, the second commits. */
export type Arming =
  | { readonly step: 'calm' }
  /** Values are not fully shown: what cannot be seen cannot be approved. */
  | { readonly step: 'pointed'; readonly hidden: number }
  | { readonly step: 'armed'; readonly at: number }
  /** Something dangerous was accepted in less time than it takes to read: it is asked once more. */
  | { readonly step: 'hasty'; readonly at: number; readonly openForMs: number };

export const calm: Arming = { step: 'calm' };

/** A second press this soon is the first one bouncing, not a decision. */
export const settleMs = 600;

/** An accept of something dangerous this soon after it was opened is asked once more. */
export const hastyMs = 2_000;

export interface ArmingPress {
  readonly at: number;
  readonly hidden: number;
  /** When something dangerous was opened, by the same clock; null where haste does no harm. */
  readonly dangerousSince: number | null;
}

export interface ArmingStep {
  readonly arming: Arming;
  readonly effect: 'nothing' | 'show_arguments' | 'commit';
}

export function press(arming: Arming, { at, hidden, dangerousSince }: ArmingPress): ArmingStep {
  if (hidden > 0) return { arming: { step: 'pointed', hidden }, effect: 'show_arguments' };
  if (arming.step !== 'armed' && arming.step !== 'hasty')
    return { arming: { step: 'armed', at }, effect: 'show_arguments' };
  if (at - arming.at < settleMs) return { arming, effect: 'nothing' };
  const openForMs = dangerousSince === null ? hastyMs : at - dangerousSince;
  if (arming.step === 'armed' && openForMs < hastyMs)
    return { arming: { step: 'hasty', at, openForMs }, effect: 'nothing' };
  return { arming: calm, effect: 'commit' };
}

/** Closing a value again takes the arming back. */
export function afterHiding(arming: Arming, hidden: number): Arming {
  if (hidden === 0) return arming.step === 'pointed' ? calm : arming;
  return arming.step === 'calm' ? arming : { step: 'pointed', hidden };
}
