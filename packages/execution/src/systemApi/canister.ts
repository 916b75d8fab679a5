/** What a canister learns about itself and its subnet. @see Interface specification, "Canister information". */
import { isController } from '@tidemark/state'
import { isReplicated } from '../entryKind.ts'
import { Trap, contractViolation } from '../trap.ts'
import { principal } from './call.ts'
import { decodeUtf8 } from './reply.ts'
import { type Machine, type SystemCallGroup, blobCalls, systemCall, unsigned } from './systemCall.ts'

const encoder = new TextEncoder()
const statusNumber = { running: 1, stopping: 2, stopped: 3 } as const
const maxEnvironmentText = 128

/** System calls about identity, status, time, timers and environment variables. */
export const canisterCalls: SystemCallGroup = {
  ...blobCalls('canister_self', 'id', '*', ({ execution }) => execution.canister.id.bytes),
  ...blobCalls('subnet_self', 'id', '*', ({ execution }) => execution.env.subnetId.bytes),
  subnet_self_node_count: systemCall('*', ({ execution }: Machine) => Number(execution.env.pricing.subnetSize)),
  ...blobCalls('root_key', 'bytes', 'I G U RQ Ry Rt C T', ({ execution }) => execution.env.rootKey),
  canister_status: systemCall('*', ({ execution }: Machine) => statusNumber[execution.canister.status.kind]),
  canister_version: systemCall('*', ({ execution }: Machine) => execution.input.version),
  time: systemCall('*', ({ execution }: Machine) => execution.env.timeNanos),
  global_timer_set: systemCall('I G U Ry Rt C T', ({ execution }: Machine, timestamp: bigint) => {
    const previous = execution.globalTimerNanos ?? execution.canister.globalTimerNanos
    execution.globalTimerNanos = unsigned(timestamp)
    return previous
  }),
  performance_counter: systemCall('* s', ({ execution, exports }: Machine, type: number) => {
    const used = BigInt(execution.input.instructionLimit - exports.counter())
    if (type === 0) return used
    if (type === 1) return used + (execution.input.contextInstructions ?? 0n)
    throw contractViolation(`Error getting performance counter type ${type}`, 'none')
  }),
  is_controller: systemCall('* s', ({ execution, memory }: Machine, source: number, size: number) =>
    isController(execution.canister.settings, principal(memory.read('ic0.is_controller', source, size))) ? 1 : 0,
  ),
  in_replicated_execution: systemCall('* s', ({ execution }: Machine) => (isReplicated(execution.kind) ? 1 : 0)),
  env_var_count: systemCall('*', ({ execution }: Machine) => execution.canister.settings.environmentVariables.length),
  env_var_name_size: systemCall('*', (machine: Machine, index: number) => nameAt(machine, index).length),
  env_var_name_copy: systemCall('*', (machine: Machine, index: number, destination: number, offset: number, size: number) =>
    machine.memory.copyOut('ic0.env_var_name_copy', 'name', nameAt(machine, index), destination, offset, size),
  ),
  env_var_name_exists: systemCall('*', (machine: Machine, source: number, size: number) =>
    find(machine, readName(machine, 'ic0.env_var_name_exists', 'heap', source, size)) === undefined ? 0 : 1,
  ),
  env_var_value_size: systemCall(
    '*',
    (machine: Machine, source: number, size: number) => valueOf(machine, 'ic0.env_var_value_size', 'heap', source, size).length,
  ),
  env_var_value_copy: systemCall(
    '*',
    (machine: Machine, nameSource: number, nameSize: number, destination: number, offset: number, size: number) => {
      const value = valueOf(machine, 'ic0.env_var_value_copy', 'name', nameSource, nameSize)
      machine.memory.copyOut('ic0.env_var_value_copy', 'value', value, destination, offset, size)
    },
  ),
}

function nameAt({ execution }: Machine, index: number): Uint8Array {
  const variables = execution.canister.settings.environmentVariables
  const variable = variables[index]
  if (variable === undefined) {
    throw noVariable(`Environment variable index ${index} is out of bounds. The number of environment variables is ${variables.length}.`)
  }
  return encoder.encode(variable.name)
}

function readName({ memory }: Machine, call: string, part: string, source: number, size: number): string {
  if (size > maxEnvironmentText) throw contractViolation(`${call}: Variable name is too large.`, 'none')
  const name = decodeUtf8(memory.read(`${call} ${part}`, source, size))
  if (name === undefined) throw contractViolation(`${call}: Variable name is not a valid UTF-8 string.`, validName)
  return name
}

const validName = { suggestion: 'Provide a valid UTF-8 string for the environment variable name.', anchor: '' } as const

/** The error of a look-up that finds nothing: not worded as a violation, but one by its code. */
function noVariable(message: string): Trap {
  return new Trap({ errorCode: 'CanisterContractViolation', message, advice: 'none' })
}

function find({ execution }: Machine, name: string) {
  return execution.canister.settings.environmentVariables.find((variable) => variable.name === name)
}

function valueOf(machine: Machine, call: string, part: string, source: number, size: number): Uint8Array {
  const name = readName(machine, call, part, source, size)
  const variable = find(machine, name)
  if (variable === undefined) throw noVariable(`Environment variable ${name} not found.`)
  return encoder.encode(variable.value)
}
