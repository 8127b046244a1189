export function square(unit) {
  return `${unit}²`;
}
