/** A double with that many decimals, rounded half away from zero, the same on every machine. */
export function decimal(value: number, decimals: number): string {
  const digits = Math.floor(Math.abs(value) * Number(`1e${decimals}`) + 0.5)
    .toString()
    .padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const sign = value < 0 && /[1-9]/.test(digits) ? '-' : '';
  return `${sign}${digits.slice(0, split)}${decimals === 0 ? '' : `.${digits.slice(split)}`}`;
}

/** A share in per cent: "5.00%". */
export const percent = (share: number, decimals = 2): string => `${decimal(share * 100, decimals)}%`;

/** A share in per cent with as many decimals as it needs, at most four: "97.5%". */
export const shortPercent = (share: number): string => `${decimal(share * 100, 4).replace(/\.?0+$/, '')}%`;
