import { code, type CodeWriter } from '../binary/codeWriter.ts'
import type { InstrumentedControls } from '../hostInterface.ts'
import type { RuntimeContext } from '../runtime/runtimeContext.ts'
import type { ValueType } from '../facts.ts'
import type { LocalGroup, MadeParts } from './madeParts.ts'
import { pageControls, restorePages } from './pageControls.ts'
import type { SavedState } from './savedState.ts'

export type ControlName = keyof InstrumentedControls

export interface Control {
  readonly params: readonly ValueType[]
  readonly results: readonly ValueType[]
  readonly locals?: readonly LocalGroup[]
  readonly write: (out: CodeWriter) => void
}

const truncateSigned = [0xfc, 0x06] as const
const truncateUnsigned = [0xfc, 0x07] as const

/** Makes the functions through which the host steers an instance, and gives their output indices by name. */
export function makeControls(context: RuntimeContext, made: MadeParts, state: SavedState): Map<ControlName, number> {
  const controls = new Map<ControlName, number>()
  for (const [name, control] of Object.entries({
    ...counterControls(context),
    ...messageControls(context, state),
    ...pageControls(context),
  })) {
    controls.set(name as ControlName, made.function(control, control.locals ?? [], control.write))
  }
  return controls
}

function counterControls({ indices, options }: RuntimeContext): Partial<Record<ControlName, Control>> {
  return {
    counter: { params: [], results: ['f64'], write: (out) => out.getGlobal(indices.counter).op(code.f64ConvertI64S) },
    set_counter: {
      params: ['f64'],
      results: [],
      write: (out) =>
        out
          .get(0)
          .op(...truncateSigned)
          .setGlobal(indices.counter)
          .i64(options.stackBudget)
          .setGlobal(indices.depth),
    },
    stack_left: { params: [], results: ['f64'], write: (out) => out.getGlobal(indices.depth).op(code.f64ConvertI64S) },
    charge: {
      params: ['f64'],
      results: [],
      write: (out) =>
        out
          .get(0)
          .op(...truncateUnsigned)
          .call(indices.runtime('take')),
    },
    set_query_mode: {
      params: ['i32'],
      results: [],
      write: (out) => out.get(0).setGlobal(indices.queryMode),
    },
  }
}

function messageControls({ indices, options, wide }: RuntimeContext, state: SavedState): Partial<Record<ControlName, Control>> {
  const fresh = (out: CodeWriter): void => {
    if (options.tracked) out.call(indices.runtime('clearMarks'))
    out.i64(options.stackBudget).setGlobal(indices.depth)
  }
  return {
    begin: {
      params: [],
      results: [],
      write: (out) => {
        fresh(out)
        if (options.rollback) state.save(out)
        state.resetDrops(out)
      },
    },
    commit: { params: [], results: [], write: fresh },
    rollback: {
      params: [],
      results: [],
      locals: [[3, 'i64']],
      write: (out) => {
        if (options.rollback && options.tracked) restorePages(out, wide)
        if (options.rollback) state.restore(out)
        fresh(out)
      },
    },
  }
}
