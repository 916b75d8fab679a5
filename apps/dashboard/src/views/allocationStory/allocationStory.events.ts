import type { ExampleVariant } from '@tidemark/cycles'

/** The user wants the sliders to show a step of the example, in one of its variants. */
export class ChooseStoryEvent extends Event {
  static readonly type = 'choose-story'
  readonly step: number
  readonly variant: ExampleVariant
  constructor(step: number, variant: ExampleVariant) {
    super(ChooseStoryEvent.type, { bubbles: true, composed: true })
    this.step = step
    this.variant = variant
  }
}
