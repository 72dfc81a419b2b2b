import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra, RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type {
  CallToolResult,
  CreateMessageResult,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { alarms, findAlarm, nearestDeploy } from '@/examples/incident-investigator/alarms';
import type { Alarm, Deploy } from '@/examples/incident-investigator/alarms';

export interface Investigation {
  readonly server: Server;
  readonly extra: RequestHandlerExtra<ServerRequest, ServerNotification>;
  readonly stageMs: number;
}

type Choice =
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly message: string };

type Summary =
  | { readonly kind: 'written'; readonly text: string; readonly model: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** A person may take their time: the SDK's default of 60 s must not end the wait. */
const humanWaitMs = 24 * 60 * 60 * 1_000;

/** By the specification, a person's refusal of a sampling request is this error. */
const userRejectedSampling = -1;

export async function investigateAlarm(
  alarmName: string | undefined,
  investigation: Investigation,
): Promise<CallToolResult> {
  const choice = await chooseAlarm(alarmName, investigation);
  switch (choice.kind) {
    case 'unknown':
      return { content: [{ type: 'text', text: choice.message }], isError: true };
    case 'stopped':
      return {
        content: [{ type: 'text', text: `Nothing was investigated: ${choice.reason}` }],
        structuredContent: { outcome: 'no_alarm_chosen', reason: choice.reason },
      };
    case 'alarm':
      return investigateChosen(choice.alarm, investigation);
    default:
      return choice satisfies never;
  }
}

async function investigateChosen(alarm: Alarm, investigation: Investigation): Promise<CallToolResult> {
  const stages = ['Collect metrics', `Correlate ${alarm.deploys.length} deploys`, 'Write the summary'];
  for (const [index, message] of stages.entries()) {
    await reportProgress(investigation, { progress: index + 1, total: stages.length, message });
    await pause(investigation.stageMs, undefined, { signal: investigation.extra.signal });
  }
  const suspect = nearestDeploy(alarm);
  const suspectName = suspect === undefined ? 'none' : deployName(suspect);
  const summary = await askForSummary(alarm, investigation);
  if (summary.kind === 'missing') {
    return {
      content: [
        {
          type: 'text',
          text: `${alarm.name} was investigated, but has no summary: ${summary.reason} Facts: ${alarm.metrics.join(' ')} Nearest deploy: ${suspectName}.`,
        },
      ],
      structuredContent: { outcome: 'no_summary', alarm: alarm.name, suspect: suspectName, reason: summary.reason },
    };
  }
  return {
    content: [{ type: 'text', text: summary.text }],
    structuredContent: {
      outcome: 'summarised',
      alarm: alarm.name,
      summary: summary.text,
      summaryWords: summary.text.split(/\s+/).filter((word) => word !== '').length,
      model: summary.model,
      suspect: suspectName,
    },
  };
}

async function chooseAlarm(alarmName: string | undefined, { server, extra }: Investigation): Promise<Choice> {
  if (alarmName !== undefined) return known(alarmName);
  if (server.getClientCapabilities()?.elicitation === undefined) {
    return { kind: 'unknown', message: `Say which alarm. ${firingAlarms()}` };
  }
  const answer = await server.elicitInput(
    {
      mode: 'form',
      message: 'Which alarm should I investigate?',
      requestedSchema: {
        type: 'object',
        properties: {
          alarm: {
            type: 'string',
            title: 'Alarm',
            description: 'These alarms are firing now',
            oneOf: alarms.map((alarm) => ({ const: alarm.name, title: alarm.title })),
          },
        },
        required: ['alarm'],
      },
    },
    waiting(extra),
  );
  switch (answer.action) {
    case 'decline':
      return { kind: 'stopped', reason: 'the person who was asked declined to choose an alarm.' };
    case 'cancel':
      return { kind: 'stopped', reason: 'the question which alarm was dismissed.' };
    case 'accept':
      return known(String(answer.content?.['alarm'] ?? ''));
    default:
      return answer.action satisfies never;
  }
}

function known(name: string): Choice {
  const alarm = findAlarm(name);
  if (alarm !== undefined) return { kind: 'alarm', alarm };
  return { kind: 'unknown', message: `No alarm is called ${JSON.stringify(name)}. ${firingAlarms()}` };
}

function firingAlarms(): string {
  return `Firing now: ${alarms.map((alarm) => alarm.name).join(', ')}.`;
}

async function askForSummary(alarm: Alarm, { server, extra }: Investigation): Promise<Summary> {
  if (server.getClientCapabilities()?.sampling === undefined) {
    return { kind: 'missing', reason: 'the client offers no model.' };
  }
  try {
    return written(await server.createMessage(summaryRequest(alarm), waiting(extra)));
  } catch (error) {
    // A cancelled call has nobody left to tell, and only the other side's refusal is an ordinary end.
    if (extra.signal.aborted || !(error instanceof McpError)) throw error;
    if (error.code === userRejectedSampling) {
      return { kind: 'missing', reason: 'the person who was asked declined to have it written.' };
    }
    return { kind: 'missing', reason: `the request for it failed (${error.message}).` };
  }
}

function summaryRequest(alarm: Alarm): Parameters<Server['createMessage']>[0] {
  const facts = [
    `Alarm ${alarm.name} (${alarm.severity}): ${alarm.title}.`,
    ...alarm.metrics,
    'Deploys before the alarm:',
    ...alarm.deploys.map((deploy) => `- ${deployName(deploy)}, ${deploy.minutesBeforeAlarm} minutes before`),
    'Write the summary, at most 60 words.',
  ];
  return {
    systemPrompt:
      'You write incident summaries for on-call engineers. Use only the facts given. State the cause as a hypothesis unless a fact proves it. At most 60 words.',
    messages: [{ role: 'user', content: { type: 'text', text: facts.join('\n') } }],
    modelPreferences: {
      hints: [{ name: 'claude-sonnet' }, { name: 'claude' }],
      intelligencePriority: 0.7,
      speedPriority: 0.5,
      costPriority: 0.3,
    },
    temperature: 0.2,
    maxTokens: 200,
  };
}

function written(result: CreateMessageResult): Summary {
  if (result.content.type !== 'text' || result.content.text.trim() === '') {
    return { kind: 'missing', reason: `the answer held no text (${result.content.type}).` };
  }
  return { kind: 'written', text: result.content.text.trim(), model: result.model };
}

function deployName(deploy: Deploy): string {
  return `${deploy.service} ${deploy.version}`;
}

/** Questions travel on the call's own stream and end with the call. */
function waiting(extra: Investigation['extra']): RequestOptions {
  return { relatedRequestId: extra.requestId, signal: extra.signal, timeout: humanWaitMs };
}

async function reportProgress(
  { extra }: Investigation,
  stage: { progress: number; total: number; message: string },
): Promise<void> {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined) return;
  await extra.sendNotification({ method: 'notifications/progress', params: { progressToken, ...stage } });
}
