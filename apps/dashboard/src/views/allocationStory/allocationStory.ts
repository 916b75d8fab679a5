import type { ExampleVariant } from '@tidemark/cycles'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { storyVariants, type StoryStep } from '../../model/allocationStory.ts'
import { ChooseStoryEvent } from './allocationStory.events.ts'
import { allocationStoryStyles } from './allocationStory.styles.ts'

/**
 * The published example in four steps, each of which sets the sliders; the last one in each of the ways it can end.
 *
 * @prop steps - The steps of the chosen variant.
 * @prop chosen - Index of the step that the sliders show; absent while they show something else.
 * @prop variant - What is in the way of the last growth.
 * @fires choose-story
 */
export class AllocationStory extends LitElement {
  static override properties = { steps: { attribute: false }, chosen: { attribute: false }, variant: { attribute: false } }
  static override styles = [shared, allocationStoryStyles]

  declare steps: readonly StoryStep[]
  declare chosen: number | undefined
  declare variant: ExampleVariant

  constructor() {
    super()
    this.steps = []
    this.chosen = undefined
    this.variant = 'success'
  }

  protected override render(): TemplateResult {
    const last = this.steps.length - 1
    return html`<ol aria-label="The announced example, step by step">
        ${this.steps.map((step, index) => this.renderStep(step, index))}
      </ol>
      <div class="variants segments" role="group" aria-label="Circumstances of the last growth">
        ${storyVariants.map(
          ({ variant, label }) =>
            html`<button
              type="button"
              aria-pressed=${this.chosen === last && variant === this.variant ? 'true' : 'false'}
              @click=${() => this.dispatchEvent(new ChooseStoryEvent(last, variant))}
            >
              ${label}
            </button>`,
        )}
      </div>`
  }

  private renderStep(step: StoryStep, index: number): TemplateResult {
    return html`<li>
      <button
        type="button"
        class="step"
        aria-pressed=${index === this.chosen ? 'true' : 'false'}
        data-refused=${step.okNow ? 'no' : 'yes'}
        @click=${() => this.dispatchEvent(new ChooseStoryEvent(index, this.variant))}
      >
        <span class="figure">${step.figure}</span>
        <span class="title">${step.title}</span>
        <span class="result"
          >${step.okNow ? html`charged ${step.chargedNow}` : 'refused'}${step.okBefore === step.okNow ? nothing : html`<span class="news">refused by the old rule</span>`}</span
        >
      </button>
    </li>`
  }
}

customElements.define('allocation-story', AllocationStory)
