import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as send, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeFlags } from '../../../../tools/run/runtime.mjs'

const main = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts')

/** Internet Identity's id on the public network, by which helpers look for it. */
export const identityId = 'rdmx6-jaaaa-aaaaa-aaadq-cai'

/** A local network with its sign-in page, in a process of its own. */
export type RunningNetwork = { readonly url: string; readonly port: number; readonly stop: () => Promise<void> }

export const startNetwork = async (): Promise<RunningNetwork> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-clients-'))
  const child: ChildProcess = spawn(process.execPath, [...nodeFlags, main, 'start', '--host', '127.0.0.1:0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const port = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString()
      const found = /Sign-in page on http:\/\/id\.ai\.localhost:(\d+)\//.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', () => reject(new Error(`the network ended:\n${output}`)))
  })
  return {
    url: `http://127.0.0.1:${port}`,
    port: Number(port),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Answers what is asked of the sign-in page's host by asking the network. */
export const signInOf =
  ({ port }: RunningNetwork): RequestListener =>
  (request, response) => {
    const { url, method, headers } = request
    const forwarded = send({ host: '127.0.0.1', port, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    request.pipe(forwarded)
  }
