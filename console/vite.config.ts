import react from '@vitejs/plugin-react'
import { defineConfig, type ProxyOptions } from 'vite'

/** Where `npx vite` finds access while somebody works on the console. */
const ACCESS = 'http://localhost:4000'

/** Everything that access answers itself; the rest is the console. */
const answeredByAccess = [
  '/v1',
  '/healthz',
  '/readyz',
  '/metrics',
  '/.well-known',
  '/sign-in',
  '/sign-out',
  '/account',
  '/enrol',
  '/docs',
  '/openapi.json',
  '/dev/',
]

/** Access refuses a write whose Origin is not its own, as it should; here it really comes from the next port. */
const toAccess: ProxyOptions = {
  target: ACCESS,
  configure: (proxy) => {
    proxy.on('proxyReq', (request) => {
      if (request.hasHeader('origin')) request.setHeader('origin', ACCESS)
    })
  },
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // `font-src 'self'` does not cover data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    // The polyfill is an inline script, which the Content-Security-Policy refuses.
    modulePreload: { polyfill: false },
    // What others wrote changes seldom: a browser that has it loads only ours after an upgrade.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            { name: 'mantine', test: /node_modules\/(@mantine|@floating-ui|@tabler)\// },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true, proxy: Object.fromEntries(answeredByAccess.map((path) => [path, toAccess])) },
})
