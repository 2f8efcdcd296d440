// Draws what a page's Chart component hands over, in the colours of the page, and again where these change. ECharts is fetched once.
let library;
const charts = new Map();

const load = (address) => library ??= new Promise((done, failed) => {
  if (window.echarts) {
    done();
    return;
  }
  // A page that opens with a chart has it on its way already (start.js); one whose document is complete without it has tried in vain.
  let script = document.readyState === 'complete' ? null : document.querySelector(`script[src="${address}"]`);
  if (!script) {
    script = document.createElement('script');
    script.src = address;
    document.head.append(script);
  }
  script.addEventListener('load', done);
  script.addEventListener('error', () => { library = undefined; failed(new Error('the charts cannot be loaded')); });
});

// "var(--accent)" becomes the colour of now.
const painted = (value, styles) => {
  if (typeof value === 'string') return value.startsWith('var(--') ? styles.getPropertyValue(value.slice(4, -1)).trim() : value;
  if (Array.isArray(value)) return value.length > 0 && (typeof value[0] === 'number' || typeof value[1] === 'number') ? value : value.map((v) => painted(v, styles));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, painted(v, styles)]));
  return value;
};

const paint = (one) => {
  const option = painted(one.option, getComputedStyle(document.documentElement));
  const zoom = one.chart.getOption()?.dataZoom;
  one.chart.setOption(option, { notMerge: true });
  if (zoom && one.keeps) one.chart.setOption({ dataZoom: zoom.map(({ start, end }) => ({ start, end })) });
  one.element.dataset.drawn = String((Number(one.element.dataset.drawn) || 0) + 1);
};

const repaint = () => { for (const one of charts.values()) { one.keeps = true; paint(one); } };
new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);

// keeps: the zoom of before is kept, for the same chart with newer figures.
export const draw = async (element, address, text, keeps) => {
  await load(address);
  if (!element.isConnected) return;
  let one = charts.get(element);
  if (!one) {
    const chart = echarts.init(element, null, { renderer: 'canvas' });
    one = { element, chart, resize: new ResizeObserver(() => chart.resize()) };
    one.resize.observe(element);
    charts.set(element, one);
  }
  one.option = JSON.parse(text);
  one.keeps = keeps;
  paint(one);
};

export const drop = (element) => {
  const one = charts.get(element);
  if (!one) return;
  one.resize.disconnect();
  one.chart.dispose();
  charts.delete(element);
};
