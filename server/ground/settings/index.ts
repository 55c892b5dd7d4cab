export { type SettingsRoutesOptions, type ShownSetting, settingsRoutes } from './routes.ts'
