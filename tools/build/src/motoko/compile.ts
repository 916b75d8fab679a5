import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { CompileReply, CompileRequest } from './protocol.ts'

/**
 * Compiles one Motoko program in a process of its own.
 *
 * @throws {Error} when that process ends without an answer (out of memory, killed)
 */
export function compileMotoko(request: CompileRequest): Promise<CompileReply> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'compilerProcess.ts'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--stack-size=3900'],
    })
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-1000)))
    child.once('error', reject)
    child.once('message', (reply: CompileReply) => resolve(reply))
    child.once('close', (code) => reject(new Error(`The Motoko compiler ended with code ${code} and no answer. ${words}`.trim())))
    child.send(request)
  })
}
