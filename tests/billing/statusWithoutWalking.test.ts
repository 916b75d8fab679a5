/** What it takes to tell how much memory a canister uses: nothing that grows with the memory. */
import { PagedMemory } from '@tidemark/state'
import { expect, test, vi } from 'vitest'
import { expectReply, network, program, universalCanister } from '../support/index.ts'
import { page, statusOf } from './support/held.ts'

test('the status of a canister with hundreds of gibibytes looks at no page of it', () => {
  const net = network()
  const id = net.install(universalCanister(), '', { cycles: 10n ** 18n })
  const grown = 400n << 30n
  expectReply(
    net.update(
      id,
      program()
        .sys('stable64_grow', grown / page)
        .op('drop')
        .int(7)
        .blob('kept')
        .sys('stable64_write')
        .reply(),
    ),
  )
  const looks = [vi.spyOn(PagedMemory.prototype, 'pageEntries'), vi.spyOn(PagedMemory.prototype, 'read')]
  const status = statusOf(net, id)
  expect(status.memory_metrics['stable_memory_size']).toBe(grown)
  net.advance(10)
  for (const look of looks) {
    expect(look).not.toHaveBeenCalled()
    look.mockRestore()
  }
  // What is not written is not stored, either.
  expect([...net.canister(id).stableMemory.pageEntries()]).toHaveLength(1)
})
