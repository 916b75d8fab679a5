import { css } from 'lit'

export const billSlidersStyles = css`
  .sliders {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 5px 24px;
    align-items: start;
  }
  .slider {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: baseline;
  }
  label {
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
  output {
    font-weight: 600;
  }
  input {
    grid-column: 1 / -1;
    width: 100%;
    height: 16px;
    margin: 0;
    background: none;
    appearance: none;
    cursor: pointer;
  }
  input::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--water) var(--filled), var(--rule) var(--filled));
  }
  input::-moz-range-track {
    height: 4px;
    border-radius: 2px;
    background: linear-gradient(to right, var(--water) var(--filled), var(--rule) var(--filled));
  }
  input::-webkit-slider-thumb {
    appearance: none;
    width: 14px;
    height: 14px;
    margin-top: -5px;
    border: 2px solid var(--water);
    border-radius: 50%;
    background: var(--raised);
  }
  input::-moz-range-thumb {
    width: 10px;
    height: 10px;
    border: 2px solid var(--water);
    border-radius: 50%;
    background: var(--raised);
  }
  @media (width < 480px) {
    .sliders {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`
