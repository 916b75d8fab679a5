import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { CompileReply, CompileRequest } from './protocol.ts'

/**
 * Compiles one Motoko program in a process of its own.
 *
 * @throws {Error} when that process ends without an answer (out of memory, killed)
 */
export async function compileMotoko(request: CompileRequest): Promise<CompileReply> {
  const replies: CompileReply[] = []
  await compileMotokoPrograms([request], (reply) => replies.push(reply))
  const [reply] = replies
  if (reply === undefined) throw new Error('The Motoko compiler gave no answer.')
  return reply
}

/**
 * Compiles programs one after another in one process, which saves loading the compiler for each. They must have the same
 * packages and flags: the compiler keeps those from one program to the next.
 *
 * @param onReply - called with each reply as it comes, in the order of the requests
 * @throws {Error} when that process ends before its last answer
 */
export function compileMotokoPrograms(
  requests: readonly CompileRequest[],
  onReply: (reply: CompileReply, index: number) => void,
): Promise<void> {
  if (requests.length === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'compilerProcess.ts'), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--stack-size=3900'],
    })
    let words = ''
    let answered = 0
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-1000)))
    child.once('error', reject)
    child.on('message', (reply: CompileReply) => {
      onReply(reply, answered++)
      if (answered < requests.length) return
      child.disconnect()
      resolve()
    })
    child.once('close', (code) => reject(new Error(`The Motoko compiler ended with code ${code} and no answer. ${words}`.trim())))
    for (const request of requests) child.send(request)
  })
}
