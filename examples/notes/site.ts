import {
  createHandler,
  type Holdfast,
  type NodeHandler,
  signInPath,
  type Verified,
  type VerifyOptions,
} from '@holdfast/sdk'
import { type Asset, type Exchange, readAsset } from './exchange.ts'
import type { Html } from './html.ts'
import type { Notebook } from './notebook.ts'
import { type LayoutProps, layout } from './pages/layout.ts'

/** What every page of Fieldnotes is made with. */
export interface Site {
  holdfast: Holdfast
  auth: NodeHandler
  notebook: Notebook
  /** The one address of the app. */
  origin: string
  assets: ReadonlyMap<string, Asset>
  signInUrl: string
  page(props: Pick<LayoutProps, 'title'> & Partial<LayoutProps>, content: Html): string
}

export function openSite(options: { holdfast: Holdfast; notebook: Notebook; origin: string }): Site {
  const { holdfast, origin } = options
  const style = readAsset('fieldnotes.css', 'text/css; charset=utf-8')
  const script = readAsset('live.js', 'text/javascript; charset=utf-8')
  const signInUrl = signInPath({ origin, path: '/' })
  const defaults = {
    signInUrl,
    styleUrl: style.url,
    scriptUrl: script.url,
    signedOutUrl: `${origin}/signed-out?reason=signed_out`,
  }
  return {
    ...options,
    auth: createHandler(holdfast),
    assets: new Map([style, script].map((asset) => [asset.path, asset])),
    signInUrl,
    page: (props, content) => layout({ ...defaults, ...props }, content),
  }
}

/** Asks the SDK who is here, and hands its cookies on. */
export async function verify(site: Site, { request, response }: Exchange, options?: VerifyOptions): Promise<Verified> {
  const answer = await site.holdfast.sessions.verify(request, options)
  for (const cookie of answer.setCookies) response.appendHeader('set-cookie', cookie)
  return answer
}
