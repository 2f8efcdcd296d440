// A dot for each vehicle that has passed: it takes its way over the plan in the time that the vehicle took.
const most = 60;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export function show(plan, way, seconds, size) {
  const group = plan?.querySelector('g.dots');
  if (!group || still.matches || document.hidden || group.childElementCount >= most) return;
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', way);
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  dot.setAttribute('r', size === 'Large' ? '1.5' : '1');
  dot.setAttribute('class', 'dot');
  group.append(dot);
  const length = path.getTotalLength();
  const time = Math.min(Math.max(seconds, 2), 60) * 1000;
  let begin;
  const step = (now) => {
    begin ??= now;
    const share = (now - begin) / time;
    if (share >= 1 || !group.isConnected) {
      dot.remove();
      return;
    }
    const at = path.getPointAtLength(share * length);
    dot.setAttribute('cx', at.x);
    dot.setAttribute('cy', at.y);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
