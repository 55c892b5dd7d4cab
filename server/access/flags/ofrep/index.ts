import type { Route } from '../../../platform/http/index.ts'
import { openAnnouncer } from './announce.ts'
import type { OfrepOptions, Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import { ofrepRoutes } from './routes.ts'
import { openStreamAddresses } from './stream-address.ts'
import { openViews } from './view.ts'

export type { OfrepOptions } from './parts.ts'

/** Every way in which it says no, for the documentation. */
export const ofrepRefusals = refuse.listed

export interface Ofrep extends Disposable {
  routes: Route[]
  /** Streams that are open here. */
  streams(): number
}

/** The OpenFeature Remote Evaluation Protocol over what flags serve. */
export function openOfrep(options: OfrepOptions): Ofrep {
  const views = openViews(options)
  const announcer = openAnnouncer({ ...options, views })
  const parts: Parts = { ...options, views, announcer, streams: openStreamAddresses(options) }
  return {
    routes: ofrepRoutes(parts),
    streams: announcer.count,
    [Symbol.dispose]: () => announcer[Symbol.dispose](),
  }
}
