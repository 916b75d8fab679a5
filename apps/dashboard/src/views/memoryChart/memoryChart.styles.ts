import { css } from 'lit'

export const memoryChartStyles = css`
  :host {
    position: relative;
    min-height: 216px;
  }
  figure {
    margin: 0;
  }
  /* Out of the flow, so that the drawing follows the room it is given and never makes it. */
  svg {
    position: absolute;
    inset: 0;
    overflow: visible;
  }
  .blank {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    border: 1px dashed var(--rule-strong);
    border-radius: var(--radius-s);
    color: var(--ink-soft);
  }
  text {
    font: 500 11px var(--font-text);
    font-variant-numeric: tabular-nums;
    fill: var(--ink-faint);
  }
  .frame {
    stroke: var(--rule);
  }
  .zoom {
    fill: var(--sunk);
  }
  .tank {
    fill: var(--panel);
    stroke: var(--rule-strong);
  }
  .fill,
  .last {
    fill: var(--water);
  }
  .area {
    fill: var(--water-soft);
    opacity: 0.75;
  }
  .line {
    fill: none;
    stroke: var(--water);
    stroke-width: 2;
    stroke-linejoin: round;
  }
  .ahead {
    fill: none;
    stroke: var(--water);
    stroke-width: 2;
    stroke-dasharray: 2 4;
  }
  .ghost {
    fill: none;
    stroke: var(--rule-strong);
    stroke-width: 1.5;
    stroke-dasharray: 1 3;
    stroke-linecap: round;
  }
  .dot {
    fill: var(--panel);
    stroke: var(--water);
    stroke-width: 1.5;
  }
  .dot.last {
    fill: var(--water);
    stroke: var(--panel);
    stroke-width: 2;
  }
  .latest {
    font-size: 13px;
    font-weight: 650;
    fill: var(--ink);
    paint-order: stroke;
    stroke: var(--panel);
    stroke-width: 4px;
    stroke-linejoin: round;
  }
  .hook-line {
    stroke: var(--coral);
    stroke-width: 1.5;
    stroke-dasharray: 5 4;
  }
  .hook-label {
    fill: var(--coral);
    font-weight: 600;
    paint-order: stroke;
    stroke: var(--panel);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .hook-drop {
    stroke: var(--coral);
    stroke-width: 1.5;
  }
  .hook-dot {
    fill: var(--coral-solid);
    stroke: var(--panel);
    stroke-width: 2;
  }
  .limit-line {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .limit-label {
    fill: var(--ink-soft);
  }
`
