import { Type } from 'typebox'
import { type Database, DatabaseOutage } from '../../platform/database/index.ts'
import { type Guard, json, on, orNull, type Route, Time } from '../../platform/http/index.ts'
import { databaseVersion } from './queries.ts'

export interface ShownSetting {
  variable: string
  /** Masked already. */
  value: string
  from: string
  means: string
}

export interface SettingsRoutesOptions {
  db: Database
  guard: Guard
  settings: readonly ShownSetting[]
  installation(): { environment: string; installation_id: string | null; version: string; started_at: Date }
  /** The version of Node. */
  node: string
}

const Setting = Type.Object({
  variable: Type.String({ description: 'Its name in the environment.', examples: ['HOLDFAST_URL'] }),
  value: orNull(Type.String({ description: 'In force; null: not set.', examples: ['https://login.acme.example'] })),
  from: Type.String({ description: '`default` or `environment`.', examples: ['default'] }),
  means: Type.String({ description: 'What it is for.', examples: ['public origin of access'] }),
})
const Settings = Type.Object(
  {
    environment: Type.String({ description: 'As stamped on every store.', examples: ['production'] }),
    installation_id: orNull(Type.String({ description: 'Of the store.', examples: ['ins_01jd7s1a9e2k'] })),
    version: Type.String({ description: 'Of Holdfast.', examples: ['0.1.0'] }),
    node: Type.String({ description: 'Of Node.', examples: ['26.1.0'] }),
    database: orNull(Type.String({ description: 'Of PostgreSQL; null: it does not answer.', examples: ['18.0'] })),
    started_at: Time('When this process began.'),
    settings: Type.Array(Setting, { description: 'Each of them, in the order of the documentation.' }),
  },
  { description: 'What is in force in the process that answers. Passwords are masked.' },
)

export function settingsRoutes({ db, guard, settings, installation, node }: SettingsRoutesOptions): Route[] {
  return [
    on(
      'GET /v1/settings',
      {
        tag: 'settings',
        summary: 'Every setting in force, and where it came from',
        description: 'Settings are changed in the environment of the process, never here.',
        guard,
        answers: { 200: Settings },
      },
      async () =>
        json(200, {
          ...installation(),
          node,
          database: await versionIfKnown(db),
          settings: settings.map((setting) => ({ ...setting, value: setting.value || null })),
        }),
    ),
  ]
}

async function versionIfKnown(db: Database): Promise<string | null> {
  try {
    return await databaseVersion(db)
  } catch (error) {
    if (error instanceof DatabaseOutage) return null
    throw error
  }
}
