import { formatBytes } from '@tidemark/cycles'
import { html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit'
import { shared } from '../../design/shared.styles.ts'
import { formatPlainly, formatSetting } from '../../model/byteSize.ts'
import { chartGeometry, countTicks, type ChartBox, type ChartGeometry } from '../../model/chartGeometry.ts'
import { hookDueAbove, type HookSettings } from '../../model/hookCondition.ts'
import type { MemoryRun } from '../../model/memoryRun.ts'
import { memoryChartStyles } from './memoryChart.styles.ts'

const narrowWidth = 420

/** Generous: what lies beyond a label's end is certain not to touch it. */
const labelCharacterWidth = 7.5

/** Where the gauge stands; its height follows the chart's. */
const gauge = { left: 8, width: 22, top: 16, bottomMargin: 24 }

type Size = { readonly width: number; readonly height: number }

/**
 * Wasm memory over the order of execution, climbing toward the line above which the hook is due. On its left a gauge
 * shows the same memory against the whole limit; a table says the same for screen readers.
 *
 * @prop current - The run since the code was installed.
 * @prop previous - The run before it, drawn faintly.
 * @prop settings - Limit and threshold; nothing is drawn without them.
 */
export class MemoryChart extends LitElement {
  static override properties = {
    current: { attribute: false },
    previous: { attribute: false },
    settings: { attribute: false },
    size: { state: true },
  }
  static override styles = [shared, memoryChartStyles]

  declare current: MemoryRun
  declare previous: MemoryRun | undefined
  declare settings: HookSettings | undefined
  declare private size: Size

  private readonly resized = new ResizeObserver(([entry]) => {
    if (entry === undefined || entry.contentRect.width === 0) return
    this.size = { width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) }
  })

  constructor() {
    super()
    this.current = { points: [], executedCount: 0 }
    this.previous = undefined
    this.settings = undefined
    this.size = { width: 640, height: 216 }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.resized.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.resized.disconnect()
  }

  protected override render(): TemplateResult {
    const { settings, current } = this
    if (settings === undefined || (current.points.length === 0 && this.previous === undefined)) {
      return html`<div class="blank">Memory appears here with the monitor's next sample.</div>`
    }
    return html`<figure>
      ${this.renderDrawing(settings)}
      <figcaption class="spoken">${this.renderTable(settings)}</figcaption>
    </figure>`
  }

  private renderDrawing(settings: HookSettings): TemplateResult {
    const hookLineBytes = hookDueAbove(settings)
    const { width, height } = this.size
    const box = { left: 88, top: gauge.top, right: width - 8, bottom: height - gauge.bottomMargin }
    const geometry = chartGeometry({
      box,
      current: this.current,
      hookLineBytes,
      ...(this.previous === undefined ? {} : { previous: this.previous }),
    })
    const label = `hook due above ${width < narrowWidth ? formatBytes(hookLineBytes) : formatPlainly(hookLineBytes)}`
    // At the left end of its line, unless the climb crosses the line there.
    const labelEnd = box.left + label.length * labelCharacterWidth
    const labelLeft = !geometry.points.some(({ x, point }) => x < labelEnd && point.wasmMemoryBytes > hookLineBytes)
    return html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} aria-hidden="true">
      ${this.renderGauge(settings, geometry, box)}
      <line class="frame" x1=${box.left} x2=${box.left} y1=${box.top} y2=${box.bottom}></line>
      <line class="frame" x1=${box.left} x2=${box.right} y1=${box.bottom} y2=${box.bottom}></line>
      ${countTicks(geometry.countMax, width < narrowWidth ? 5 : 9).map(
        (tick) => svg`<text class="tick" x=${geometry.xOf(tick)} y=${box.bottom + 15} text-anchor="middle">${tick}</text>`,
      )}
      <text class="tick" x=${box.left} y=${box.bottom + 15}>${width < narrowWidth ? '' : 'executed'}</text>
      <path class="ghost" d=${geometry.ghost}></path>
      <path class="area" d=${geometry.area}></path>
      <line class="hook-line" x1=${box.left} x2=${box.right} y1=${geometry.yOf(hookLineBytes)} y2=${geometry.yOf(hookLineBytes)}></line>
      <text
        class="hook-label"
        x=${labelLeft ? box.left + 8 : box.right}
        y=${geometry.yOf(hookLineBytes) - 6}
        text-anchor=${labelLeft ? 'start' : 'end'}
      >
        ${label}
      </text>
      <path class="line" d=${geometry.line}></path>
      <path class="ahead" d=${geometry.ahead}></path>
      ${geometry.points.map(({ x, y }, index) => svg`<circle class=${index === geometry.points.length - 1 ? 'dot last' : 'dot'} cx=${x} cy=${y} r=${index === geometry.points.length - 1 ? 4 : 2.2}></circle>`)}
      ${this.renderHook(geometry, box.bottom)} ${this.renderLatest(geometry, box.left)}
    </svg>`
  }

  private renderHook({ hookX, hookY }: ChartGeometry, bottom: number): SVGTemplateResult | typeof nothing {
    if (hookX === undefined || hookY === undefined) return nothing
    return svg`<line class="hook-drop" x1=${hookX} x2=${hookX} y1=${hookY} y2=${bottom}></line>
      <circle class="hook-dot" cx=${hookX} cy=${hookY} r="6"></circle>`
  }

  private renderLatest({ points }: ChartGeometry, left: number): SVGTemplateResult | typeof nothing {
    const last = points.at(-1)
    if (last === undefined) return nothing
    const nearLeft = last.x - left < 90
    return svg`<text class="latest" x=${last.x + (nearLeft ? 9 : -9)} y=${last.y + (nearLeft ? 18 : -9)} text-anchor=${nearLeft ? 'start' : 'end'}>
      ${formatBytes(last.point.wasmMemoryBytes)}
    </text>`
  }

  /** The whole limit in true proportion, and the part of it that the chart enlarges. */
  private renderGauge(settings: HookSettings, geometry: ChartGeometry, { left: chartLeft, top, bottom }: ChartBox): SVGTemplateResult {
    const latest = this.current.points.at(-1)?.wasmMemoryBytes ?? 0n
    const limit = settings.wasmMemoryLimitBytes
    const whole = limit > geometry.highBytes ? limit : geometry.highBytes
    const { left, width } = gauge
    const yOf = (bytes: bigint): number => bottom - (Number(bytes) / Number(whole)) * (bottom - top)
    const hookY = yOf(hookDueAbove(settings))
    const high = yOf(geometry.highBytes > whole ? whole : geometry.highBytes)
    const low = yOf(geometry.lowBytes)
    const edge = left + width
    return svg`<path class="zoom" d=${`M${edge} ${high}L${chartLeft} ${top}V${bottom}L${edge} ${low}Z`}></path>
      <rect class="tank" x=${left} y=${top} width=${width} height=${bottom - top} rx="3"></rect>
      <rect class="fill" x=${left} y=${yOf(latest)} width=${width} height=${bottom - yOf(latest)} rx="2"></rect>
      <line class="hook-line" x1=${left - 4} x2=${edge + 4} y1=${hookY} y2=${hookY}></line>
      ${limit === 0n ? nothing : svg`<line class="limit-line" x1=${left - 4} x2=${edge + 4} y1=${yOf(limit)} y2=${yOf(limit)}></line>`}
      <text class="limit-label" x=${left - 4} y=${top - 4}>limit ${limit === 0n ? 'none' : formatSetting(limit)}</text>
      <text class="tick" x=${left} y=${bottom + 15}>0</text>`
  }

  private renderTable(settings: HookSettings): TemplateResult {
    return html`<table>
      <caption>
        Wasm memory by number of executed functions. The hook is due above ${formatPlainly(hookDueAbove(settings))}; the limit is
        ${settings.wasmMemoryLimitBytes === 0n ? 'not set' : formatSetting(settings.wasmMemoryLimitBytes)}.
      </caption>
      <thead>
        <tr>
          <th scope="col">Executed</th>
          <th scope="col">Wasm memory</th>
        </tr>
      </thead>
      <tbody>
        ${this.current.points.slice(-tableRowsMax).map(
          (point) =>
            html`<tr>
              <td>${point.executedCount}</td>
              <td>${formatBytes(point.wasmMemoryBytes)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
  }
}

/** A table that is read aloud ends somewhere: the newest readings are the ones of interest. */
const tableRowsMax = 100

customElements.define('memory-chart', MemoryChart)
