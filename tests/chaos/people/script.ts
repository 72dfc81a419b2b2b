import type { Random } from '@/tests/chaos/random';
import type { Question } from '@/tests/chaos/world';

/** How people deal with one request. Drawn from what it is about, so that the order of arrival decides nothing. */
export interface PersonScript {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly choice: 'run_again' | 'done_by_hand';
  /** `later`: left until all is whole again. */
  readonly when: 'soon' | 'later';
  readonly thinkMs: number;
  readonly claims: 'claims' | 'plain';
  /** `race`: two people at once, each with an answer of their own. */
  readonly who: 'first' | 'second' | 'race';
  /** `twice`: the same operation is said again though it was heard. */
  readonly says: 'once' | 'twice';
}

export function scriptFor(random: Random, kind: Question['kind']): PersonScript {
  const accepts = kind === 'recovery' ? 0.75 : kind === 'approval' ? 0.7 : 0.8;
  const declined = kind === 'approval' || kind === 'recovery' || random.chance(0.7) ? 'decline' : 'cancel';
  return {
    action: random.chance(accepts) ? 'accept' : declined,
    choice: random.chance(0.7) ? 'run_again' : 'done_by_hand',
    when: random.chance(0.35) ? 'later' : 'soon',
    thinkMs: random.between(0, 900),
    claims: random.chance(0.2) ? 'claims' : 'plain',
    who: random.weighted({ first: 4, second: 4, race: 2 }),
    says: random.chance(0.15) ? 'twice' : 'once',
  };
}
