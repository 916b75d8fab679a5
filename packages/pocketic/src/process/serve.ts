/** A server from its first request to its end. */
import { writeSync } from 'node:fs'
import { listen, type WholeRequest } from '@tidemark/listen'
import { createPocketIcApi } from '../api.ts'
import { formatDebugPrint } from '../debugOutput.ts'
import { warmUp } from '../instance/warmUp.ts'
import type { Flags } from './flags.ts'
import { buildSystemModules } from './systemModules.ts'
import { startLifetime } from './lifetime.ts'
import type { PortFile } from './portFile.ts'

const standardError = 2

/** Listens, tells the port, and ends with a signal, with its time, or with its parent. */
export async function serve(flags: Flags, portFile: PortFile | undefined): Promise<void> {
  let ending = false
  const onFailure = (error: unknown): void => {
    if (!ending) writeError(`${error instanceof Error ? error.stack : String(error)}\n`)
  }
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    portFile?.remove()
    lifetime.stop()
    try {
      await Promise.all([server?.close(), api.close()])
    } catch (error) {
      const causes = error instanceof AggregateError ? error.errors : [error]
      for (const cause of causes) writeError(`${String(cause)}\n`)
    }
    process.exit(0)
  }
  const endWithReport = (): void => void end().catch(onFailure)
  const lifetime = startLifetime({ ttlMillis: flags.ttlMillis, hardTtlMillis: flags.hardTtlMillis, onEnd: endWithReport })
  const api = createPocketIcApi({
    onDebugPrint: (print) => writeError(formatDebugPrint(print)),
    experimentalHooks: flags.experimentalHooks,
    systemModules: buildSystemModules,
    onFailure,
    onRequest: lifetime.onRequest,
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endWithReport)
  // The launcher holds the other end: it says when its own parent is gone, and its end closes the channel.
  process.on('disconnect', endWithReport)
  process.on('message', (message) => {
    if (message === 'orphaned') lifetime.orphaned()
  })
  const server = await listen(
    { host: flags.host, port: flags.port },
    Object.assign((request: Request) => api.answer(request), { whole: (request: WholeRequest) => api.whole(request) }),
    onFailure,
  )
  portFile?.write(server.port)
  process.stdout.write(`The PocketIC server is listening on port ${server.port}\n`)
  // Clients look at the file every so often: that time is enough.
  setImmediate(warmUp)
}

/** At once, so that a line is out before the answer of the call that printed it. */
function writeError(text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(standardError, bytes, at)
    } catch (error) {
      // A full pipe takes more in a moment; a closed one never again, and nobody misses the line.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
  }
}
