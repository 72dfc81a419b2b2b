import type { JournalReader } from '@/tests/chaos/journal-reader';
import { Moments } from '@/tests/chaos/moments';
import type {
  Cancel,
  Fault,
  Orphan,
  Question,
  Saying,
  Send,
  ServerFacts,
  Stop,
  Telling,
  World,
} from '@/tests/chaos/world';

/** Collects what is seen from all sides, over all rounds: a call may be run again long after its round. */
export class Ledger {
  readonly sends: Send[] = [];
  readonly tellings: Telling[] = [];
  readonly sayings: Saying[] = [];
  readonly faults: Fault[] = [];
  readonly stops: Stop[] = [];
  readonly cancels: Cancel[] = [];
  readonly orphans: Orphan[] = [];
  /** Of the round under way. */
  moments = new Moments();
  private readonly questions = new Map<string, Question>();

  constructor(
    private readonly servers: readonly ServerFacts[],
    private readonly journals: readonly JournalReader[],
  ) {}

  /** A newer view of a request takes the place of the older. */
  see(question: Question): void {
    this.questions.set(question.requestId, question);
  }

  world(): World {
    for (const journal of this.journals) journal.read();
    const { servers, sends, tellings, sayings, faults, stops, cancels, orphans } = this;
    const effects = this.journals.flatMap((journal) => journal.effects);
    const questions = [...this.questions.values()];
    return { servers, effects, sends, tellings, questions, sayings, faults, stops, cancels, orphans };
  }
}
