/** A message that dirties one page: heap of 1 GiB against 1 MiB, keeping and undoing it. Run with `node bench/pages.ts`. */
import { assemble, instantiate, median, type Running } from './host.ts'

const messages = 2_000
const rounds = 15
const heaps = [16, 16_384] as const

const running = heaps.map((pages) =>
  instantiate(
    assemble(`(module (memory ${pages}) (func (export "run") (param $n i32) (result i32)
      (i32.store (i32.const 4096) (local.get $n)) (i32.load (i32.const 8192))))`),
    {},
  ),
)
// Pages that the host has never given out would be counted as a cost of the heap's size.
for (const { memory } of running) new Uint8Array(memory?.buffer ?? new ArrayBuffer(0)).fill(1)

for (const end of ['commit', 'rollback'] as const) {
  const times = running.map((): number[] => [])
  for (let round = 0; round < rounds; round++) running.forEach((guest, index) => times[index]?.push(measure(guest, end)))
  const [small = 0, large = 0] = times.map((list) => (median(list) / messages) * 1_000)
  console.log(`${end}: 1 MiB ${small.toFixed(2)} µs, 1 GiB ${large.toFixed(2)} µs a message, ratio ${(large / small).toFixed(2)}`)
}

function measure({ run, controls }: Running, end: 'commit' | 'rollback'): number {
  const start = performance.now()
  for (let message = 0; message < messages; message++) {
    controls.set_counter(1_000_000)
    controls.begin()
    run(message)
    controls[end]()
  }
  return performance.now() - start
}
