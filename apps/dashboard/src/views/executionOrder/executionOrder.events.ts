import type { HookCanisterName } from '../../model/hookView.ts'

/** The user wants to look at another hook canister. */
export class SelectCanisterEvent extends Event {
  static readonly type = 'select-canister'
  readonly canisterName: HookCanisterName
  constructor(canisterName: HookCanisterName) {
    super(SelectCanisterEvent.type, { bubbles: true, composed: true })
    this.canisterName = canisterName
  }
}
