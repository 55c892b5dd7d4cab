import { Code } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { Setting, Settings } from '../api/wire/installation.ts'
import { oneQuery } from '../list/list-query.ts'
import { api } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { Card } from '../ui/card.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCount } from '../ui/moment.ts'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { groupsOf } from './setting-groups.ts'
import classes from './settings-page.module.css'

export const crumb = 'Settings'

const query = oneQuery<Settings>('settings', api.settings())

export function loader(client: QueryClient) {
  void client.prefetchQuery(query)
}

export function SettingsPage() {
  return (
    <Page
      title="Settings"
      purpose={
        <>
          What is in force in the process that answers, and where it came from. To change one, set its variable in the
          environment and start access again; <Code>holdfast config</Code> checks all of them beforehand.
        </>
      }
    >
      <Reading query={useQuery(query)} about="settings" waiting={<RowsToCome />}>
        {(answer, seen) => <Groups answer={answer} seen={seen} />}
      </Reading>
    </Page>
  )
}

function Groups({ answer, seen }: { answer: Settings; seen: Seen }) {
  return (
    <div className={classes.groups}>
      {groupsOf(answer.settings).map(({ name, settings }) => (
        <Card key={name} title={name}>
          <SettingTable name={name} settings={settings} />
        </Card>
      ))}
      <Pager first={null} next={null}>
        <span>
          {sayCount(answer.settings.length, 'setting')}, {answer.settings.filter(isSet).length} of them set
        </span>
        <ReadAt seen={seen} />
      </Pager>
    </div>
  )
}

const isSet = ({ from }: Setting) => from !== 'default'

function SettingTable({ name, settings }: { name: string; settings: readonly Setting[] }) {
  return (
    <table className={classes.table} aria-label={name}>
      <thead>
        <tr>
          <th scope="col">Variable</th>
          <th scope="col">Value</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {settings.map((setting) => (
          <tr key={setting.variable}>
            <th scope="row">
              <Copyable value={setting.variable} />
              <span className={classes.means}>{setting.means}</span>
            </th>
            <td className={classes.value}>
              {setting.value === null || setting.value === '' ? (
                <span className={classes.unset}>not set</span>
              ) : (
                <code>{setting.value}</code>
              )}
            </td>
            <td className={classes.from} data-set={isSet(setting) || undefined}>
              {setting.from}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
