// Texts on the page whose contrast with their background is below 4.5 to 1 (3 to 1 for large type).
const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
const linear = (c) => ((c /= 255), c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const background = (e) => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c;
  }
  return [255, 255, 255];
};
const weak = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !e.checkVisibility({ opacityProperty: true })) continue;
  if (e.closest("option, script, style, :disabled, [aria-hidden=true]")) continue;
  const style = getComputedStyle(e);
  const text = rgb(style.color);
  // Colours in other notations (oklch, color-mix) are not read here.
  if (!style.color.startsWith("rgb") || text.length < 3) continue;
  const [a, b] = [luminance(text), luminance(background(e))].sort((x, y) => y - x);
  const large = parseFloat(style.fontSize) >= 24;
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < (large ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 40)}`);
}
return [...new Set(weak)];
