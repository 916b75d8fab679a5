/** Cycles: what is there, what came, what goes. @see Interface specification, "Cycles". */
import { wasmTrap } from '../trap.ts'
import { contractViolation } from '../trap.ts'
import { type Machine, type SystemCallGroup, amount, systemCall, unsigned } from './systemCall.ts'

const received = 'U RQ Ry Rt'
const max64 = 0xffff_ffff_ffff_ffffn
const max128 = (1n << 128n) - 1n
/** Text form of the cycles minting canister, the only one that may make cycles. */
const cyclesMintingCanister = 'rkp4c-7iaaa-aaaaa-aaaca-cai'

/** System calls about cycles. */
export const cyclesCalls: SystemCallGroup = {
  msg_cycles_available: systemCall(received, ({ execution }: Machine) => narrow(execution.availableCycles)),
  msg_cycles_available128: systemCall(received, ({ execution, memory }: Machine, destination: number) =>
    memory.writeAmount('msg_cycles_available128', destination, execution.availableCycles),
  ),
  msg_cycles_refunded: systemCall('Ry Rt', ({ execution }: Machine) => narrow(execution.input.refundedCycles ?? 0n)),
  msg_cycles_refunded128: systemCall('Ry Rt', ({ execution, memory }: Machine, destination: number) =>
    memory.writeAmount('msg_cycles_refunded128', destination, execution.input.refundedCycles ?? 0n),
  ),
  msg_cycles_accept: systemCall(received, (machine: Machine, max: bigint) => narrow(accept(machine, unsigned(max)))),
  msg_cycles_accept128: systemCall(received, (machine: Machine, high: bigint, low: bigint, destination: number) =>
    machine.memory.writeAmount('msg_cycles_accept128', destination, accept(machine, amount(high, low))),
  ),
  cycles_burn128: systemCall('I G U RQ Ry Rt C T', ({ execution, memory }: Machine, high: bigint, low: bigint, destination: number) => {
    const wanted = amount(high, low)
    const burned = wanted < execution.liquidBalance ? wanted : execution.liquidBalance
    execution.burnedCycles += burned
    memory.writeAmount('cycles_burn128', destination, burned)
  }),
  canister_cycle_balance: systemCall('*', ({ execution }: Machine) => narrow(execution.balance)),
  canister_cycle_balance128: systemCall('*', ({ execution, memory }: Machine, destination: number) =>
    memory.writeAmount('canister_cycle_balance128', destination, execution.balance),
  ),
  canister_liquid_cycle_balance128: systemCall('*', ({ execution, memory }: Machine, destination: number) =>
    memory.writeAmount('canister_liquid_cycle_balance128', destination, execution.liquidBalance),
  ),
  mint_cycles128: systemCall('U Ry Rt T', ({ execution, memory }: Machine, high: bigint, low: bigint, destination: number) => {
    const id = execution.canister.id.toText()
    if (id !== cyclesMintingCanister)
      throw contractViolation(`ic0.mint_cycles128 cannot be executed on non Cycles Minting Canister: ${id} != ${cyclesMintingCanister}`)
    const wanted = amount(high, low)
    const room = max128 - execution.balance
    const minted = wanted < room ? wanted : room
    execution.mintedCycles += minted
    memory.writeAmount('mint_cycles_128', destination, minted)
  }),
}

function accept({ execution }: Machine, max: bigint): bigint {
  const accepted = max < execution.availableCycles ? max : execution.availableCycles
  execution.acceptedCycles += accepted
  return accepted
}

/** An amount for the 64-bit functions. @throws Trap when it needs more bits */
function narrow(cycles: bigint): bigint {
  if (cycles > max64) throw wasmTrap('cycles amount exceeds 64-bit representation')
  return cycles
}
