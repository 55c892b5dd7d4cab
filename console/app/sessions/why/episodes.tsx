import type { EndList, SessionEnd } from '../../api/wire/sessions.ts'
import { sayNumber } from '../../ui/moment.ts'
import { Notice } from '../../ui/notice.tsx'
import { Moment } from '../../ui/time.tsx'

const classNames: Record<string, string> = {
  own: 'Far more people than usual signed out',
  administrator: 'Far more sessions than usual were ended by administrators',
  itself: 'Far more sessions than usual ran out',
  refused: 'Far more browsers than usual showed sessions that nobody here knows',
  unexplained: 'Sessions were gone without having ended',
}

interface EpisodesProps {
  ends: readonly SessionEnd[]
  episodes: EndList['episodes']
}

/** When far more ended than usual, one person's question is probably everybody's. */
export function Episodes({ ends, episodes }: EpisodesProps) {
  if (episodes.length === 0) {
    return (
      ends.some(({ is_usual }) => !is_usual) && <Notice state="degraded" title="Far more sessions ended than usual" />
    )
  }
  return episodes.map(({ id, class: kind, began_at, over_at, counted, usual }) => (
    <Notice key={id} state={over_at ? 'degraded' : 'failing'} title={classNames[kind] ?? 'Sign-outs were unusual'}>
      <p>
        From <Moment at={began_at} />{' '}
        {over_at ? (
          <>
            to <Moment at={over_at} />
          </>
        ) : (
          'until now, and it goes on'
        )}
        : {sayNumber(counted)}, where about {sayUsual(usual)} would have been usual. Whoever asks now is probably not
        the only one.
      </p>
    </Notice>
  ))
}

function sayUsual(usual: number): string {
  return usual < 1 ? 'none' : sayNumber(Math.round(usual))
}
