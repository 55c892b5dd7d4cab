import { createRoute } from '@tanstack/react-router'
import type { AuditSearch } from '../paths.ts'
import { root } from '../root.tsx'
import { moment, text } from '../search.ts'
import * as audit from './audit-page.tsx'
import * as entry from './entry-panel.tsx'

const auditRoute = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  staticData: { crumb: audit.crumb },
  validateSearch: (search): AuditSearch => ({
    actor: text(search.actor),
    subject: text(search.subject),
    action: text(search.action),
    organization: text(search.organization),
    from: moment(search.from),
    to: moment(search.to),
    cursor: text(search.cursor),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => audit.loader(context.client, deps),
  component: audit.AuditPage,
})

const entryRoute = createRoute({
  getParentRoute: () => auditRoute,
  path: '$entryId',
  staticData: { crumb: entry.crumb },
  loader: ({ context, params }) => entry.loader(context.client, params.entryId),
  component: entry.EntryPanel,
})

export const auditRoutes = auditRoute.addChildren([entryRoute])
