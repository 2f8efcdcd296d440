// Mouse, pen, finger and keys on the drawing of the site editor: where they are, in fractions of the picture. What they mean, the page's circuit knows.
export function open(figure, page) {
  const svg = figure.querySelector('svg');
  const send = (name, ...values) => page.invokeMethodAsync(name, ...values).catch(() => { });
  let drag = null;
  let waiting = null;
  let busy = false;

  const at = (event) => {
    const box = svg.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };

  // One at a time, and the newest next: a slow line skips, it does not lag behind.
  const follow = async (...call) => {
    waiting = call;
    if (busy) return;
    busy = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      await send(...next);
    }
    busy = false;
  };

  const settled = async () => { while (busy) await new Promise((done) => setTimeout(done, 5)); };

  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.target.closest('[data-flip]')) return;
    const point = event.target.closest('[data-point]');
    const shape = event.target.closest('[data-shape]');
    const isDrawing = svg.parentElement.classList.contains('drawing');
    drag = {
      id: event.pointerId, from: at(event), x: event.clientX, y: event.clientY, moved: false,
      point: isDrawing ? null : point?.dataset.point, shape: isDrawing || point ? null : shape?.dataset.shape,
    };
    if (drag.point) point.focus({ preventScroll: true });
    if (drag.shape) send('Choose', drag.shape);
    if (drag.point || drag.shape || isDrawing) {
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });

  svg.addEventListener('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 4) return;
    drag.moved = true;
    const [x, y] = at(event);
    if (drag.point) follow('DragPoint', drag.point, x, y);
    else if (drag.shape) follow('DragShape', drag.shape, x - drag.from[0], y - drag.from[1]);
  });

  svg.addEventListener('pointerup', async (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const done = drag;
    drag = null;
    const [x, y] = at(event);
    if (done.point || done.shape) {
      if (!done.moved) return;
      await settled();
      send('Drop');
    } else if (done.moved) {
      send('Draw', ...done.from, x, y);
    } else {
      send('Press', x, y);
    }
  });

  const cancel = async () => {
    drag = null;
    waiting = null;
    await settled();
    send('Cancel');
  };
  svg.addEventListener('pointercancel', cancel);
  svg.addEventListener('dblclick', () => send('Finish'));

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const editor = figure.closest('.editor');
  const keys = (event) => {
    // Another camera's drawing may have taken this one's place.
    if (!figure.isConnected) {
      editor.removeEventListener('keydown', keys);
      return;
    }
    const isTyping = event.target.matches('input, select, textarea');
    const point = event.target.closest('[data-point]')?.dataset.point;
    if ((event.ctrlKey || event.metaKey) && !isTyping && (event.key === 'z' || event.key === 'y' || event.key === 'Z')) send('Step', event.key === 'z' && !event.shiftKey);
    else if (point && steps[event.key]) send('Nudge', point, ...steps[event.key].map((s) => s * (event.shiftKey ? 10 : 1)));
    else if (point && (event.key === 'Delete' || event.key === 'Backspace')) send('Delete', point);
    else if (event.key === 'Escape') cancel();
    else if (event.key === 'Enter' && svg.parentElement.classList.contains('drawing') && !isTyping && event.target.tagName !== 'BUTTON') send('Finish');
    else return;
    event.preventDefault();
  };
  editor.addEventListener('keydown', keys);

  // Nothing is counted again for a page that lies behind others.
  const seen = () => {
    if (figure.isConnected) send('Seen', !document.hidden);
    else document.removeEventListener('visibilitychange', seen);
  };
  document.addEventListener('visibilitychange', seen);
  if (document.hidden) seen();

  // A picture may come, or fail, before anybody listens.
  let again = 0;
  const look = (img) => {
    send('Pictured', img.naturalWidth > 0);
    // A camera comes back by itself.
    const asked = img.src;
    if (img.naturalWidth === 0) setTimeout(() => { if (img.isConnected && img.src === asked) img.src = `${asked.split('&again')[0]}&again=${again++}`; }, 5000);
  };
  figure.addEventListener('load', (event) => { if (event.target.tagName === 'IMG') look(event.target); }, true);
  figure.addEventListener('error', (event) => { if (event.target.tagName === 'IMG') look(event.target); }, true);
  const first = figure.querySelector('img');
  if (first?.complete) look(first);
  figure.dataset.ready = '1';
}
