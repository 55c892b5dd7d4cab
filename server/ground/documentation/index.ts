export { callers, securitySchemes } from './callers.ts'
export { lasting, type PolicyLine } from './pages/policy-section.ts'
export { type DocumentationRoutesOptions, documentationRoutes } from './routes.ts'
export { tags } from './tags.ts'
