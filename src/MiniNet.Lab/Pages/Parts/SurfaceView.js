'use strict';
// Draws the surface from any direction, and finds the grid point under the pointer.
const surfaceView = (data, canvas) => {
  const numbers = list => list && list.map(Number); // NaN and the infinities are strings in JSON
  const X = numbers(data.x.values),
    Y = numbers(data.y.values),
    Z = numbers(data.z.values),
    levels = data.levels,
    columns = X.length,
    rows = Y.length;
  const gradientX = numbers(data.gradientX),
    gradientY = numbers(data.gradientY);
  const [low, high] = data.z.range,
    [wide, deep, rise] = data.size;
  const colours = data.colours.map(c => [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)));
  const paths = data.paths.map(p => ({ ...p, x: numbers(p.x), y: numbers(p.y), value: numbers(p.value), gradient: numbers(p.gradient) }));
  const g = canvas.getContext('2d'),
    most = 64;
  let eye = null;

  const clamp = (v, a, b) => Math.max(a, Math.min(b, v));
  const share = (axis, v) => (v - axis.range[0]) / (axis.range[1] - axis.range[0]);
  const isWhole = (r, c) => [0, 1, columns, columns + 1].every(d => Number.isFinite(Z[r * columns + c + d]));

  function cellOf(places, v) {
    let [a, b] = [0, places.length - 1];
    while (b - a > 1) {
      const m = (a + b) >> 1;
      if (places[m] <= v) a = m;
      else b = m;
    }
    return a;
  }

  // Interpolates the height between grid points. Used for drawing only; displayed values come from the grid.
  function heightAt(x, y) {
    if (!(x >= X[0] && x <= X[columns - 1] && y >= Y[0] && y <= Y[rows - 1])) return NaN;
    const c = cellOf(X, x),
      r = cellOf(Y, y),
      n = r * columns + c;
    if (!isWhole(r, c)) return NaN;
    const u = (x - X[c]) / (X[c + 1] - X[c]),
      v = (y - Y[r]) / (Y[r + 1] - Y[r]);
    return (1 - v) * ((1 - u) * Z[n] + u * Z[n + 1]) + v * ((1 - u) * Z[n + columns] + u * Z[n + columns + 1]);
  }

  function fraction(z) {
    if (data.constant) return 0.5;
    let below = 0;
    while (below < levels.length && levels[below] <= z) below++;
    const from = below ? levels[below - 1] : low,
      to = below < levels.length ? levels[below] : high;
    return clamp((below + clamp((z - from) / (to - from), 0, 1)) / (levels.length + 1), 0, 1);
  }

  // ---- camera: orthographic projection ----

  function look(view) {
    const box = canvas.getBoundingClientRect(),
      dots = window.devicePixelRatio || 1,
      a = (view.azimuth * Math.PI) / 180,
      e = (view.elevation * Math.PI) / 180;
    const [w, h] = [Math.max(1, Math.round(box.width * dots)), Math.max(1, Math.round(box.height * dots))];
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
    g.setTransform(dots, 0, 0, dots, 0, 0);
    eye = {
      w: box.width,
      h: box.height,
      sinA: Math.sin(a),
      cosA: Math.cos(a),
      sinE: Math.sin(e),
      cosE: Math.cos(e),
      size: Math.min((box.width - 76) / Math.hypot(wide, deep), (box.height - 50) / 1.25) * view.zoom,
    };
  }

  const inside = (x, y, z) => [(share(data.x, x) - 0.5) * wide, (share(data.y, y) - 0.5) * deep, (share(data.z, z) - 0.5) * rise];

  function see(x, y, z) {
    const [u, v, w] = inside(x, y, z),
      away = v * eye.cosA - u * eye.sinA;
    return [
      eye.w / 2 + 10 + (u * eye.cosA + v * eye.sinA) * eye.size,
      eye.h / 2 - 6 - (w * eye.cosE + away * eye.sinE) * eye.size,
      away * eye.cosE - w * eye.sinE,
    ];
  }

  function isHidden(x, y, z) {
    const [u, v, w] = inside(x, y, z),
      by = 0.5 / Math.max(columns, rows),
      tan = eye.sinE / eye.cosE;
    for (let way = 2 * by; ; way += by) {
      const nearU = u + way * eye.sinA,
        nearV = v - way * eye.cosA,
        sight = w + way * tan;
      if (Math.abs(nearU) > wide / 2 || Math.abs(nearV) > deep / 2 || !(sight <= rise / 2)) return false;
      const z2 = heightAt(X[0] + (nearU / wide + 0.5) * (X[columns - 1] - X[0]), Y[0] + (nearV / deep + 0.5) * (Y[rows - 1] - Y[0]));
      if ((share(data.z, z2) - 0.5) * rise > sight + 0.006) return true;
    }
  }

  // ---- drawing ----

  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function draw(state) {
    look(state);
    g.clearRect(0, 0, eye.w, eye.h);
    g.lineJoin = 'round';
    drawBox();
    drawCells();
    if (state.hasPlane) drawPlane(state);
    paths.forEach((path, i) => drawPath(path, i === state.walked ? state.step : path.x.length - 1, i === state.walked));
    for (const p of data.points) drawMark(p);
    drawPoint(state);
  }

  function line(points, colour, width, dashes = [], alpha = 1) {
    g.globalAlpha = alpha;
    g.strokeStyle = colour;
    g.lineWidth = width;
    g.setLineDash(dashes);
    g.beginPath();
    points.forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
    g.stroke();
    g.globalAlpha = 1;
    g.setLineDash([]);
  }

  function fill(points, colour, border, width) {
    g.fillStyle = colour;
    g.beginPath();
    for (const [x, y] of points) g.lineTo(x, y);
    g.closePath();
    g.fill();
    if (border) {
      g.strokeStyle = border;
      g.lineWidth = width;
      g.stroke();
    }
  }

  function drawBox() {
    const [x0, x1] = data.x.range,
      [y0, y1] = data.y.range,
      isX = eye.sinA > 0,
      isY = eye.cosA < 0;
    const [nearX, farX, nearY, farY] = [isX ? x1 : x0, isX ? x0 : x1, isY ? y1 : y0, isY ? y0 : y1];
    const wall = style('--wall'),
      wire = style('--wire'),
      ink = style('--text'),
      at = (...p) => see(...p);
    for (const corners of [
      [
        [x0, y0, low],
        [x1, y0, low],
        [x1, y1, low],
        [x0, y1, low],
      ],
      [
        [farX, y0, low],
        [farX, y1, low],
        [farX, y1, high],
        [farX, y0, high],
      ],
      [
        [x0, farY, low],
        [x1, farY, low],
        [x1, farY, high],
        [x0, farY, high],
      ],
    ]) {
      fill(
        corners.map(c => at(...c)),
        wall,
        wire,
        1,
      );
    }
    for (const [x] of data.x.ticks) line([at(x, nearY, low), at(x, farY, low), at(x, farY, high)], wire, 1);
    for (const [y] of data.y.ticks) line([at(nearX, y, low), at(farX, y, low), at(farX, y, high)], wire, 1);
    for (const [z] of data.z.ticks) line([at(nearX, farY, z), at(farX, farY, z), at(farX, nearY, z)], wire, 1);

    Object.assign(g, { fillStyle: ink, textBaseline: 'middle', textAlign: 'left' });
    const middle = at((x0 + x1) / 2, (y0 + y1) / 2, low);
    // Keeps labels inside the canvas in any rotation: a number with its first digit cut off would be misread.
    const put = (words, x, y, share) => {
      while (words.length > 8 && g.measureText(words).width > eye.w - 8) words = words.slice(0, -2) + '…';
      const width = g.measureText(words).width;
      g.fillText(words, Math.max(4, Math.min(eye.w - width - 4, x - share * width)), Math.max(8, Math.min(eye.h - 8, y)));
    };
    const label = (p, outward, away, words) =>
      put(words, p[0] + outward[0] * away, p[1] + outward[1] * away, outward[0] < -0.4 ? 1 : outward[0] > 0.4 ? 0 : 0.5);
    const out = p => {
      const d = [p[0] - middle[0], p[1] - middle[1]],
        length = Math.hypot(...d) || 1;
      return [d[0] / length, Math.max(0.35, d[1] / length)];
    };
    const outX = out(at((x0 + x1) / 2, nearY, low)),
      outY = out(at(nearX, (y0 + y1) / 2, low));
    g.font = '13px system-ui, sans-serif';
    for (const [x, words] of data.x.ticks) label(at(x, nearY, low), outX, 14, words);
    for (const [y, words] of data.y.ticks) label(at(nearX, y, low), outY, 14, words);
    const [edge] = [
      [nearX, farY],
      [farX, nearY],
    ].sort((a, b) => at(...a, low)[0] - at(...b, low)[0]);
    for (const [z, words] of data.z.ticks) label(at(...edge, z), [-1, 0], 8, words);
    g.font = '600 14px system-ui, sans-serif';
    label(at((x0 + x1) / 2, nearY, low), outX, 38, data.x.name);
    label(at(nearX, (y0 + y1) / 2, low), outY, 38, data.y.name);
    const top = at(...edge, high);
    put(data.z.name, top[0] - 40, top[1] - 16, 0);
  }

  const chosen = count => {
    const cells = Math.min(count - 1, most);
    return Array.from({ length: cells + 1 }, (_, i) => Math.round((i * (count - 1)) / cells));
  };
  const [someColumns, someRows] = [chosen(columns), chosen(rows)];

  // Draws from back to front (the painter's algorithm), so that nearer cells hide farther ones.
  function drawCells() {
    const isX = eye.sinA > 0,
      isY = eye.cosA < 0,
      steep = rise / (high - low);
    const lightU = -0.5 * eye.cosA + 0.4 * eye.sinA,
      lightV = -0.5 * eye.sinA - 0.4 * eye.cosA;
    for (let i = 0; i + 1 < someRows.length; i++) {
      for (let j = 0; j + 1 < someColumns.length; j++) {
        const r = isY ? i : someRows.length - 2 - i,
          c = isX ? j : someColumns.length - 2 - j,
          [r0, r1, c0, c1] = [someRows[r], someRows[r + 1], someColumns[c], someColumns[c + 1]];
        const [a, b, d, e] = [Z[r0 * columns + c0], Z[r0 * columns + c1], Z[r1 * columns + c1], Z[r1 * columns + c0]],
          sum = a + b + d + e;
        if (!Number.isFinite(sum)) continue;
        const u = (((b - a + d - e) / 2) * steep) / ((share(data.x, X[c1]) - share(data.x, X[c0])) * wide),
          v = (((e - a + d - b) / 2) * steep) / ((share(data.y, Y[r1]) - share(data.y, Y[r0])) * deep);
        const light = 0.72 + 0.36 * clamp((0.77 - u * lightU - v * lightV) / Math.hypot(1, u, v), 0, 1),
          colour = colours[Math.round(fraction(sum / 4) * (colours.length - 1))];
        const painted = by => `rgb(${colour.map(part => Math.min(255, Math.round(part * by))).join(',')})`;
        fill(
          [see(X[c0], Y[r0], a), see(X[c1], Y[r0], b), see(X[c1], Y[r1], d), see(X[c0], Y[r1], e)],
          painted(light),
          painted(light * 0.82),
          0.6,
        );
      }
    }
  }

  // The plane is half as wide as the box, or less if it would rise or fall by more than a fifth of the box's height from its point to
  // a side.
  function drawPlane({ column, row }) {
    const n = row * columns + column,
      [x, y, z, dx, dy] = [X[column], Y[row], Z[n], gradientX[n], gradientY[n]],
      tiles = 20;
    if (![z, dx, dy].every(Number.isFinite)) return;
    const half = (places, slope) => Math.min((places[places.length - 1] - places[0]) / 4, ((high - low) * 0.2) / Math.abs(slope)),
      [halfX, halfY] = [half(X, dx), half(Y, dy)];
    const height = (px, py) => z + dx * (px - x) + dy * (py - y),
      colour = style('--plane');
    for (let i = 0; i < tiles * tiles; i++) {
      const [px, py, w, h] = [
        x + (((i % tiles) / tiles) * 2 - 1) * halfX,
        y + ((Math.floor(i / tiles) / tiles) * 2 - 1) * halfY,
        (2 * halfX) / tiles,
        (2 * halfY) / tiles,
      ];
      if (px < X[0] || px + w > X[columns - 1] || py < Y[0] || py + h > Y[rows - 1]) continue;
      const [mx, my] = [px + w / 2, py + h / 2],
        mz = height(mx, my);
      g.globalAlpha = heightAt(mx, my) > mz + (high - low) * 0.012 || isHidden(mx, my, mz) ? 0.2 : 0.75;
      fill(
        [
          [px, py],
          [px + w, py],
          [px + w, py + h],
          [px, py + h],
        ].map(([a, b]) => see(a, b, height(a, b))),
        colour,
      );
    }
    g.globalAlpha = 1;
  }

  // A step may cross many cells, so it is divided into pieces that follow the surface.
  function drawPath(path, last, isWalked) {
    const pieces = [];
    for (let i = 0; i < last; i++) {
      const [x0, y0, x1, y1] = [path.x[i], path.y[i], path.x[i + 1], path.y[i + 1]];
      const cells = Math.max(
        (Math.abs(x1 - x0) / (X[columns - 1] - X[0])) * (columns - 1),
        (Math.abs(y1 - y0) / (Y[rows - 1] - Y[0])) * (rows - 1),
      );
      const count = Number.isFinite(cells) ? clamp(Math.ceil(cells * 2), 1, 400) : 0;
      for (let k = 0; k <= count && count; k++) {
        const [x, y] = [x0 + ((x1 - x0) * k) / count, y0 + ((y1 - y0) * k) / count],
          z = heightAt(x, y);
        pieces.push(Number.isFinite(z) ? { at: see(x, y, z), hidden: isHidden(x, y, z) } : null);
      }
    }
    const runs = { true: [], false: [] };
    for (let i = 0; i + 1 < pieces.length; i++) {
      const [p, q] = [pieces[i], pieces[i + 1]];
      if (!p || !q) continue;
      const list = runs[q.hidden],
        run = list[list.length - 1];
      if (run && run[run.length - 1] === p.at) run.push(q.at);
      else list.push([p.at, q.at]);
    }
    for (const run of runs.true) line(run, path.colour, 2, path.dashes, 0.35);
    for (const run of runs.false) line(run, '#ffffff', 5, [], 0.85);
    for (const run of runs.false) line(run, path.colour, 2.4, path.dashes);
    ball(path.x[0], path.y[0], heightAt(path.x[0], path.y[0]), '#ffffff', path.colour, 4.5);
    ball(path.x[last], path.y[last], heightAt(path.x[last], path.y[last]), path.colour, '#ffffff', isWalked ? 7 : 5);
  }

  function ball(x, y, z, colour, border, radius) {
    if (!Number.isFinite(z)) return;
    const [px, py] = see(x, y, z);
    g.globalAlpha = isHidden(x, y, z) ? 0.4 : 1;
    g.beginPath();
    g.arc(px, py, radius, 0, 7);
    Object.assign(g, { fillStyle: colour, strokeStyle: border, lineWidth: 2 });
    g.fill();
    g.stroke();
    g.globalAlpha = 1;
  }

  function drawMark(mark) {
    const [x, y] = numbers(mark.at),
      z = heightAt(x, y);
    if (!Number.isFinite(z)) return;
    const [px, py] = see(x, y, z),
      c = mark.corners;
    g.globalAlpha = isHidden(x, y, z) ? 0.4 : 1;
    fill(
      Array.from({ length: c.length / 2 }, (_, i) => [px + c[2 * i], py + c[2 * i + 1]]),
      mark.colour,
      '#000000',
      1.5,
    );
    Object.assign(g, {
      textAlign: 'center',
      strokeStyle: '#ffffff',
      lineWidth: 3,
      fillStyle: '#1b1f24',
      font: '13px system-ui, sans-serif',
    });
    g.strokeText(mark.name, px, py - 16);
    g.fillText(mark.name, px, py - 16);
    g.globalAlpha = 1;
  }

  function drawPoint({ column, row }) {
    const [x, y, z] = [X[column], Y[row], Z[row * columns + column]];
    if (!Number.isFinite(z)) return;
    const [px, py] = see(x, y, z);
    line([[px, py], see(x, y, low)], style('--text'), 1, [2, 3], 0.8);
    line(
      [
        [px - 9, py],
        [px + 9, py],
      ],
      '#ffffff',
      4,
    );
    line(
      [
        [px, py - 9],
        [px, py + 9],
      ],
      '#ffffff',
      4,
    );
    line(
      [
        [px - 8, py],
        [px + 8, py],
      ],
      '#000000',
      2,
    );
    line(
      [
        [px, py - 8],
        [px, py + 8],
      ],
      '#000000',
      2,
    );
  }

  // Finds the grid point nearest to a position on the canvas; among about equally near ones, the one closest to the camera.
  function pick(px, py) {
    let best = null;
    for (let n = 0; n < Z.length; n++) {
      if (!Number.isFinite(Z[n])) continue;
      const [x, y, depth] = see(X[n % columns], Y[Math.floor(n / columns)], Z[n]),
        away = Math.hypot(x - px, y - py);
      const rank = Math.max(away, 8) + depth * 4;
      if (away < 30 && (!best || rank < best.rank)) best = { n, rank };
    }
    return best;
  }

  return { X, Y, Z, gradientX, gradientY, paths, clamp, share, cellOf, draw, pick };
};
