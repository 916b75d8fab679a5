/** Canisters that take memory so that a subnet is as full as a test wants it. */
import { type TestNetwork, expectReply, program, universalCanister } from '../../support/index.ts'
import { gib, page, statusOf } from './held.ts'

/** What only callbacks may take: the last bytes of a subnet. */
const callbackBytes = 10n * gib

/** Takes exactly so many bytes, even the last of the subnet. */
export function takeMemory(net: TestNetwork, bytes: bigint): void {
  const rich = { cycles: 10n ** 30n, settings: { reserved_cycles_limit: 10n ** 32n } }
  const last = net.install(universalCanister(), '', rich)
  const grown = statusOf(net, last).memory_size + callbackBytes
  net.create({ ...rich, settings: { ...rich.settings, memory_allocation: bytes - grown } })
  const onReply = program()
    .sys('stable64_grow', callbackBytes / page)
    .replyInt()
  const size = expectReply(net.update(last, program().callUpdate(last, program().reply(), { onReply }))).bytes
  if (size.some((byte) => byte !== 0)) throw new Error('the last bytes were refused')
}
