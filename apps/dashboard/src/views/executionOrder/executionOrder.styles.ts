import { css } from 'lit'

export const executionOrderStyles = css`
  .body {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: 12px;
    padding: 14px 16px;
    min-height: 0;
  }
  .waiting {
    color: var(--ink-soft);
  }
  .headline {
    font-size: var(--text-xl);
    font-weight: 680;
    line-height: 1.2;
    letter-spacing: -0.022em;
  }
  [data-tone='due'] .headline,
  [data-tone='done'] .headline {
    color: var(--coral);
  }
  .detail {
    min-height: 1.45em;
    margin-top: 3px;
    color: var(--ink-soft);
  }
  memory-chart {
    flex: 1 1 216px;
  }
  order-strip {
    min-height: 52px;
  }
  .rest {
    display: flex;
    flex-direction: column;
    gap: 9px;
    margin-top: 2px;
  }
  .identity {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    justify-content: space-between;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  .identity span {
    font-weight: 600;
    color: var(--ink);
  }
  .trouble {
    padding: 6px 10px;
    border-radius: var(--radius-s);
    background: var(--coral-soft);
    color: var(--coral);
    font-size: var(--text-s);
  }
`
