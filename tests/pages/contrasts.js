// The colours of every text in the article of a page, one text for each that is found: run in the
// page, gives a list back.
() => {
  const parse = text => {
    const m = text.match(/rgba?\(([^)]+)\)/);
    if (!m) return null;
    const n = m[1].split(/[ ,\/]+/).map(Number);
    return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 };
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a),
    g: top.g * top.a + under.g * (1 - top.a),
    b: top.b * top.a + under.b * (1 - top.a), a: 1 });
  const luminance = c => {
    const f = [c.r, c.g, c.b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2];
  };
  const grounds = new Map([[null, { r: 255, g: 255, b: 255, a: 1 }]]);
  const background = element => {
    if (!grounds.has(element)) {
      const c = parse(getComputedStyle(element).backgroundColor);
      const under = background(element.parentElement);
      grounds.set(element, c && c.a > 0 ? over(c, under) : under);
    }
    return grounds.get(element);
  };
  const found = new Map();
  const walker = document.createTreeWalker(
    document.querySelector('article') ?? document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest('script, style, svg, mjx-assistive-mml')) continue;
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || Number(style.opacity) === 0) continue;
    const under = background(element);
    const colour = over(parse(style.color), under);
    const [a, b] = [luminance(colour), luminance(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const large = size >= 24 || (bold && size >= 18.66);
    const kind = element.closest('pre, code') ? 'code' : element.closest('table') ? 'table'
      : element.closest('.admonition') ? 'box' : 'text';
    const ratio = (a + 0.05) / (b + 0.05), key = [kind, ratio, large, style.color].join();
    if (!found.has(key)) {
      found.set(key, { kind, ratio, large, text: text.slice(0, 40), colour: style.color });
    }
  }
  return [...found.values()];
}
