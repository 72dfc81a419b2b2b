import type { ChoiceId } from '@/lib/domain/ids';
import type { Person } from '@/lib/domain/permission';
import type { RememberedChoice } from '@/lib/domain/policy/choice';
import type { PolicyQuestion } from '@/lib/domain/policy/question';
import type { PolicyRule, PolicyVersion } from '@/lib/domain/policy/rule';
import { done, type Result } from '@/lib/domain/refusal';
import type { CommandOf } from '@/lib/protocol/commands';
import type { ReplyOf } from '@/lib/protocol/replies';
import type { Handlers } from './commands';

/** Rules and remembered choices as people reach them; whoever keeps them checks who asks (I11). */
export interface RulesPort {
  read(person: Person): Promise<Result<ReplyOf['rules.read']>>;
  version(person: Person, version: number): Promise<Result<PolicyVersion>>;
  check(person: Person, rules: readonly PolicyRule[]): Promise<Result<ReplyOf['rules.check']>>;
  save(
    person: Person,
    order: { readonly base: number; readonly rules: readonly PolicyRule[]; readonly note: string | null },
  ): Promise<Result<PolicyVersion>>;
  tryOut(
    person: Person,
    order: { readonly rules: readonly PolicyRule[] | null; readonly question: PolicyQuestion },
  ): Promise<Result<ReplyOf['rules.try']>>;
  backtest(
    person: Person,
    order: { readonly rules: readonly PolicyRule[]; readonly days: number },
  ): Promise<Result<ReplyOf['rules.backtest']>>;
  importFile(person: Person, text: string): Promise<Result<ReplyOf['rules.import']>>;
  exportFile(person: Person): Promise<Result<ReplyOf['rules.export']>>;
  choices(person: Person): Promise<Result<{ readonly choices: readonly RememberedChoice[] }>>;
  revoke(person: Person, id: ChoiceId): Promise<Result<RememberedChoice>>;
}

type RuleCommand =
  | `rules.${'read' | 'version' | 'check' | 'save' | 'try' | 'backtest' | 'import' | 'export'}`
  | `choices.${'list' | 'revoke'}`;

export function ruleHandlers(rules: RulesPort): Pick<Handlers, RuleCommand> {
  return {
    'rules.read': (guest) => rules.read(guest.person),
    'rules.version': (guest, { version }) => rules.version(guest.person, version),
    'rules.check': (guest, command) => rules.check(guest.person, command.rules),
    'rules.save': (guest, { type: _type, ...order }) => rules.save(guest.person, order),
    'rules.try': (guest, command) =>
      rules.tryOut(guest.person, { rules: command.rules, question: questionFrom(command.call) }),
    'rules.backtest': (guest, command) => rules.backtest(guest.person, { rules: command.rules, days: command.days }),
    'rules.import': (guest, { text }) => rules.importFile(guest.person, text),
    'rules.export': (guest) => rules.exportFile(guest.person),
    'choices.list': async (guest) => {
      const found = await rules.choices(guest.person);
      return found.ok ? done(found.value) : found;
    },
    'choices.revoke': (guest, { choiceId }) => rules.revoke(guest.person, choiceId),
  };
}

/** A made-up call, as rules look at it. */
function questionFrom(call: CommandOf<'rules.try'>['call']): PolicyQuestion {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = call.annotations;
  return {
    server: { name: call.server, trusted: call.trusted },
    tool: {
      name: call.tool,
      title: call.tool,
      description: call.description,
      annotations: {
        ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
        ...(destructiveHint === undefined ? {} : { destructiveHint }),
        ...(idempotentHint === undefined ? {} : { idempotentHint }),
        ...(openWorldHint === undefined ? {} : { openWorldHint }),
      },
    },
    agent: { name: call.agent, owner: call.owner },
    session: { client: call.client, scope: null },
    args: call.args,
  };
}
