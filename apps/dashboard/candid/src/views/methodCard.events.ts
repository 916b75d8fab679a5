import type { MethodInterface } from '@tidemark/candid'

/** The user calls a method; `answer` shows what comes of it. */
export class CallEvent extends Event {
  static readonly type = 'candid-call'
  readonly method: string
  readonly signature: MethodInterface
  readonly args: readonly unknown[]

  constructor(method: string, signature: MethodInterface, args: readonly unknown[]) {
    super(CallEvent.type, { bubbles: true, composed: true })
    this.method = method
    this.signature = signature
    this.args = args
  }
}
