/** A network behind HTTP in a process of its own, with one canister: prints a line of JSON when it listens, and answers messages. */
import { createHttpHandler, createLiveDriver } from '@tidemark/http'
import { listen } from '@tidemark/listen'
import { network } from '../support/index.ts'
import { installCounter } from './counter.ts'

const net = network({ initialTimeNanos: BigInt(Date.now()) * 1_000_000n })
const canisterId = installCounter(net)
const driver = createLiveDriver({ replica: net.replica, now: () => BigInt(Date.now()) * 1_000_000n, schedule })
const handler = createHttpHandler({ replica: net.replica, driver })
const server = await listen({ host: '127.0.0.1', port: 0 }, handler, (error) => process.stderr.write(`${String(error)}\n`))
process.stdout.write(`${JSON.stringify({ port: server.port, canisterId: canisterId.toText() })}\n`)

process.on('message', () => process.send?.({ cpuMicros: process.cpuUsage(), rounds: Number(net.replica.round()) }))

process.on('disconnect', () => process.exit())

function schedule(run: () => void, milliseconds: number): () => void {
  if (milliseconds === 0) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}
