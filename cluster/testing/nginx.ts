import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

/** The block of docs/several-machines.md, with the ports of this run: what is written there is what was run. */
const DOCUMENT = join(import.meta.dirname, '../../docs/several-machines.md')

export interface Nginx extends AsyncDisposable {
  url: string
}

export async function startNginx(options: { folder: string; port: number; access: readonly number[] }): Promise<Nginx> {
  const { folder, port, access } = options
  const [, shown] = readFileSync(DOCUMENT, 'utf8').match(/^```nginx\n(.*?)^```$/ms) ?? []
  if (!shown) throw new Error('docs/several-machines.md shows no nginx')
  const site = shown
    .replace(/10\.0\.0\.1:4000/, `127.0.0.1:${access[0]}`)
    .replace(/10\.0\.0\.2:4000/, `127.0.0.1:${access[1]}`)
    .replace(/listen 443 ssl;.*/, `listen 127.0.0.1:${port};`)
    .replace(/^ *(?:server_name|ssl_certificate\w*) .*$/gm, '')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ')
  // As root it would give its workers to a user who may not enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; ${user} worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log;
     events {} http { access_log off; ${temporary} ${site} }`,
  )
  const child = spawn('nginx', ['-e', join(folder, 'nginx.log'), '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await eventually('nginx answers', async () => {
    if (child.exitCode !== null) throw new Error('nginx ended at its start')
    return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) }).then(
      ({ ok }) => ok,
      () => false,
    )
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
