import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './tokens.css'
import './base.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './query-client.ts'
import { overviewQuery } from './reading/overview.ts'
import { createConsoleRouter } from './router.tsx'
import { goToSignInWhenSignedOut } from './shell/go-to-sign-in.ts'
import { cssVariablesResolver, theme } from './theme.ts'
import { ClockProvider } from './ui/clock.tsx'

const client = createQueryClient(goToSignInWhenSignedOut)
const router = createConsoleRouter(client)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Clock>
          <RouterProvider router={router} />
          <Notifications position="bottom-center" />
        </Clock>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

/** Ages are told by access's clock: a laptop that is minutes off would make everything look old, or in the future. */
function Clock({ children }: { children: React.ReactNode }) {
  const { data, dataUpdatedAt } = useQuery({ ...overviewQuery, enabled: false })
  const offsetMs = data ? Date.parse(data.generated_at) - dataUpdatedAt : 0
  return <ClockProvider offsetMs={offsetMs}>{children}</ClockProvider>
}
