/** Records the inputs of a network, and brings another network to the same state. */
import type { Replica } from '@tidemark/replica'
import { toHex } from '@tidemark/types'
import type { NetworkInput } from './inputs.ts'
import { createNetwork, type Network, type NetworkOptions } from './network.ts'

/** What decides the state of a network from its genesis on; what only watches it is left out. */
export type RecordedOptions = Omit<NetworkOptions, 'trace' | 'onDebugPrint' | 'rewrittenModules' | 'monotonicMillis' | 'onInput'>

/** All that a network was given. */
export interface NetworkRecord {
  readonly options: RecordedOptions
  /** Hash of the state that it begins with, where that is not the genesis. */
  readonly startHash?: Uint8Array
  readonly inputs: readonly NetworkInput[]
}

export interface RecordedNetwork {
  readonly network: Network
  /** What went in so far; undefined when it was more than could be kept. */
  readonly record: () => NetworkRecord | undefined
  /** Forgets what went in, and begins anew with the state as it is: one that was brought in from outside. Walks all memory. */
  readonly startHere: () => void
}

/** Bytes of inputs that are kept unless told otherwise: 512 MiB. */
const defaultBytesMax = 536_870_912
/** What an input takes besides the bytes that it carries. */
const inputBytes = 100

/** Creates a network that remembers its inputs. Queries and calls are kept by reference: their bytes must not change. */
export function createRecordedNetwork(options: NetworkOptions, bytesMax: number = defaultBytesMax): RecordedNetwork {
  const decisive = withoutWatchers(options)
  const { onInput } = options
  let inputs: NetworkInput[] | undefined = []
  let bytes = 0
  let startHash: Uint8Array | undefined
  const network = createNetwork({
    ...options,
    onInput: (input) => {
      onInput?.(input)
      bytes += inputBytes + carriedBytes(input)
      if (bytes > bytesMax) inputs = undefined
      inputs?.push(input)
    },
  })
  return {
    network,
    record: () => inputs && { options: decisive, inputs: [...inputs], ...(startHash && { startHash }) },
    startHere: () => {
      startHash = network.stateHash()
      inputs = []
      bytes = 0
    },
  }
}

function withoutWatchers(options: NetworkOptions): RecordedOptions {
  const copy: { -readonly [Name in keyof NetworkOptions]: NetworkOptions[Name] } = { ...options }
  for (const name of ['trace', 'onDebugPrint', 'rewrittenModules', 'monotonicMillis', 'onInput'] as const) delete copy[name]
  return copy
}

/**
 * A fresh network after the same inputs.
 *
 * @param watchers - what is to hear of it
 * @param bringIn - brings in the state that the record begins with, where that is not the genesis
 * @throws RangeError when the record begins with another state
 */
export function replay(
  { options, inputs, startHash }: NetworkRecord,
  watchers: Pick<NetworkOptions, 'trace' | 'onDebugPrint' | 'rewrittenModules'> = {},
  bringIn: (network: Network) => void = () => {},
): Network {
  const network = createNetwork({ ...options, ...watchers })
  bringIn(network)
  if (startHash !== undefined && toHex(network.stateHash()) !== toHex(startHash)) {
    throw new RangeError(`the record begins with the state ${toHex(startHash)}, not with this one`)
  }
  for (const input of inputs) apply(network, input)
  return network
}

/** Gives a network, or a subnet alone, one input. What it answers is not of interest: the state is. @throws RangeError for an input of another network */
export function apply(network: Network | Replica, input: NetworkInput): void {
  switch (input.kind) {
    case 'submit':
      network.submit(input.message)
      return
    case 'query':
      network.query(input.message)
      return
    case 'tick':
      network.tick(input.timeNanos)
      return
    case 'add_cycles':
      network.addCycles(input.canisterId, input.amount)
      return
    case 'set_stable_memory':
      network.setStableMemory(input.canisterId, input.bytes)
      return
    case 'answer_http_outcall':
      if ('subnets' in network) network.answerHttpOutcall(input.subnetId, input.id, input.answer, input.others, input.isPartial)
      else network.answerHttpOutcall(input.id, input.answer, input.others, input.isPartial)
      return
    case 'add_mainnet_subnet':
      networkOf(network).addMainnetSubnet(input.canisterId)
      return
    case 'delete_subnet':
      networkOf(network).deleteSubnet(input.subnetId)
  }
}

function networkOf(network: Network | Replica): Network {
  if ('subnets' in network) return network
  throw new RangeError('a subnet alone takes no other subnet in, and has none to lose')
}

function carriedBytes(input: NetworkInput): number {
  switch (input.kind) {
    case 'submit':
    case 'query':
      return input.message.arg.length
    case 'set_stable_memory':
      return input.bytes.length
    case 'answer_http_outcall':
      return [input.answer, ...input.others].reduce((sum, answer) => sum + ('body' in answer ? answer.body.length : 0), 0)
    default:
      return 0
  }
}
