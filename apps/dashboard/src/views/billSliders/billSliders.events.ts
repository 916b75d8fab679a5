import type { BillInputs, SliderName } from '../../model/billInputs.ts'

/** The user moved a slider. */
export class MoveSliderEvent extends Event {
  static readonly type = 'move-slider'
  readonly name: SliderName
  readonly value: BillInputs[SliderName]
  constructor(name: SliderName, value: BillInputs[SliderName]) {
    super(MoveSliderEvent.type, { bubbles: true, composed: true })
    this.name = name
    this.value = value
  }
}
