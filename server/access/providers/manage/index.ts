export { type Managing, providerRoutes } from './routes.ts'
