export { callers, securitySchemes } from './callers.ts'
export { type DocumentationRoutesOptions, documentationRoutes } from './routes.ts'
export { tags } from './tags.ts'
