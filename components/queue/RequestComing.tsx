import Link from 'next/link';
import type { ReactNode } from 'react';
import Bot from 'lucide-react/icons/bot';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import Server from 'lucide-react/icons/server';
import { kindIcons, kindNames, titleWords } from '@/components/request/words';
import { Icon } from '@/components/ui/Icon';
import { Bone, Skeleton } from '@/components/ui/Skeleton';
import { Status } from '@/components/ui/Status';
import { Tag } from '@/components/ui/Tag';
import type { QueueItem } from '@/lib/domain/request-detail';

/** What the list knows of a request, until it was read: its head, and no way to answer. */
export function RequestComing({ item, backHref }: { readonly item: QueueItem; readonly backHref: string }): ReactNode {
  const { request, agent } = item;
  return (
    <article className="rq pane" aria-label={titleWords(request)} aria-busy="true">
      <header className="bar r-bar">
        <Link className="btn ghost icon sm narrow" href={backHref} aria-label="Back to the queue">
          <Icon of={ChevronLeft} />
        </Link>
        <Status icon={kindIcons[request.kind]}>{kindNames[request.kind]}</Status>
      </header>
      <div className="d-head">
        <div className="stack r-head-words">
          <div className="row wrap r-tags">
            <Tag icon={Server}>{request.server}</Tag>
            {request.tool === null ? null : <Tag look="code">{request.tool}</Tag>}
            <Tag icon={Bot}>{agent}</Tag>
          </div>
          <h1 className="title r-title">{titleWords(request)}</h1>
        </div>
      </div>
      <Skeleton label="Loading the request">
        <div className="stack r-bones">
          <Bone width="120px" height="8px" />
          <Bone width="100%" height="58px" />
          <Bone width="140px" height="8px" />
          <Bone width="100%" height="32px" />
        </div>
      </Skeleton>
    </article>
  );
}
