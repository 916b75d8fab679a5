import { css } from 'lit'

export const sessionBarStyles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 18px;
    min-height: 46px;
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 9px;
    font-size: 1.0625rem;
    font-weight: 720;
    letter-spacing: -0.02em;
  }
  .mark {
    stroke: var(--coral);
    stroke-width: 2;
    stroke-dasharray: 3 2.4;
  }
  .tide {
    fill: var(--water);
  }
  .network {
    display: flex;
    align-items: center;
    gap: 7px;
    font-size: var(--text-s);
    color: var(--ink-soft);
    min-width: 0;
  }
  .name {
    font-weight: 600;
    color: var(--ink);
    white-space: nowrap;
  }
  .lamp {
    flex: none;
    margin-left: 3px;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--rule-strong);
  }
  [data-kind='live'] .lamp {
    background: var(--green);
    box-shadow: 0 0 0 3px var(--green-soft);
  }
  [data-kind='trouble'] .lamp {
    background: var(--coral-solid);
    box-shadow: 0 0 0 3px var(--coral-soft);
  }
  .right {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-left: auto;
  }
  .themes {
    background: none;
    box-shadow: none;
  }
  .themes button {
    display: grid;
    place-items: center;
    width: 28px;
    padding: 0;
  }
  .themes svg {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .themes .half {
    fill: currentColor;
  }
  .principal {
    color: var(--ink-soft);
  }
  @media (width < 640px) {
    .network {
      order: 1;
      width: 100%;
      margin-bottom: 8px;
    }
  }
`
