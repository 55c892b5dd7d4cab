import { readConfig } from '../../server/config.ts'
import { openLog } from '../../server/platform/log.ts'
import { startAccess } from '../../server/start-access.ts'
import { tellCodes } from './code-lines.ts'

export interface MailerlessSetup {
  accessPort: number
  /** Where the generator listens for codes. */
  codePort: number
  folder: string
}

const CODE = /\b(\d{3})[ _]?(\d{3})\b/

/**
 * Access as `holdfast access` starts it, in this process, with a mailer that does nothing: the mail is written, handed to
 * delivery, and thrown away. Returns its origin.
 */
export async function startMailerless(databaseUrl: string, setup: MailerlessSetup): Promise<string> {
  const { accessPort, codePort, folder } = setup
  const url = `http://localhost:${accessPort}`
  const { config, origins } = readConfig({
    HOLDFAST_DATABASE_URL: databaseUrl,
    HOLDFAST_DATA: folder,
    HOLDFAST_ACCESS_PORT: String(accessPort),
    HOLDFAST_URL: url,
    // Each sign-in names another network, as people do who do not sit in one office.
    HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    // Whoever throws mail away takes any amount of it; all other limits stay in force.
    HOLDFAST_MAIL_RATE: '10000',
  })
  let tell: ReturnType<typeof tellCodes> | undefined
  await startAccess({
    config,
    settings: origins,
    log: openLog({ level: config.logLevel, process: 'access' }),
    process: 1,
    withDemo: false,
    onEnrolmentLink: undefined,
    onRefused(error) {
      throw error
    },
    mailServers: [
      {
        name: 'A',
        transport: {
          place: 'nowhere',
          async send({ id, to, subject }) {
            const [, first = '', second = ''] = CODE.exec(subject) ?? []
            // Not before: the generator listens when it is told of us.
            tell ??= tellCodes(codePort)
            tell(to, first + second)
            return { outcome: 'ok', id }
          },
          probe: async () => ({ outcome: 'ok' }),
        },
      },
    ],
  })
  return url
}
