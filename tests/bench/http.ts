/** Signed update calls over HTTP, replies certified: a server in one process, a client with 32 connections in this one. */
import { fork } from 'node:child_process'
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { encodeSelfDescribed, requestIdOf, separator } from '@tidemark/certification'
import { Principal } from '@tidemark/types'
import type { Figure } from './figure.ts'
import { openConnection, postRequest } from './httpConnection.ts'

const connections = 32
const warmUp = 2_000
const measured = 8_000

interface Server {
  readonly port: number
  readonly canisterId: string
  readonly usage: () => Promise<{ cpuMicros: NodeJS.CpuUsage; rounds: number }>
  readonly stop: () => void
}

export async function http(): Promise<Figure[]> {
  const server = await startServer()
  try {
    const idle = await idleShare(server)
    const calls = signedCalls(Principal.fromText(server.canisterId), warmUp + measured)
    await load(server, calls.slice(0, warmUp))
    const before = await server.usage()
    const started = performance.now()
    const { latencies, signatures } = await load(server, calls.slice(warmUp))
    const seconds = (performance.now() - started) / 1000
    const after = await server.usage()
    const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
    const cpuMillis = (after.cpuMicros.user + after.cpuMicros.system - before.cpuMicros.user - before.cpuMicros.system) / 1000
    return [
      {
        name: `signed update calls over HTTP, ${connections} connections, certified replies`,
        value: measured / seconds,
        unit: 'per second',
        goal: 'at least 1,500',
      },
      { name: 'the slowest hundredth of them, against the median', value: at(0.99) / at(0.5), unit: '×', goal: 'under 10' },
      { name: 'median time of one', value: at(0.5), unit: 'ms', goal: '' },
      { name: 'server work for one', value: cpuMillis / measured, unit: 'ms', goal: '' },
      { name: 'BLS signatures for one round', value: signatures / (after.rounds - before.rounds), unit: '', goal: 'at most 1' },
      { name: 'calls that share a BLS signature', value: measured / signatures, unit: '', goal: '' },
      { name: 'an idle server', value: idle, unit: '% of a core', goal: 'under 1' },
    ]
  } finally {
    server.stop()
  }
}

async function startServer(): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'httpServer.ts'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const [line] = (await once(lines, 'line')) as [string]
  return {
    ...JSON.parse(line),
    usage: async () => {
      child.send('usage')
      const [usage] = await once(child, 'message')
      return usage
    },
    stop: () => child.disconnect(),
  }
}

/** Percent of a core that the server uses while nobody asks for anything. */
async function idleShare(server: Server): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const before = await server.usage()
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const after = await server.usage()
  const micros = after.cpuMicros.user + after.cpuMicros.system - before.cpuMicros.user - before.cpuMicros.system
  return (micros / 10_000_000) * 100
}

/** Requests with update calls, each signed by one of as many users as there are connections. */
function signedCalls(canisterId: Principal, count: number): Buffer[] {
  const users = Array.from({ length: connections }, () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    return { der, privateKey, sender: Principal.selfAuthenticating(new Uint8Array(createHash('sha224').update(der).digest())).bytes }
  })
  const expiry = BigInt(Date.now() + 240_000) * 1_000_000n
  return Array.from({ length: count }, (_, n) => {
    const user = users[n % users.length] as { der: Uint8Array; privateKey: KeyObject; sender: Uint8Array }
    const nonce = new Uint8Array(8)
    new DataView(nonce.buffer).setUint32(0, n)
    const content = {
      request_type: 'call',
      canister_id: canisterId.bytes,
      method_name: 'increment',
      arg: new Uint8Array(0),
      sender: user.sender,
      ingress_expiry: expiry,
      nonce,
    }
    const message = Buffer.concat([separator('ic-request'), requestIdOf(content)])
    const signature = new Uint8Array(sign(null, message, user.privateKey))
    const envelope = encodeSelfDescribed({ content, sender_pubkey: user.der, sender_sig: signature })
    return postRequest(`/api/v4/canister/${canisterId.toText()}/call`, envelope)
  })
}

interface Answers {
  /** Milliseconds of each call, in order of their length. */
  readonly latencies: readonly number[]
  /** Different signatures of the certificates. */
  readonly signatures: number
}

/** Sends all requests over the connections, each connection one after the other. */
async function load({ port }: Server, requests: readonly Buffer[]): Promise<Answers> {
  const latencies: number[] = []
  const signatures = new Set<string>()
  let next = 0
  const worker = async (): Promise<void> => {
    const connection = openConnection(port)
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const started = performance.now()
      const answer = await connection.exchange(request)
      latencies.push(performance.now() - started)
      signatures.add(signatureIn(answer))
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return { latencies: latencies.sort((a, b) => a - b), signatures: signatures.size }
}

/** Hexadecimal digits of the certificate's signature: 48 bytes of CBOR behind the field's name. */
function signatureIn(answer: Buffer): string {
  const name = answer.indexOf('signature')
  if (name < 0) throw new Error(`no certificate: ${answer.toString('latin1').slice(0, 200)}`)
  return answer.toString('hex', name + 11, name + 59)
}
