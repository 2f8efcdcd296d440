'use strict';
const CLASSES = ['', 'passenger-car', 'light-goods', 'heavy-goods', 'bus', 'motorcycle', 'unclassified'];
const TILE = 512;
const $ = id => document.getElementById(id);
const base = document.body.dataset.base, words = JSON.parse(document.body.dataset.words);
let clip, isReady = false, marks = [], gate = 0, at = 0, selected = null, zoom = 4, playing = false, undo = [];
let direction = 'forward', vehicle = '';
// Which marks this page knows: whoever knows older ones changes nothing.
let revision = null;
let saving = Promise.resolve(), wanted = 0, saved = 0, finished = false;
// Of whoever marks instead of this page; null where this page does.
let holder = null;
const frames = new Map(), tiles = new Map();

const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, i) => values[i]);

// What is kept for a reload, of this clip alone.
const kept = name => sessionStorage.getItem(`${name} ${base}`);
const keep = (name, value) => sessionStorage.setItem(`${name} ${base}`, value);

function seat() {
  if (!kept('seat')) keep('seat', [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join(''));
  return kept('seat');
}

async function ask(path, options = {}) {
  const answer = await fetch(base + path, { ...options, headers: { 'X-Seat': seat(), ...options.headers } });
  if (answer.ok) return answer;
  if (answer.status === 409) { hold(await answer.text()); throw new Error(fill(words.held, holder)); }
  if (answer.status === 412) { await sit(false); throw new Error(words.changed); }
  if (answer.status === 404) throw new Error(words.closed);
  if (/json/.test(answer.headers.get('Content-Type'))) { const problem = await answer.json(); throw new Error(`${problem.detail}: ${problem.remedy}`); }
  throw new Error(await answer.text());
}

function hold(by) {
  holder = by;
  $('take').hidden = holder === null;
  $('done').hidden = holder !== null;
}

async function sit(always) {
  hold(await (await ask(always ? 'seat?take=always' : 'seat', { method: 'POST' })).json());
  const answer = await ask('marks');
  revision = answer.headers.get('ETag');
  marks = await answer.json();
  selected = null; undo = []; wanted = saved = 0;
  if (holder === null) tell(fill(words.in, counted(), clip.file)); else tell(fill(words.held, holder), true);
  draw();
}

async function start() {
  clip = await (await ask('clip')).json();
  await sit(false);
  document.title = fill(words.titleOf, clip.camera);
  $('camera').textContent = clip.camera;
  clip.gates.forEach((g, i) => {
    const b = document.createElement('button');
    b.textContent = g.id; b.dataset.gate = g.id; b.type = 'button'; b.onclick = () => { chooseGate(i); b.blur(); };
    $('gates').append(b, ' ');
  });
  $('frame').width = clip.width; $('frame').height = clip.height;
  resize();
  // A page that is loaded again goes on where it was.
  at = Math.min(clip.times.length - 1, +kept('at') || 0);
  chooseGate(+kept('gate') || 0);
  isReady = true;
}

const now = () => clip.times[at];
const counted = () => marks.length === 1 ? words.one : fill(words.many, marks.length);
const directionName = d => words.directions[d === 'forward' ? 0 : 1];
const className = c => words.classes[CLASSES.indexOf(c)] || c;
const mine = () => marks.filter(m => m.gate === clip.gates[gate].id);

function tell(text, bad) { $('state').textContent = text; $('state').className = bad ? 'bad' : ''; }

function chooseGate(i) {
  gate = (i + clip.gates.length) % clip.gates.length;
  keep('gate', gate);
  [...$('gates').children].forEach((b, k) => b.setAttribute('aria-pressed', k === gate));
  draw();
}

function resize() {
  const s = $('scan');
  s.width = s.clientWidth; s.height = s.clientHeight;
  const room = $('seen').getBoundingClientRect();
  const k = Math.max(0.1, Math.min((room.width - 12) / clip.width, (room.height - 12) / clip.height));
  $('frame').style.width = clip.width * k + 'px'; $('frame').style.height = clip.height * k + 'px';
}

// Whoever goes on is done with the mark: a class typed for the next vehicle must not change the last one.
function go(frame, chosen) {
  const next = Math.max(0, Math.min(clip.times.length - 1, frame));
  if (chosen) selected = chosen; else if (next !== at) selected = null;
  at = next;
  keep('at', at);
  draw();
}

function goSeconds(ds) {
  const t = now() + ds;
  let i = at;
  if (ds > 0) { while (i < clip.times.length - 1 && clip.times[i] < t) i++; } else { while (i > 0 && clip.times[i] > t) i--; }
  go(i);
}

function frameOf(time) {
  let lo = 0, hi = clip.times.length - 1;
  while (lo < hi) { const mid = (lo + hi) >> 1; if (clip.times[mid] < time) lo = mid + 1; else hi = mid; }
  if (lo > 0 && time - clip.times[lo - 1] < clip.times[lo] - time) lo--;
  return lo;
}

// Marks.
function change(action) {
  if (holder !== null) return tell(fill(words.held, holder), true);
  undo.push(JSON.stringify(marks)); if (undo.length > 200) undo.shift();
  action();
  save(); draw();
}
function mark(frame) {
  const m = { gate: clip.gates[gate].id, direction, time: Math.round(clip.times[frame] * 100) / 100, class: vehicle, size: '', optional: false };
  change(() => { marks.push(m); });
  go(frame, m);
}
function edit(action) { if (selected && marks.includes(selected)) change(() => action(selected)); else tell(words.chooseFirst); }
function remove() { edit(m => { marks = marks.filter(x => x !== m); selected = null; }); }
function takeBack() {
  if (!undo.length || holder !== null) return tell(words.nothingToUndo);
  marks = JSON.parse(undo.pop()); selected = null; save(); draw();
}
function save() {
  if (holder !== null) return saving;
  const mineNow = ++wanted;
  tell(words.saving);
  // One at a time and in order, so that an older list never overwrites a newer one.
  saving = saving.then(async () => {
    if (mineNow < wanted) return;
    try {
      const answer = await ask('marks', { method: 'PUT', body: JSON.stringify(marks), headers: { 'If-Match': revision } });
      revision = answer.headers.get('ETag');
      saved = mineNow;
      tell(fill(words.saved, counted(), clip.file));
    } catch (e) { tell(fill(words.notSaved, e instanceof TypeError ? words.noAnswer : e.message), true); }
  });
  return saving;
}

// Pictures.
function image(map, key, url, limit) {
  let i = map.get(key);
  if (!i) {
    i = new Image(); i.onload = draw; i.onerror = () => { map.delete(key); tell(words.noAnswer, true); }; i.src = base + url; map.set(key, i);
    if (map.size > limit) map.delete(map.keys().next().value);
  }
  return i.complete && i.naturalWidth ? i : null;
}

let drawn = false;
function draw() { if (!drawn) { drawn = true; requestAnimationFrame(() => { drawn = false; paint(); }); } }
function paint() {
  $('time').textContent = `${now().toFixed(2)} s`;
  $('next').textContent = fill(words.next, directionName(direction), vehicle ? className(vehicle) : words.notJudged);
  paintFrame(); paintScan(); paintList();
}

function paintFrame() {
  const c = $('frame').getContext('2d'), picture = image(frames, at, `frame/${at}`, 240);
  image(frames, Math.min(at + 1, clip.times.length - 1), `frame/${Math.min(at + 1, clip.times.length - 1)}`, 240);
  if (picture) c.drawImage(picture, 0, 0);
  clip.gates.forEach((g, i) => {
    const [x1, y1, x2, y2] = [g.from[0] * clip.width, g.from[1] * clip.height, g.to[0] * clip.width, g.to[1] * clip.height];
    const lit = marks.some(m => m.gate === g.id && Math.abs(m.time - now()) < 0.2);
    c.strokeStyle = lit ? '#5aff8c' : i === gate ? '#ffbe00' : '#8a7a40'; c.fillStyle = c.strokeStyle; c.lineWidth = i === gate ? 3 : 1.5;
    const length = Math.hypot(x2 - x1, y2 - y1) || 1, nx = -(y2 - y1) / length, ny = (x2 - x1) / length, mx = (x1 + x2) / 2, my = (y1 + y2) / 2;
    c.beginPath(); c.moveTo(x1, y1); c.lineTo(x2, y2); c.moveTo(mx, my); c.lineTo(mx + nx * 22, my + ny * 22); c.stroke();
    c.beginPath(); c.arc(mx + nx * 22, my + ny * 22, 4, 0, 7); c.arc(x1, y1, 3, 0, 7); c.fill();
    c.font = '13px system-ui'; c.strokeStyle = '#000'; c.lineWidth = 3; c.strokeText(g.id, x1 + 4, y1 - 5); c.fillText(g.id, x1 + 4, y1 - 5);
  });
}

const scanLeft = () => Math.round($('scan').width / 2 - (at + 0.5) * zoom);
function paintScan() {
  const s = $('scan'), c = s.getContext('2d'), left = scanLeft(), axis = 18, height = s.height - axis, id = clip.gates[gate].id;
  c.imageSmoothingEnabled = zoom < 1;
  c.fillStyle = '#0b0c0e'; c.fillRect(0, 0, s.width, s.height);
  const first = Math.max(0, Math.floor(-left / zoom)), last = Math.min(clip.times.length, Math.ceil((s.width - left) / zoom));
  for (let t = Math.floor(first / TILE); t * TILE < last; t++) {
    const picture = image(tiles, `${id} ${t}`, `scan/${encodeURIComponent(id)}/${t * TILE}/${TILE}`, 60);
    if (picture) c.drawImage(picture, left + t * TILE * zoom, 0, picture.naturalWidth * zoom, height);
  }
  c.font = '11px system-ui'; c.fillStyle = '#9aa0a6';
  const step = [0.5, 1, 2, 5, 10, 30, 60].find(v => frameOf(clip.times[first] + v) - first > 70 / zoom) || 60;
  for (let v = Math.ceil(clip.times[first] / step) * step; last > first && v <= clip.times[last - 1]; v += step) {
    const x = left + (frameOf(v) + 0.5) * zoom;
    c.fillRect(x, height, 1, 4); c.fillText(`${+v.toFixed(1)} s`, x + 3, height + 13);
  }
  for (const m of mine()) {
    const x = left + (frameOf(m.time) + 0.5) * zoom;
    if (x < -10 || x > s.width + 10) continue;
    c.strokeStyle = m === selected ? '#ff5a8a' : m.direction === 'forward' ? '#5aff8c' : '#6fb4ff'; c.fillStyle = c.strokeStyle; c.lineWidth = m === selected ? 3 : 2;
    c.setLineDash(m.optional ? [5, 4] : []);
    c.beginPath(); c.moveTo(x, 0); c.lineTo(x, height); c.stroke(); c.setLineDash([]);
    const label = (m.direction === 'forward' ? '↓ ' : '↑ ') + className(m.class);
    c.strokeStyle = '#000'; c.lineWidth = 3; c.strokeText(label, x + 4, 12); c.fillText(label, x + 4, 12);
  }
  c.strokeStyle = '#fff'; c.lineWidth = 1; c.setLineDash([2, 3]);
  c.beginPath(); c.moveTo(s.width / 2, 0); c.lineTo(s.width / 2, s.height); c.stroke(); c.setLineDash([]);
}

let listed = '';
function paintList() {
  const sorted = [...marks].sort((a, b) => a.time - b.time), key = JSON.stringify(sorted) + sorted.indexOf(selected);
  if (key === listed) return;
  listed = key;
  $('list').replaceChildren(...sorted.map(m => {
    const r = document.createElement('tr');
    for (const text of [m.time.toFixed(2), m.gate, m.direction === 'forward' ? `↓ ${words.shortDirections[0]}` : `↑ ${words.shortDirections[1]}`, className(m.class), m.optional ? words.yes : '']) r.insertCell().textContent = text;
    if (m === selected) { r.className = 'sel'; setTimeout(() => r.scrollIntoView({ block: 'nearest' })); }
    r.onclick = () => { chooseGate(clip.gates.findIndex(g => g.id === m.gate)); go(frameOf(m.time), m); };
    return r;
  }));
}

$('scan').onclick = e => {
  if (!isReady) return;
  const frame = Math.floor((e.offsetX - scanLeft()) / zoom);
  if (frame < 0 || frame >= clip.times.length) return;
  // A click on a mark chooses it.
  const near = mine().map(m => [Math.abs(frameOf(m.time) - frame) * zoom, m]).sort((a, b) => a[0] - b[0])[0];
  if (near && near[0] <= 5) go(frameOf(near[1].time), near[1]); else if (!finished) mark(frame);
};
$('scan').onwheel = e => { if (!isReady) return; e.preventDefault(); go(at + Math.round((e.deltaY + e.deltaX) / zoom / 2) || Math.sign(e.deltaY)); };

let before = 0;
function play(stamp) {
  if (!playing) return;
  const due = now() + (stamp - before) / 1000, next = at + 1;
  if (next >= clip.times.length) { playing = false; return; }
  if (clip.times[next] <= due) { before = stamp - (due - clip.times[next]) * 1000; go(next); }
  requestAnimationFrame(play);
}

addEventListener('keydown', e => {
  if (!isReady || finished || e.ctrlKey || e.metaKey || e.altKey) return;
  // Tab chooses gates: this is how somebody without a mouse comes to the buttons, and away from them.
  const among = document.activeElement.closest('button, a');
  if (e.key === 'F6' || (among && e.key === 'Escape')) {
    e.preventDefault();
    if (among) among.blur(); else (holder === null ? $('done') : $('take')).focus();
    return;
  }
  if (among) return;
  const keys = {
    ArrowLeft: () => e.shiftKey ? goSeconds(-1) : go(at - 1), ArrowRight: () => e.shiftKey ? goSeconds(1) : go(at + 1),
    Home: () => go(0), End: () => go(clip.times.length - 1),
    ' ': () => { playing = !playing; before = performance.now(); requestAnimationFrame(play); },
    Tab: () => chooseGate(gate + (e.shiftKey ? -1 : 1)), Enter: () => mark(at),
    d: () => { const other = d => d === 'forward' ? 'backward' : 'forward'; if (selected) edit(m => { m.direction = other(m.direction); direction = m.direction; }); else { direction = other(direction); draw(); } },
    o: () => edit(m => { m.optional = !m.optional; }), u: takeBack, s: save, Delete: remove, Backspace: remove,
    Escape: () => { selected = null; draw(); }, '+': () => { zoom = Math.min(16, zoom * 2); draw(); }, '-': () => { zoom = Math.max(0.5, zoom / 2); draw(); },
  };
  for (let i = 0; i <= 6; i++) keys[i] = () => { vehicle = CLASSES[i]; if (selected) edit(m => { m.class = vehicle; m.size = ''; }); else draw(); };
  keys['='] = keys['+'];
  const action = keys[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (!action) return;
  e.preventDefault();
  action();
});
addEventListener('resize', () => { if (isReady) { resize(); draw(); } });
addEventListener('beforeunload', e => { if (saved < wanted) e.preventDefault(); });
$('take').onclick = () => { $('take').blur(); sit(true).catch(e => tell(e.message, true)); };
$('done').onclick = async () => {
  await save();
  if (saved < wanted || holder !== null) return;
  playing = false; finished = $('done').disabled = true;
  try {
    await ask('done', { method: 'POST' });
  } catch (e) {
    // A server of its own may end before it answers.
    if (!(e instanceof TypeError)) { finished = $('done').disabled = false; return tell(e.message, true); }
  }
  tell(fill(words.done, counted(), clip.file));
};
start().catch(e => tell(fill(words.notLoaded, e instanceof TypeError ? words.noAnswer : e.message), true));
