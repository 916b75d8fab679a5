import { css } from 'lit'

export const allocationGaugeStyles = css`
  .formula {
    color: var(--ink-soft);
  }
  .formula strong {
    color: var(--ink);
    font-size: var(--text-l);
  }
  .term {
    font-weight: 600;
    color: var(--ink);
  }
  .term.usage {
    color: var(--water);
  }
  svg {
    display: block;
    max-width: 100%;
    overflow: visible;
  }
  text {
    font: 500 11px var(--font-text);
    font-variant-numeric: tabular-nums;
    fill: var(--ink-soft);
  }
  .tank {
    fill: var(--sunk);
    stroke: var(--rule-strong);
  }
  .usage {
    fill: var(--water);
  }
  .growth {
    fill: url('#hatch');
    stroke: var(--water);
  }
  .growth.refused {
    fill: var(--coral-soft);
    stroke: var(--coral);
    stroke-dasharray: 3 3;
  }
  .hatch-ground {
    fill: var(--water-soft);
  }
  .hatch-line {
    stroke: var(--water);
    stroke-width: 3;
  }
  .allocation {
    stroke: var(--ink);
    stroke-width: 2;
  }
  .allocation-label {
    fill: var(--ink);
    font-weight: 600;
  }
  .growth-label.refused {
    fill: var(--coral);
    font-weight: 600;
  }
`
