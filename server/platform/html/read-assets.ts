import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Asset {
  /** `/assets/hosted.css`. */
  path: string
  type: string
  body: Buffer
  etag: string
  cacheControl: string
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Names in the style sheet, and the files of the font package that they stand for. */
const FONTS = ['latin', 'latin-ext', 'cyrillic', 'greek'].map((subset) => ({
  name: `inter-${subset}.woff2`,
  file: new URL(import.meta.resolve(`@fontsource-variable/inter/files/inter-${subset}-wght-normal.woff2`)),
}))

/**
 * Style and script may change with a release and are asked for again after five minutes. A copy that is older is used
 * while we are away: a page without its style looks like an attack.
 */
const SHORT = 'public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400'
const LONG = 'public, max-age=31536000, immutable'

/** Everything the hosted pages load, read once at start: about 250 kB, served from memory, never from a path a browser names. */
export async function readAssets(): Promise<Map<string, Asset>> {
  const folder = new URL('../../assets/', import.meta.url)
  const own = (await readdir(fileURLToPath(folder)))
    .filter((name) => extname(name) in TYPES)
    .map((name) => ({ name, file: new URL(name, folder) }))
  const assets = await Promise.all([...own, ...FONTS].map(({ name, file }) => readAsset(name, file)))
  return new Map(assets.map((asset) => [asset.path, asset]))
}

async function readAsset(name: string, file: URL): Promise<Asset> {
  const body = await readFile(file)
  const type = TYPES[extname(name)]!
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22)
  return {
    path: `/assets/${name}`,
    type,
    body,
    etag: `"${digest}"`,
    cacheControl: type === 'font/woff2' ? LONG : SHORT,
  }
}
