import { openConnection, requestOf } from './raw-client.ts'

/** One connection for somebody who takes several steps, each after the answer to the last. */
export interface Person {
  post(path: string, json: unknown, headers?: string[]): Promise<string>
}

export function openPerson(url: string): Person {
  const connection = openConnection(url)
  const { host, origin } = new URL(url)
  return {
    post: (path, json, headers = []) =>
      new Promise((resolve, reject) => {
        const request = requestOf({ method: 'POST', path, host, headers: [`origin: ${origin}`, ...headers], json })
        connection.send(request, (answer) => {
          if (answer === null) reject(new Error(`${path}: the connection was cut`))
          else resolve(answer)
        })
      }),
  }
}
