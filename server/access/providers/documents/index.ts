export {
  type Discovery,
  discoveryUrl,
  expectedIssuer,
  isShared,
  issuersOf,
  judgeEndpoints,
  judgeIssuer,
  TENANT_PLACE,
} from './discovery.ts'
export { type Documents, LOOK_MS, type Look, openDocuments } from './documents.ts'
export { forgetDocuments, listKeys, reinstate } from './queries.ts'
