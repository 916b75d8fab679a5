import { ByteReader } from '../binary/byteReader.ts'
import { code } from '../binary/codeWriter.ts'
import { copyConstantExpression } from '../decode/constantExpression.ts'
import type { ModuleLayout } from '../decode/layout.ts'
import type { RuntimeContext } from '../runtime/runtimeContext.ts'
import type { MadeParts } from './madeParts.ts'

/**
 * Makes `init_data`: writes the active segments in order, each after its bounds check, so that a failing one leaves the
 * earlier ones written as an instantiation would. Nothing is charged. Undefined without active segments.
 */
export function makeInitData(layout: ModuleLayout, { indices, options, wide }: RuntimeContext, made: MadeParts): number | undefined {
  const active = layout.data.flatMap((segment, index) =>
    segment.offset ? [{ offset: segment.offset, payload: segment.payload, index }] : [],
  )
  if (active.length === 0) return undefined
  const reader = new ByteReader(layout.bytes)
  const [saved, address] = [0, 1]
  const locals = [
    [1, 'i64'],
    [1, wide ? 'i64' : 'i32'],
  ] as const
  return made.function({ params: [], results: [] }, locals, (out) => {
    out.getGlobal(indices.counter).set(saved)
    for (const { offset, payload, index } of active) {
      const size = payload.end - payload.start
      copyConstantExpression(reader, offset, out, (functionIndex) => indices.function(functionIndex), true)
      out.set(address)
      if (options.tracked) {
        for (const helper of size > 0 ? (['bounds', 'rangeWrite'] as const) : (['bounds'] as const)) {
          out.get(address)
          if (!wide) out.op(code.i64ExtendI32U)
          out.i64(size).call(indices.runtime(helper))
        }
      }
      out.get(address).i32(0).i32(size).op(0xfc).indexed(0x08, index).byte(0)
    }
    out.get(saved).setGlobal(indices.counter)
  })
}
