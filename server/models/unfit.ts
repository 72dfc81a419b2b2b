import type { MediaBlock, Sampling, SamplingBlock, ToolResultBlock } from '@/lib/domain/sampling';
import type { ModelProvider } from '@/server/engine/ports/model-entry';

type Kind = ModelProvider['kind'];

const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const sounds = ['audio/wav', 'audio/mpeg', 'audio/mp3'];
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const writeIt = 'Write the reply yourself, or decline.';

/** Why a model of this provider cannot be asked this, for a person; null when it can. Never sent as a guess. */
export function unfitAsk(ask: Sampling, provider: Kind): string | null {
  let isEmpty = true;
  for (const { role, blocks } of ask.messages) {
    for (const block of blocks) {
      const problem = blockProblem(block, { provider, isReply: role === 'assistant' });
      if (problem !== null) return problem;
      isEmpty &&= block.kind === 'text' && block.text.trim() === '';
    }
  }
  return isEmpty ? 'There are no words to send to a model. Write the prompt first.' : null;
}

function blockProblem(
  block: SamplingBlock,
  { provider, isReply }: { readonly provider: Kind; readonly isReply: boolean },
): string | null {
  switch (block.kind) {
    case 'text':
    case 'tool_use':
      return null;
    case 'image':
      if (isReply) return `An earlier reply holds an image, which models do not take back. ${writeIt}`;
      return imageProblem(block);
    case 'audio':
      if (isReply) return `An earlier reply holds sound, which models do not take back. ${writeIt}`;
      return soundProblem(block, provider);
    case 'tool_result':
      return resultProblem(block, provider);
    case 'other':
      return `The request holds content of a kind that models are not given: ${plain(block.type)}. ${writeIt}`;
  }
}

function imageProblem(block: MediaBlock): string | null {
  if (!images.includes(block.mimeType))
    return `Models take images as PNG, JPEG, GIF and WebP; the request holds ${plain(block.mimeType)}. ${writeIt}`;
  return base64.test(block.data) ? null : `An image of the request is damaged: it is not base64. ${writeIt}`;
}

function soundProblem(block: MediaBlock, provider: Kind): string | null {
  if (provider !== 'openai-compatible')
    return `This model takes no sound. Choose another model, or write the reply yourself.`;
  if (!sounds.includes(block.mimeType))
    return `Models take sound as WAV and MP3; the request holds ${plain(block.mimeType)}. ${writeIt}`;
  return base64.test(block.data) ? null : `A sound of the request is damaged: it is not base64. ${writeIt}`;
}

function resultProblem(block: ToolResultBlock, provider: Kind): string | null {
  const problems = block.content.map((part) => {
    switch (part.kind) {
      case 'text':
        return null;
      case 'audio':
        return `A tool’s result holds sound, which models are not given. ${writeIt}`;
      case 'other':
        return `A tool’s result holds content that models are not given: ${plain(part.type)}. ${writeIt}`;
      case 'image':
        return provider === 'openai-compatible'
          ? 'This model takes no images in a tool’s result. Choose another model, or write the reply yourself.'
          : imageProblem(part);
    }
  });
  return problems.find((problem) => problem !== null) ?? null;
}

/** A hostile server's words, short and on one line. */
function plain(words: string): string {
  return `"${words.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 40)}"`;
}
