export { searchRoutes, type SearchRoutesOptions } from './routes.ts'
export type { Found, Searcher } from './search.ts'
