import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Backups } from '../api/wire/installation.ts'
import { oneQuery } from '../list/list-query.ts'
import { api } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { Card } from '../ui/card.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Notice } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Facts } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Time } from '../ui/time.tsx'
import classes from './backups-page.module.css'
import { sayBytes, saySpan } from './say-bytes.ts'

export const crumb = 'Backups'

const query = oneQuery<Backups>('backups', api.backups())

export function loader(client: QueryClient) {
  void client.prefetchQuery(query)
}

export function BackupsPage() {
  return (
    <Page
      title="Backups"
      purpose="The newest backup, and the newest that was proved: restored elsewhere, signed in against, and counted."
    >
      <Reading query={useQuery(query)} about="backups" waiting={<RowsToCome rows={5} />}>
        {(backups, seen) => <Shown backups={backups} seen={seen} />}
      </Reading>
    </Page>
  )
}

function Shown({ backups, seen }: { backups: Backups; seen: Seen }) {
  const { schedule, target, problems } = backups
  return (
    <div className={classes.all}>
      {problems.length > 0 && (
        <Notice
          state="failing"
          role="status"
          title={problems.length === 1 ? problems[0] : `${problems.length} problems`}
        >
          {problems.length > 1 && (
            <ul className={classes.problems}>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <div className={classes.pair}>
        <Last last={backups.last} isOld={seen.isOld} />
        <Proved proved={backups.proved} isOld={seen.isOld} />
      </div>
      <Card title="By itself">
        <div className={classes.facts}>
          <Facts
            facts={[
              ['How often', schedule === null ? 'Never: nothing runs by itself' : `Every ${schedule}`],
              ['Where to', target === null ? 'Nowhere' : <Copyable key="target" value={target} />],
              ['To change it', 'HOLDFAST_BACKUP_* in the environment of access; see Settings'],
            ]}
          />
        </div>
      </Card>
      <Commands />
      <Pager first={null} next={null}>
        <ReadAt seen={seen} />
      </Pager>
    </div>
  )
}

function Last({ last, isOld }: { last: Backups['last']; isOld: boolean }) {
  return (
    <Card title="Newest backup" aside={<Had isThere={last !== null} isOld={isOld} word="Made" />}>
      {last === null ? (
        <p className={classes.none}>None was made yet. The first command below makes one.</p>
      ) : (
        <div className={classes.facts}>
          <Facts
            facts={[
              ['Shows', <Time key="at" at={last.at} />],
              ['Size', `${sayBytes(last.size)}, encrypted`],
              ['Took', saySpan(last.took_s)],
              ['Archive', last.archive && <Copyable key="archive" value={last.archive} />],
            ]}
          />
        </div>
      )}
    </Card>
  )
}

function Proved({ proved, isOld }: { proved: Backups['proved']; isOld: boolean }) {
  return (
    <Card title="Newest proof" aside={<Had isThere={proved !== null} isOld={isOld} word="Proved" />}>
      {proved === null ? (
        <p className={classes.none}>No backup was restored on trial yet: whether one can be is not known.</p>
      ) : (
        <div className={classes.facts}>
          <Facts
            facts={[
              ['Proved', <Time key="at" at={proved.at} />],
              ['Would have lost', proved.recovery_point && `${proved.recovery_point} of changes`],
              ['Back after', proved.recovery_time_s === null ? null : saySpan(proved.recovery_time_s)],
              ['Archive', proved.archive && <Copyable key="archive" value={proved.archive} />],
            ]}
          />
        </div>
      )}
    </Card>
  )
}

/** A backup that is not there is failing; one that nobody proved is unknown. */
function Had({ isThere, isOld, word }: { isThere: boolean; isOld: boolean; word: 'Made' | 'Proved' }) {
  if (isOld) return <StateMark state="unknown">Not known</StateMark>
  if (isThere) return <StateMark state="ok">{word}</StateMark>
  return word === 'Made' ? <StateMark state="failing">Never</StateMark> : <StateMark state="unknown">Never</StateMark>
}

const commands = [
  ['holdfast backup', 'Makes one now, and says where it is.'],
  [
    'holdfast backup prove',
    'Restores the newest into a scratch server, signs in against it, and prints what was lost.',
  ],
  ['holdfast restore', 'Puts one in place of an empty store. It asks before it touches anything.'],
] as const

function Commands() {
  return (
    <Card title="On the machine itself" aside="A browser can neither make nor restore a backup">
      <dl className={classes.commands}>
        {commands.map(([command, what]) => (
          <div key={command}>
            <dt>
              <Copyable value={command} />
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
