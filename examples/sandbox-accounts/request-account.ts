import { randomBytes } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { costCenterSchema, dataClasses, dataClassSchema } from '@/examples/sandbox-accounts/account';
import type { Account } from '@/examples/sandbox-accounts/account';
import type { AccountsFile } from '@/examples/sandbox-accounts/accounts-file';

export interface AccountArguments {
  readonly application: string;
  readonly region: string;
  readonly cost_center?: string | undefined;
  readonly data_class?: Account['dataClass'] | undefined;
}

export interface AccountCall {
  readonly server: Server;
  readonly extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
  readonly file: AccountsFile;
}

type Details =
  | { readonly kind: 'given'; readonly costCenter: string; readonly dataClass: Account['dataClass'] }
  | { readonly kind: 'refused'; readonly reason: string };

/** A person may take their time: the SDK's default of 60 s must not end the wait. */
const humanWaitMs = 24 * 60 * 60 * 1_000;

export async function requestAccount(args: AccountArguments, call: AccountCall): Promise<CallToolResult> {
  const details = await completeDetails(args, call);
  if (details.kind === 'refused') {
    return {
      content: [{ type: 'text', text: `No account was created: ${details.reason}` }],
      structuredContent: { outcome: 'not_created', reason: details.reason },
    };
  }
  // An answer that arrives together with the call's cancellation creates nothing.
  call.extra.signal.throwIfAborted();
  const account: Account = {
    id: `acc-${randomBytes(4).toString('hex')}`,
    application: args.application,
    region: args.region,
    costCenter: details.costCenter,
    dataClass: details.dataClass,
    createdAt: new Date().toISOString(),
  };
  await call.file.add(account);
  return {
    content: [
      {
        type: 'text',
        text: `Created ${account.id} for ${account.application} in ${account.region} (${account.costCenter}, ${account.dataClass}).`,
      },
    ],
    structuredContent: { outcome: 'created', account },
  };
}

async function completeDetails(args: AccountArguments, { server, extra }: AccountCall): Promise<Details> {
  const { cost_center: costCenter, data_class: dataClass } = args;
  if (costCenter !== undefined && dataClass !== undefined) return { kind: 'given', costCenter, dataClass };
  const missing = {
    ...(costCenter === undefined ? { cost_center: costCenterQuestion } : {}),
    ...(dataClass === undefined ? { data_class: dataClassQuestion } : {}),
  };
  const answer = await server.elicitInput(
    {
      mode: 'form',
      message: `A sandbox account for ${args.application} in ${args.region} is about to be created. What should it be booked as?`,
      requestedSchema: {
        type: 'object',
        properties: missing,
        required: Object.keys(missing),
      },
    },
    { relatedRequestId: extra.requestId, signal: extra.signal, timeout: humanWaitMs },
  );
  switch (answer.action) {
    case 'decline':
      return { kind: 'refused', reason: 'the person who was asked declined.' };
    case 'cancel':
      return { kind: 'refused', reason: 'the question was dismissed.' };
    case 'accept':
      return {
        kind: 'given',
        costCenter: costCenter ?? costCenterSchema.parse(answer.content?.['cost_center']),
        dataClass: dataClass ?? dataClassSchema.parse(answer.content?.['data_class']),
      };
    default:
      return answer.action satisfies never;
  }
}

const costCenterQuestion = {
  type: 'string' as const,
  title: 'Cost center',
  description: 'Who pays: CC- and four digits, for example CC-4410',
  pattern: '^CC-\\d{4}$',
};

const dataClassQuestion = {
  type: 'string' as const,
  title: 'Data class',
  description: 'The most sensitive data the account will hold',
  oneOf: [...dataClasses],
};
