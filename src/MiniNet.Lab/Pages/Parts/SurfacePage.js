'use strict';
// Rotates the surface from the data element, shows the values of its points and steps through its paths.
// Every value shown comes from the data; none is interpolated.
(() => {
  const $ = id => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const canvas = $('surface'),
    svg = $('contour').querySelector('svg');
  const { X, Y, Z, gradientX, gradientY, paths, clamp, share, cellOf, draw, pick } = surfaceView(data, canvas);
  const columns = X.length,
    rows = Y.length,
    pause = 300,
    turn = 7.5;
  const state = { azimuth: 0, elevation: 0, zoom: 1, column: columns >> 1, row: rows >> 1, walked: 0, step: 0, hasPlane: false };
  let isContour = false,
    playing = 0,
    waiting = 0;

  // ---- numbers ----

  const text = v =>
    !Number.isFinite(v)
      ? Number.isNaN(v)
        ? 'not a number'
        : v > 0
          ? '∞'
          : '−∞'
      : (v !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e7)
          ? v
              .toExponential(4)
              .replace(/\.?0+e/, 'e')
              .replace('+', '')
          : String(Number(v.toPrecision(6)))
        ).replace(/-/g, '−');
  function later() {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      if (isContour) drawWalker();
      else draw(state);
    });
  }

  // Marks the selected point and the current step of the path on the level curves.
  function drawn(parent, name, attributes) {
    const element = parent.appendChild(document.createElementNS(svg.namespaceURI, name));
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }
  const overlay = drawn(svg, 'g', {});
  const [left, top, right, bottom] = data.box;
  const place = (x, y) => [left + share(data.x, x) * (right - left), bottom - share(data.y, y) * (bottom - top)];
  function drawWalker() {
    overlay.replaceChildren();
    const [px, py] = place(X[state.column], Y[state.row]),
      cross = `M${px - 9} ${py}H${px + 9}M${px} ${py - 9}V${py + 9}`;
    drawn(overlay, 'path', { d: cross, stroke: '#ffffff', 'stroke-width': 5 });
    drawn(overlay, 'path', { d: cross, stroke: '#000000', 'stroke-width': 2, class: 'chosen' });
    const path = paths[state.walked];
    if (!path) return;
    const [sx, sy] = place(path.x[state.step], path.y[state.step]);
    if (sx >= left && sx <= right && sy >= top && sy <= bottom) {
      drawn(overlay, 'circle', { cx: sx, cy: sy, r: 8, fill: path.colour, stroke: '#ffffff', 'stroke-width': 2, class: 'walked' });
    }
  }

  // ---- selected point and path ----

  function choose(column, row, isQuiet = false) {
    [state.column, state.row] = [clamp(column, 0, columns - 1), clamp(row, 0, rows - 1)];
    const n = state.row * columns + state.column,
      [x, y] = [X[state.column], Y[state.row]];
    const dx = gradientX?.[n],
      dy = gradientY?.[n];
    $('readout').setAttribute('aria-live', isQuiet ? 'off' : 'polite');
    $('readout').textContent =
      `${data.x.name} = ${text(x)}, ${data.y.name} = ${text(y)}: ${data.z.name} = ${text(Z[n])}` +
      (gradientX ? `, gradient (${text(dx)}, ${text(dy)}), norm ${text(Math.hypot(dx, dy))}` : '');
    for (const [id, value, said] of [
      ['x', state.column, text(x)],
      ['y', state.row, text(y)],
    ]) {
      $(id).value = value;
      $(id).setAttribute('aria-valuetext', said);
    }
    later();
  }

  function walk(to) {
    const path = paths[state.walked],
      end = path.x.length - 1;
    state.step = clamp(to, 0, end);
    const [value, gradient] = [path.value[state.step], path.gradient[state.step]];
    $('said').textContent =
      `Step ${state.step} of ${end}: ${data.x.name} = ${text(path.x[state.step])}, ${data.y.name} = ${text(path.y[state.step])}` +
      (Number.isNaN(value) ? '' : `, ${data.z.name} = ${text(value)}`) +
      (Number.isNaN(gradient) ? '' : `, gradient norm ${text(gradient)}`);
    $('said').setAttribute('aria-live', playing ? 'off' : 'polite');
    $('step').max = end;
    $('step').value = state.step;
    $('first').disabled = $('back').disabled = state.step === 0;
    $('last').disabled = $('next').disabled = state.step === end;
    if (state.step === end) stop();
    later();
  }

  function stop() {
    clearInterval(playing);
    playing = 0;
    $('play').textContent = 'Play';
  }

  function play() {
    if (playing) return stop();
    const count = paths[state.walked].x.length;
    if (state.step === count - 1) walk(0);
    if (count === 1) return;
    $('play').textContent = 'Pause';
    playing = setInterval(() => walk(state.step + 1), clamp(30000 / count, 30, pause));
  }

  function show(contour) {
    isContour = contour;
    canvas.hidden = contour;
    $('contour').hidden = !contour;
    $('to-surface').setAttribute('aria-pressed', !contour);
    $('to-contour').setAttribute('aria-pressed', contour);
    $('turning').hidden = $('legend').hidden = contour;
    later();
  }

  function rotate(azimuth, elevation, zoom = 1) {
    state.azimuth = ((state.azimuth + azimuth + 540) % 360) - 180;
    state.elevation = clamp(state.elevation + elevation, 0, 90);
    state.zoom = clamp(state.zoom * zoom, 0.5, 6);
    Object.assign(canvas.dataset, { azimuth: state.azimuth, elevation: state.elevation, zoom: state.zoom });
    later();
  }

  const reset = () => {
    Object.assign(state, { azimuth: data.view[0], elevation: data.view[1], zoom: 1 });
    rotate(0, 0);
  };

  // ---- mouse and touch ----

  const held = new Map();
  let moved = 0;
  const spot = event => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  function choosePicked(event, isQuiet) {
    const found = pick(...spot(event));
    if (found) choose(found.n % columns, Math.floor(found.n / columns), isQuiet);
  }
  canvas.addEventListener('pointerdown', event => {
    held.set(event.pointerId, spot(event));
    moved = held.size > 1 ? 99 : 0;
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add('held');
  });
  canvas.addEventListener('pointermove', event => {
    if (!held.has(event.pointerId)) return event.pointerType === 'mouse' ? choosePicked(event, true) : undefined;
    const before = held.get(event.pointerId),
      now = spot(event),
      spread = () => {
        const [a, b] = held.values();
        return Math.hypot(a[0] - b[0], a[1] - b[1]);
      };
    const apart = held.size === 2 ? spread() : 0;
    held.set(event.pointerId, now);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (held.size === 2) rotate(0, 0, spread() / Math.max(apart, 1));
    else if (moved > 5) rotate((before[0] - now[0]) * 0.5, (now[1] - before[1]) * 0.4);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, event => {
      if (name === 'pointerup' && moved <= 5 && held.size === 1) choosePicked(event, false);
      held.delete(event.pointerId);
      canvas.classList.toggle('held', held.size > 0);
    });
  }
  canvas.addEventListener(
    'wheel',
    event => {
      if (!event.ctrlKey && document.activeElement !== canvas) return; // otherwise, the wheel scrolls the page as usual
      event.preventDefault();
      rotate(0, 0, Math.exp(-event.deltaY / 500));
    },
    { passive: false },
  );
  const nearest = (places, v) => {
    const c = cellOf(places, v);
    return v - places[c] < places[c + 1] - v ? c : c + 1;
  };
  for (const name of ['pointermove', 'pointerdown']) {
    svg.addEventListener(name, event => {
      if (name === 'pointermove' && event.pointerType !== 'mouse') return;
      const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      if (p.x < left || p.x > right || p.y < top || p.y > bottom) return;
      const along = (axis, share) => axis.range[0] + share * (axis.range[1] - axis.range[0]);
      choose(
        nearest(X, along(data.x, (p.x - left) / (right - left))),
        nearest(Y, along(data.y, (bottom - p.y) / (bottom - top))),
        name === 'pointermove',
      );
    });
  }

  // ---- buttons and keys ----

  const actions = {
    left: () => rotate(-turn, 0),
    right: () => rotate(turn, 0),
    up: () => rotate(0, turn),
    down: () => rotate(0, -turn),
    in: () => rotate(0, 0, 1.2),
    out: () => rotate(0, 0, 1 / 1.2),
    reset,
    'to-surface': () => show(false),
    'to-contour': () => show(true),
    play,
    first: () => {
      stop();
      walk(0);
    },
    back: () => {
      stop();
      walk(state.step - 1);
    },
    next: () => {
      stop();
      walk(state.step + 1);
    },
    last: () => {
      stop();
      walk(Infinity);
    },
  };
  for (const [id, action] of Object.entries(actions)) $(id).onclick = action;
  $('x').oninput = () => choose(Number($('x').value), state.row);
  $('y').oninput = () => choose(state.column, Number($('y').value));
  $('step').oninput = () => {
    stop();
    walk(Number($('step').value));
  };
  $('path').onchange = () => {
    stop();
    state.walked = Number($('path').value);
    walk(Infinity);
  };
  $('plane').onchange = () => {
    state.hasPlane = $('plane').checked;
    later();
  };
  document.addEventListener('keydown', event => {
    const key = event.key,
      target = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || target.matches('select, input[type=range]')) return;
    const turned = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }[key];
    const id =
      { '+': 'in', '=': 'in', '-': 'out', 0: 'reset', v: isContour ? 'to-surface' : 'to-contour' }[key] ??
      (paths.length ? { n: 'next', b: 'back', Home: 'first', End: 'last' }[key] : undefined);
    if (turned && isContour) choose(state.column + ({ left: -1, right: 1 }[turned] ?? 0), state.row + ({ down: -1, up: 1 }[turned] ?? 0));
    if (turned && !isContour) actions[turned]();
    else if (id) actions[id]();
    else if (key === 't' && gradientX) $('plane').click();
    else if (key === ' ' && paths.length && !target.matches('button, input, summary')) play();
    else if (!turned) return;
    event.preventDefault();
  });

  // ---- initialization ----

  for (const [id, places, axis] of [
    ['x', X, data.x],
    ['y', Y, data.y],
  ]) {
    $(id).max = places.length - 1;
    document.querySelector(`label[for=${id}]`).textContent = axis.name;
  }
  canvas.setAttribute('aria-label', svg.querySelector('desc').textContent);
  function explain(words, name, attributes, rim = {}) {
    const entry = $('legend').appendChild(document.createElement('span')),
      sign = drawn(entry, 'svg', { width: 30, height: 16, viewBox: '-15 -8 30 16', 'aria-hidden': true });
    drawn(sign, name, { ...attributes, stroke: 'none', ...rim });
    drawn(sign, name, attributes);
    entry.append(words);
  }
  for (const path of paths)
    explain(
      path.name,
      'path',
      { d: 'M-15 0H15', stroke: path.colour, 'stroke-width': 3, 'stroke-dasharray': path.dashes.join(' ') },
      { stroke: '#ffffff', 'stroke-width': 6, 'stroke-dasharray': 'none' },
    );
  for (const kind of new Set(data.points.map(p => p.kind))) {
    const { corners, colour } = data.points.find(p => p.kind === kind);
    explain(kind, 'polygon', { points: corners.join(' '), fill: colour, stroke: '#000000' });
  }
  if (data.leftOut)
    explain(`${data.leftOut} of ${(columns - 1) * (rows - 1)} cells not drawn: not finite`, 'path', {
      d: 'M-8 -6H8V6H-8Z',
      fill: 'none',
      stroke: '#888888',
      'stroke-dasharray': '2 2',
    });
  $('plane-switch').hidden = !gradientX || !gradientY;
  paths.forEach((path, i) => $('path').append(new Option(path.name, i)));
  $('walk').hidden = !paths.length;
  if (paths.length) walk(Infinity);
  show(false);
  reset();
  choose(state.column, state.row, true);
  new ResizeObserver(later).observe(document.body);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later);
})();
