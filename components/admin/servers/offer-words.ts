import { visibleText } from '@/components/ui/visible-text';
import type { ToolOffer } from '@/lib/domain/tool-offer';

export type CutOffer = Exclude<ToolOffer, { readonly is: 'whole' }>;

/** What agents do not get of a tool; null when they get all of it, or that is not known. */
export function cutOf(offer: ToolOffer | null): CutOffer | null {
  return offer === null || offer.is === 'whole' ? null : offer;
}

export function cutTag({ is }: CutOffer): string {
  return is === 'left_out' ? 'not listed for agents' : 'listed without its output schema';
}

/** Why, and what the one who runs the server can do; `detail` is quoted apart. */
export function cutWords(offer: CutOffer): { readonly why: string; readonly todo: string } {
  if (offer.is === 'without_output') return outputWords[offer.why];
  return leftWords[offer.why];
}

export function cutDetail({ detail }: CutOffer): string | null {
  return detail === '' ? null : visibleText(detail);
}

const leftWords: { readonly [W in Extract<CutOffer, { is: 'left_out' }>['why']]: ReturnType<typeof cutWords> } = {
  unreadable: {
    why: 'Its definition is not one of MCP. Agents read a list of tools as a whole: with it in the list they could read none of any server.',
    todo: 'Whoever runs the server can mend the definition. Until then agents do not see the tool.',
  },
  task_only: {
    why: 'It can only be called as a task of its server (execution.taskSupport is "required"), and Holdpoint does not begin tasks on servers. A call of it is refused, and nothing is sent.',
    todo: 'Whoever runs the server can set taskSupport to "optional". Agents may still make a task of any call: Holdpoint keeps it for them.',
  },
};

const callable = 'Agents see the tool and can call it; only what its results look like is not promised to them.';

const outputWords: { readonly [W in Extract<CutOffer, { is: 'without_output' }>['why']]: ReturnType<typeof cutWords> } =
  {
    broken: {
      why: 'Its output schema cannot be compiled. With it in the list some agents could read no tool of any server.',
      todo: `${callable} Whoever runs the server can mend the schema.`,
    },
    too_large: {
      why: 'Its output schema is larger than 100,000 characters, more than agents should be made to compile.',
      todo: `${callable} Whoever runs the server can make the schema smaller.`,
    },
    too_slow: {
      why: 'Its output schema takes too long to compile, here and in the agents.',
      todo: `${callable} If this machine was only busy, it is looked at again when the tools are next listed.`,
    },
    named: {
      why: 'A part of its output schema has an $id. Agents keep one list of such names, in which it could stand for another server’s schema.',
      todo: `${callable} Whoever runs the server can refer to the part by #/$defs instead.`,
    },
    async: {
      why: 'Its output schema says $async. A result that does not fit it could end the agent’s process.',
      todo: `${callable} Whoever runs the server can leave $async out.`,
    },
  };
