// Measures a custom element as the browser computed it: `(host, [what, limit])` names the offenders.
(host, [what, limit]) => {
  const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  const up = function* (node) {
    for (let at = node; at; at = parent(at)) yield at;
  };
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || getComputedStyle(node).visibility === "hidden") return false;
    return ![...up(node)].some((one) => one.classList?.contains("sr") || one.hasAttribute("inert"));
  };
  const words = (node) => [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const name = (node) => `${node.tagName.toLowerCase()}.${[...node.classList].join(".")} "${node.textContent.trim().slice(0, 20)}"`;

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, n) => part * a + below[n] * (1 - a));
  const behind = (node) => {
    const layers = [...up(node)].map((one) => read(getComputedStyle(one).backgroundColor));
    const solid = layers.findIndex((layer) => layer[3] === 1);
    const seen = solid < 0 ? layers : layers.slice(0, solid + 1);
    return seen.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  // Relative luminance and contrast ratio as WCAG 2.2 defines them.
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const all = [...host.shadowRoot.querySelectorAll("*")].filter(shown);
  const texts = all.filter((node) => words(node) || node.placeholder);
  const targets = all.filter((node) => node.matches("button, summary, textarea, select, label, a[href]"));
  const measures = {
    text: () => texts.map((node) => [node, parseFloat(getComputedStyle(node).fontSize)]),
    contrast: () =>
      texts.map((node) => {
        const style = getComputedStyle(node, words(node) ? null : "::placeholder");
        const ground = behind(node);
        return [node, contrast(over(read(style.color), ground), ground)];
      }),
    target: () =>
      targets.map((node) => {
        const { width, height } = node.getBoundingClientRect();
        return [node, Math.round(Math.min(width, height))];
      }),
  };
  const found = measures[what]();
  if (found.length === 0) throw new Error(`there is no ${what} to measure`);
  return found.filter(([, size]) => size < limit).map(([node, size]) => `${name(node)} ${size.toFixed(2)}`);
};
