import { code } from '../binary/codeWriter.ts'
import { standApart, writeBody } from '../emit/madeParts.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

/** `exhausted(counter)`: the counter fell below zero at a check. Does not return. */
export function exhausted({ indices }: RuntimeContext): RuntimeFunction {
  const body = writeBody([], (out) => {
    out.get(0).setGlobal(indices.counter).call(indices.host('out_of_instructions')).op(code.unreachable)
    standApart(out)
  })
  return { params: ['i64'], results: [], body }
}

/** `enterSlow(counter, depth)`: at a function's entry the counter or the stack budget is used up. Does not return. */
export function enterSlow({ indices }: RuntimeContext): RuntimeFunction {
  const [counter, depth] = [0, 1]
  const body = writeBody([], (out) => {
    out.get(counter).setGlobal(indices.counter)
    out.get(depth).i64(0).op(code.i64LtS).if().call(indices.host('stack_overflow')).op(code.unreachable).end()
    out.get(counter).call(indices.runtime('exhausted')).op(code.unreachable)
    standApart(out)
  })
  return { params: ['i64', 'i64'], results: [], body }
}

/** Above this a charge is as good as infinite, and the counter cannot wrap around. */
const largestCharge = 2 ** 56

/** `take(amount)`: takes an unsigned amount off the counter, saturating, and tests it; tells the host of a large one. */
export function take({ indices, options }: RuntimeContext): RuntimeFunction {
  const amount = 0
  const body = writeBody([], (out) => {
    out.get(amount).i64(largestCharge).op(code.i64GtU).if().i64(largestCharge).set(amount).end()
    out.getGlobal(indices.counter).get(amount).op(code.i64Sub).setGlobal(indices.counter)
    out.getGlobal(indices.counter).i64(0).op(code.i64LtS).if().call(indices.host('out_of_instructions')).op(code.unreachable).end()
    if (options.operationLimit === undefined) return
    out.get(amount).i64(options.operationLimit).op(code.i64GtU)
    out.if().get(amount).op(code.f64ConvertI64U).call(indices.host('operation_too_costly')).end()
  })
  return { params: ['i64'], results: [], body }
}

/** `bounds(address, length)`: traps unless the range lies inside the logical size. */
export function bounds({ indices }: RuntimeContext): RuntimeFunction {
  const [address, length, end] = [0, 1, 2]
  const body = writeBody([[1, 'i64']], (out) => {
    out.get(address).get(length).op(code.i64Add).tee(end).get(address).op(code.i64LtU)
    out.get(end).getGlobal(indices.pages).i64(16).op(code.i64Shl, code.i64GtU, code.i32Or)
    out.if().call(indices.host('heap_out_of_bounds')).op(code.unreachable).end()
  })
  return { params: ['i64', 'i64'], results: [], body }
}
