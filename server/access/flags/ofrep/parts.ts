import type { CompiledFlags } from '../../../../sdk/evaluate.ts'
import type { SnapshotBody } from '../../../../sdk/flags/snapshot.ts'
import type { Application, ApplicationDirectory } from '../../../ground/applications/index.ts'
import type { FlagAskers } from '../../../ground/tokens/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Secret } from '../../../platform/secret.ts'
import type { AnswersSigner } from '../sign/sign-answers.ts'
import type { Announcer } from './announce.ts'
import type { StreamAddresses } from './stream-address.ts'
import type { Views } from './view.ts'

/** What is served at this moment, as far as these routes look at it. */
export interface Held {
  epoch: number
  seq: number
  set: CompiledFlags
  body: Pick<SnapshotBody, 'environment' | 'installation_id' | 'flags' | 'made_at' | 'key_list'>
  source: 'live' | 'disk'
  ageMs(): number | null
}

/** Of the front of flags: from memory, but for `reach`. */
export interface HeldFlags {
  current(): Held | undefined
  reach(number: { epoch: number; seq: number }, withinMs: number): Promise<Held | undefined>
  onChange(listener: () => void): () => void
  /** Undefined: nothing can be signed here at this moment. */
  signAnswers: AnswersSigner
}

export interface OfrepOptions {
  flags: HeldFlags
  clock: Clock
  secret: Secret
  environment: string
  applications: Pick<ApplicationDirectory, 'authenticate' | 'find' | 'reload'>
  tokens: FlagAskers
}

/** What the verbs here are handed. */
export interface Parts extends OfrepOptions {
  views: Views
  streams: StreamAddresses
  announcer: Announcer
}

/** Who asks: an application or a program sees all flags, a browser those that are marked for it. */
export interface Asker {
  kind: 'application' | 'machine' | 'browser'
  id: Application['id']
}
