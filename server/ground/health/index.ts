export type { Dependency, ReadDependency } from './dependency.ts'
export { startFigures } from './figures.ts'
export { openMetrics } from './metrics.ts'
export { changeKinds, healthRoutes } from './routes.ts'
