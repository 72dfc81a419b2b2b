'use client';

import type { ReactNode } from 'react';
import KeyRound from 'lucide-react/icons/key-round';
import { CopyButton } from '@/components/ui/CopyButton';
import { OnceDialog } from '../people/OnceDialog';

export interface SecretDialogProps {
  readonly where: string;
  readonly secret: string;
  readonly onClose: () => void;
}

const example = [
  "import { Webhook } from 'standardwebhooks';",
  '',
  '// The body exactly as it came, before it is parsed.',
  'const notice = new Webhook(secret).verify(body, headers);',
].join('\n');

/** A webhook's secret, this one time, and how its messages are verified with it. */
export function SecretDialog({ where, secret, onClose }: SecretDialogProps): ReactNode {
  return (
    <OnceDialog
      title="Secret of the webhook"
      icon={KeyRound}
      words={`Messages to ${where} are signed with this secret. It is shown once: store it where the program that listens there reads its secrets.`}
      secret={secret}
      copy="Copy secret"
      done="I have stored the secret"
      size="lg"
      onClose={onClose}
    >
      <div className="snippet st-snippet">
        <div className="row snippet-h">
          <span className="meta grow">Verify each message before you believe it</span>
          <CopyButton label="Copy the example" text={() => example} />
        </div>
        <pre className="mono">{example}</pre>
      </div>
      <p className="hint">
        It follows the Standard Webhooks specification, for which there are libraries in most languages:{' '}
        <span className="mono">webhook-signature</span> is an HMAC-SHA256 of{' '}
        <span className="mono">webhook-id.webhook-timestamp.body</span>. Refuse a timestamp more than 5 minutes off, and
        an id you have seen: a message that was not confirmed is sent again under the same id.
      </p>
    </OnceDialog>
  );
}
