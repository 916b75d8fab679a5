/** The queue against a plain array. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo } from '../src/index.ts'

const command = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('push' as const), value: fc.nat({ max: 9 }) }), weight: 5 },
  {
    arbitrary: fc.record({
      kind: fc.constantFrom('shift' as const, 'remove' as const, 'removeAll' as const, 'replace' as const),
      value: fc.nat({ max: 9 }),
    }),
    weight: 3,
  },
)

test('behaves like an array under any commands', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 400, size: 'max' }), (commands) => {
      const fifo = new Fifo<number>()
      let model: number[] = []
      for (const { kind, value } of commands) {
        if (kind === 'push') {
          fifo.push(value)
          model.push(value)
        } else if (kind === 'shift') {
          expect(fifo.peek()).toBe(model[0])
          expect(fifo.shift()).toBe(model.shift())
        } else if (kind === 'remove') {
          const at = model.indexOf(value)
          expect(fifo.remove((item) => item === value)).toBe(at < 0 ? undefined : model.splice(at, 1)[0])
        } else if (kind === 'replace') {
          const at = model.indexOf(value)
          expect(fifo.replace(value, 10 + value)).toBe(at >= 0)
          if (at >= 0) model[at] = 10 + value
        } else {
          expect(fifo.removeAll((item) => item === value)).toEqual(model.filter((item) => item === value))
          model = model.filter((item) => item !== value)
        }
        expect(fifo.size).toBe(model.length)
      }
      expect([...fifo]).toEqual(model)
    }),
    { numRuns: 200, seed: 8 },
  )
})

test('is quick however long it is', () => {
  const fifo = new Fifo<number>()
  for (let n = 0; n < 200_000; n++) fifo.push(n)
  for (let n = 0; n < 200_000; n++) expect(fifo.shift() === n).toBe(true)
  expect(fifo.shift()).toBeUndefined()
})
