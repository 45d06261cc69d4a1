'use strict';
// Shows the steps from the data element. Every number shown was computed by the engine: the script selects and rounds numbers, and does
// no other arithmetic.
(() => {
  const $ = id => document.getElementById(id);
  const { steps, numbers } = JSON.parse($('data').textContent);
  const firstShown = 16,
    mostTerms = 8,
    pause = 2500;
  const says = { Forward: 'forward', Loss: 'loss', ZeroGradients: 'zero gradients', Backward: 'backward', Clip: 'clip', Update: 'update' };
  const graph = $('graph'),
    equations = $('equations');
  const settled = new Set(); // the steps whose question has been answered
  let at = 0,
    playing = 0,
    asked = null,
    right = 0,
    answers = 0;
  let tables = []; // the tables of the current step

  // ---- numbers ----

  const minus = text => text.replace(/-/g, '−');
  const full = v => (Object.is(v, -0) ? '-0' : String(v));
  function short(v) {
    if (!Number.isFinite(v)) return Number.isNaN(v) ? 'NaN' : v > 0 ? '∞' : '−∞';
    const size = Math.abs(v);
    const text =
      v !== 0 && (size < 1e-3 || size >= 1e5)
        ? v
            .toExponential(3)
            .replace(/\.?0+e/, 'e')
            .replace('+', '')
        : String(Number(v.toPrecision(4)));
    return minus(text);
  }
  const valueAt = (t, r, c) => Number(numbers[t.numbers][r * t.columns + c]);
  const count = t => t.rows * t.columns;

  // ---- equations: the tensor of each symbol, and the elements that each element depends on ----

  // The right side of an equation comes as text and symbols in turn; S stands for any symbol.
  const product = /^S(ᵀ?)·S(ᵀ?)( \+ S)?$/;
  const columnSums = 'Σᵢ Sᵢ';
  const isSymbol = i => i % 2 === 1;

  const functions = /(?<!\p{L})(max|tanh|log|ln|sin|cos|sign)(?!\p{L})/gu;

  function understand(e) {
    e.kind = 'said';
    const named = symbol => e.from.find(t => t.symbol === symbol);
    const flat = t => t && t.rank <= 2;
    const found = e.right.filter((_, i) => isSymbol(i)).map(named),
      form = e.right.map((part, i) => (isSymbol(i) ? 'S' : part)).join('');
    const m = product.exec(form),
      { kind } = e.dependencies;
    if (m && flat(found[0]) && flat(found[1])) {
      const [a, b] = found,
        [p, k] = m[1] ? [a.columns, a.rows] : [a.rows, a.columns],
        [k2, q] = m[2] ? [b.columns, b.rows] : [b.rows, b.columns];
      const terms = found.slice(2);
      if (k === k2 && p === e.left.rows && q === e.left.columns && terms.every(t => t)) {
        e.kind = 'sum';
        e.read = (r, c) => ({
          terms: [...upTo(k).map(i => [m[1] ? [a, i, r] : [a, r, i], m[2] ? [b, c, i] : [b, i, c]]), ...terms.map(t => [[t, 0, c]])],
        });
      }
    } else if (form === columnSums && found[0]?.columns === e.left.columns) {
      e.kind = 'sum';
      e.read = (r, c) => ({ terms: upTo(found[0].rows).map(i => [[found[0], i, c]]) });
    } else if (kind === 'same') {
      e.kind = 'same';
    } else if (ways[kind]) {
      e.read = ways[kind](e, named);
    }
    // A plain equation can be drawn as written: each symbol is a matrix and occurs once, and there are no words except function names.
    const unknown = e.right.map((part, i) => (isSymbol(i) ? (named(part) ? '' : part) : part.replace(functions, ''))).join('');
    e.isPlain =
      (e.kind === 'sum' || (e.kind === 'same' && !/[\p{L}Σ;]/u.test(unknown))) &&
      e.stepKind !== 'Update' &&
      found.length === new Set(found).size &&
      found.every(t => t && (e.kind === 'sum' || count(t) === count(e.left)));
    const symbols = [...e.symbols, ...(e.dependencies.isOfClass?.[0] ? ['t'] : []), ...(kind === 'maximum' ? ['x'] : [])];
    e.shown = e.isPlain ? found : e.from.filter(t => e.stepKind === 'Update' || (t.symbol !== e.left.symbol && symbols.includes(t.symbol)));
    if (e.kind === 'same' && !e.isPlain && e.shown.length === 0) {
      e.shown = e.from.filter(t => !t.isSecondary && count(t) === count(e.left)); // an x in an exponent
    }
  }

  const upTo = n => Array.from({ length: n }, (_, i) => i);
  const shortAt = cell => short(valueAt(...cell));
  const placeIn = (t, i) => [t, Math.floor(i / t.columns), i % t.columns];

  // The dependencies of operations whose equations describe them in words. For each element of the left side, a function returns the
  // terms of a sum (each a list of factors), or all cells it depends on and the ones whose numbers are substituted for their symbols.
  const ways = {
    lookup: (e, named) => (r, c) => {
      const [size] = e.dependencies.size,
        x = named('x'),
        dY = named('dY'),
        own = placeIn(x, Math.floor((r * e.left.columns + c) / size));
      if (!dY) return { terms: [[[named('W'), valueAt(...own), c % size]]], also: [own] };
      const places = upTo(count(x)).filter(i => valueAt(...placeIn(x, i)) === r);
      return { terms: places.map(i => [placeIn(dY, i * size + c)]), also: places.map(i => placeIn(x, i)) };
    },
    concat: (e, named) => (r, c) => {
      const dY = named('dY');
      let first = 0;
      for (const t of e.from.filter(t => /^([a-w]|x\d+)$/.test(t.symbol))) {
        if (dY ? e.left.symbol === 'd' + t.symbol.toUpperCase() : c < first + t.columns)
          return { terms: [[dY ? [dY, r, c + first] : [t, r, c - first]]] };
        first += t.columns;
      }
    },
    sum: (e, named) => () => ({
      terms: named('dY') ? [[[named('dY'), 0, 0]]] : upTo(count(named('x'))).map(i => [placeIn(named('x'), i)]),
    }),
    mean: (e, named) => () => ({ ...ways.sum(e, named)(), before: '(', after: `)/${count(named('x'))}` }),
    groups: (e, named) => (r, c) => {
      const [size] = e.dependencies.size,
        place = r * e.left.columns + c,
        group = upTo(size).map(i => place - (place % size) + i);
      const cells = [],
        own = [];
      for (const t of new Set(
        e.right
          .filter((_, i) => isSymbol(i))
          .map(named)
          .filter(Boolean),
      )) {
        const isSummed = e.right.some((part, i) => part === t.symbol && isSymbol(i) && e.right[i + 1].startsWith('ₖ'));
        cells.push(...(isSummed ? group : [place]).map(i => placeIn(t, i)));
        own.push(placeIn(t, place));
      }
      return { cells, own, note: `k runs over the ${size} highlighted numbers` };
    },
    normalizedChannels: (e, named) =>
      normal(
        e,
        named,
        i => Math.floor((i % named('x').columns) / e.dependencies.size[0]),
        i => Math.floor((i % named('x').columns) / e.dependencies.size[0]),
      ),
    normalizedGroups: (e, named) =>
      normal(
        e,
        named,
        i => Math.floor(i / e.dependencies.size[0]),
        i => i % e.dependencies.size[0],
      ),
    loss: (e, named) => (r, c) => {
      const t = named('t'),
        p = named('p'),
        isOfClass = e.dependencies.isOfClass[0];
      if (e.left.symbol === 'L') {
        const ofClass = isOfClass ? upTo(t.rows).map(i => [p, i, valueAt(t, i, 0)]) : null;
        if (ofClass)
          return { cells: [...ofClass, ...upTo(t.rows).map(i => [t, i, 0])], own: [], note: `pₜ = ${some(ofClass.map(shortAt), ' and ')}` };
        return {
          cells: e.shown.flatMap(each => upTo(count(each)).map(i => placeIn(each, i))),
          own: [],
          note:
            `the ${e.dependencies.isMean[0] ? 'mean' : 'sum'} over the ` +
            `${count(named('p') ?? named('z') ?? named('x'))} highlighted elements`,
        };
      }
      const own = [];
      for (const symbol of e.symbols) {
        const each = symbol === e.left.symbol ? null : named(symbol);
        if (each) own.push(count(each) === 1 ? [each, 0, 0] : [each, r, each.columns === 1 ? 0 : c]);
      }
      const sums = named('a') ? upTo(e.left.columns).map(k => [named('a'), r, k]) : [];
      return { cells: [...own, ...sums], own, note: isOfClass ? `1[t] = ${valueAt(t, r, 0) === c ? 1 : 0}` : '', equation: e.whole };
    },
    convolution: (e, named) => {
      const {
          x: [channels],
          window: [height, width],
        } = e.dependencies,
        x = named('x'),
        w = named('W'),
        b = named('b'),
        dY = named('dY'),
        taps = upTo(channels * height * width);
      if (!dY) {
        return (r, c) => ({
          terms: [
            ...(b ? [[[b, 0, channelOf(e.dependencies.y, c)]]] : []),
            ...taps
              .map(k => [k, under(e, c, k)])
              .filter(([, i]) => i >= 0)
              .map(([k, i]) => [
                [x, r, i],
                [w, channelOf(e.dependencies.y, c), k],
              ]),
          ],
        });
      }
      const outs = o => upTo(dY.columns).filter(i => channelOf(e.dependencies.y, i) === o),
        all = o => upTo(dY.rows).flatMap(r => outs(o).map(i => [r, i]));
      if (e.left.symbol === 'db') return (r, c) => ({ terms: all(c).map(([i, j]) => [[dY, i, j]]) });
      if (e.left.symbol === 'dW')
        return (r, c) => ({
          terms: all(r)
            .filter(([, j]) => under(e, j, c) >= 0)
            .map(([i, j]) => [
              [dY, i, j],
              [x, i, under(e, j, c)],
            ]),
        });
      return (r, c) => ({
        terms: upTo(dY.columns).flatMap(j =>
          taps
            .filter(k => under(e, j, k) === c)
            .map(k => [
              [dY, r, j],
              [w, channelOf(e.dependencies.y, j), k],
            ]),
        ),
      });
    },
    average: (e, named) => (r, c) => ({
      terms: pooled(e, named, r, c).map(cell => [cell]),
      before: '(',
      after: `)/${e.dependencies.window[0] * e.dependencies.window[1]}`,
    }),
    maximum: (e, named) => (r, c) => {
      const dY = named('dY'),
        x = named('x');
      if (!dY) return { terms: pooled(e, named, r, c).map(cell => [cell]), before: 'max(', after: ')', between: ', ' };
      const first = j =>
        windowOf(e, j).reduce(
          (best, i) => (best < 0 || valueAt(x, r, i) > valueAt(x, r, best) || Number.isNaN(valueAt(x, r, i)) ? i : best),
          -1,
        );
      return {
        terms: upTo(dY.columns)
          .filter(j => first(j) === c)
          .map(j => [[dY, r, j]]),
        also: [[x, r, c]],
      };
    },
  };

  // Normalization: each element of x has a mean, a standard deviation, a scale and a shift.
  function normal(e, named, statistic, scale) {
    const x = named('x'),
      dY = named('dY'),
      xHat = named('x\u0302'),
      all = upTo(count(x));
    const at = (symbol, i) => (named(symbol) && e.symbols.includes(symbol) ? [placeIn(named(symbol), i)] : []);
    if (!dY)
      return (r, c) => {
        const i = r * x.columns + c,
          own = [placeIn(x, i), ...['γ', 'β'].flatMap(l => at(l, scale(i))), ...['μ', 'v'].flatMap(l => at(l, statistic(i)))];
        return { cells: own, own };
      };
    if (e.left.symbol !== 'dX')
      return (r, c) => ({
        terms: all
          .filter(i => scale(i) === r * e.left.columns + c)
          .map(i => [placeIn(dY, i), ...(e.left.symbol === 'dγ' ? [placeIn(xHat, i)] : [])]),
      });
    return (r, c) => {
      const i = r * x.columns + c,
        own = [...at('s', statistic(i)), ...at('γ', scale(i)), placeIn(dY, i)];
      if (!e.text.includes('Σ')) return { cells: own, own };
      const group = all.filter(j => statistic(j) === statistic(i)),
        size = group.length,
        gammas = [...new Set(group.map(scale))].flatMap(j => at('γ', j));
      return {
        cells: [...at('s', statistic(i)), ...gammas, ...group.flatMap(j => [placeIn(dY, j), placeIn(xHat, j)])],
        own: [...own, placeIn(xHat, i)],
        note: `each Σ runs over the ${size} highlighted elements`,
      };
    };
  }

  // Windows: the column of x under a tap of the window that produced a column of y, or −1 if it is outside the image.
  const channelOf = ([, height, width], i) => Math.floor(i / (height * width));
  function under(
    {
      dependencies: {
        x: [, height, width],
        y: [, yHeight, yWidth],
        window,
        stride,
        padding,
      },
    },
    column,
    tap,
  ) {
    const row = (Math.floor(column / yWidth) % yHeight) * stride[0] + (Math.floor(tap / window[1]) % window[0]) - padding[0],
      at = (column % yWidth) * stride[1] + (tap % window[1]) - padding[1];
    return row < 0 || row >= height || at < 0 || at >= width ? -1 : (Math.floor(tap / (window[0] * window[1])) * height + row) * width + at;
  }
  const windowOf = (e, column) =>
    upTo(e.dependencies.window[0] * e.dependencies.window[1])
      .map(tap => under(e, column, tap + channelOf(e.dependencies.y, column) * e.dependencies.window[0] * e.dependencies.window[1]))
      .filter(i => i >= 0);
  const pooled = (e, named, r, c) =>
    named('dY')
      ? upTo(named('dY').columns)
          .filter(j => windowOf(e, j).includes(c))
          .map(j => [named('dY'), r, j])
      : windowOf(e, c).map(i => [named('x'), r, i]);

  function some(texts, between) {
    return texts.length <= mostTerms + 2
      ? texts.join(between)
      : [...texts.slice(0, mostTerms), `… (${texts.length - mostTerms} more)`].join(between);
  }

  // The cells that the element at (r, c) of the left side was computed from, and the equation with their numbers substituted.
  function madeOf(e, r, c) {
    if (e.kind === 'same') {
      const cells = e.shown.filter(t => count(t) === count(e.left)).map(t => placeIn(t, r * e.left.columns + c));
      const put = new Map(cells.map(cell => [cell[0].symbol, shortAt(cell).replace(/^−.*|.*e.*/, '($&)')]));
      if (e.isPlain)
        return {
          cells,
          sum: e.right
            .map((part, i) => (isSymbol(i) ? put.get(part) : part))
            .join('')
            .replaceAll('⊙', '·'),
        };
      return { cells, text: said(e.text, cells, e.constants) };
    }
    if (!e.read) return { cells: [], text: e.stepKind === 'Clip' ? e.left.description : e.text };
    const { terms, before = '', after = '', between = ' + ', also = [], cells = [], own, note, equation = e.text } = e.read(r, c);
    if (!terms) return { cells, text: said(equation, own, [...(note ? [note] : []), ...e.constants]) };
    const sum =
      terms.length === 0
        ? '0'
        : before +
          some(
            terms.map(term => term.map(shortAt).join('·')),
            between,
          ) +
          after;
    return { cells: [...terms.flat(), ...also], sum };
  }

  const said = (text, cells, notes) =>
    [text, [...cells.map(cell => `${cell[0].symbol} = ${shortAt(cell)}`), ...notes].join(', ')].filter(Boolean).join(', with ');

  // ---- matrices ----

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  const heading = (scope, i, name) => make('th', name ? { scope, title: name } : { scope }, name ? `${i} ${name}` : String(i));

  function matrix(e, t, { turned = false, isLeft = false } = {}) {
    const view = { e, t, isLeft, cells: new Map(), limit: firstShown, figure: make('figure') };
    const isHidden = () => isLeft && e.to && asked?.step === steps[at];
    const [rows, columns] = turned ? [t.columns, t.rows] : [t.rows, t.columns];
    const shape = turned ? `[${rows}×${columns}]` : t.shape;
    const most = numbers[t.numbers].reduce((m, v) => (Number.isFinite(Number(v)) ? Math.max(m, Math.abs(v)) : m), 0);
    function cell(i, j) {
      const [r, c] = turned ? [j, i] : [i, j],
        v = valueAt(t, r, c),
        td = make('td', { tabindex: view.cells.size ? -1 : 0 });
      view.cells.set(r * t.columns + c, td);
      Object.assign(td, { view, r, c });
      if (isHidden()) {
        td.textContent = '?';
        td.classList.toggle('asked', e === asked.e && r === asked.r && c === asked.c);
        return td;
      }
      td.dataset.value = full(v);
      td.textContent = short(v);
      if (v !== 0) td.className = !Number.isFinite(v) ? 'odd' : v > 0 ? 'positive' : 'negative';
      if (v !== 0 && Number.isFinite(v)) td.style.setProperty('--share', `${Math.round(100 * (0.08 + (0.92 * Math.abs(v)) / most))}%`);
      return td;
    }
    view.draw = () => {
      view.cells.clear();
      const [shownRows, shownColumns] = [Math.min(rows, view.limit), Math.min(columns, view.limit)];
      const head = make('tr', {}, make('th', { scope: 'col', 'aria-label': 'row' }));
      const [rowNames, columnNames] = turned ? [t.columnNames, t.rowNames] : [t.rowNames, t.columnNames];
      for (let j = 0; j < shownColumns; j++) head.append(heading('col', j, columnNames[j]));
      const body = make('tbody');
      for (let i = 0; i < shownRows; i++) {
        const tr = make('tr', {}, heading('row', i, rowNames[i]));
        for (let j = 0; j < shownColumns; j++) tr.append(cell(i, j));
        body.append(tr);
      }
      const name = `name-${tables.indexOf(view)}`,
        table = make('table', { 'aria-labelledby': name, 'data-symbol': t.symbol, 'data-turned': turned }, make('thead', {}, head), body);
      const caption = make('figcaption', { id: name }, make('b', {}, turned ? `${t.symbol}ᵀ` : t.symbol), ` ${shape} ${t.description}`);
      view.figure.replaceChildren(caption, make('div', { class: 'scroll' }, table));
      const left = [];
      if (rows > shownRows) left.push(`first ${shownRows} of ${rows} rows`);
      if (columns > shownColumns) left.push(`first ${shownColumns} of ${columns} columns`);
      if (left.length) {
        const more = make('button', { type: 'button', 'aria-label': `Show more of ${t.symbol}` }, 'more');
        more.onclick = () => {
          view.limit *= 2;
          view.draw();
          view.figure.querySelector('td').focus();
        };
        view.figure.append(make('div', { class: 'note' }, left.join(', '), more));
      }
    };
    tables.push(view);
    view.draw();
    return view.figure;
  }

  const signed = (text, ...figure) => make('div', { class: 'signed' }, make('span', { class: 'sign' }, text.trim()), ...figure);

  // Draws the equation with its matrices in place of their symbols. If the equation is not plain, lists the matrices it reads instead.
  function drawn(e) {
    const parts = make('div', { class: 'parts' }, matrix(e, e.left, { isLeft: true }));
    let before = `${e.sign} `;
    for (let i = 0; e.isPlain && i + 1 < e.right.length; i += 2) {
      const turned = e.right[i + 2].startsWith('ᵀ');
      parts.append(
        signed(
          before + e.right[i].replace(/^ᵀ/, ''),
          matrix(
            e,
            e.from.find(t => t.symbol === e.right[i + 1]),
            { turned },
          ),
        ),
      );
      before = '';
    }
    if (!e.isPlain) parts.append(...e.shown.map((t, i) => signed(i ? 'and' : 'from', matrix(e, t))));
    else if (/[^ ᵀᵢ]/.test(e.right.at(-1))) parts.append(signed(e.right.at(-1).replace(/^ᵀ/, '')));
    const section = make('section', { class: 'equation', 'aria-label': e.text }, make('h3', {}, e.text), parts);
    if (e.stepKind === 'Update' && e.constants.length) section.append(make('p', {}, `and ${e.constants.join(', ')}`));
    if (e.sum && asked?.step !== steps[at])
      section.append(
        make(
          'div',
          { class: 'parts' },
          signed(
            'so far',
            matrix(
              { kind: 'total', left: e.sum, added: steps[at].equations.filter(other => other.to === e.to).map(other => other.left) },
              e.sum,
              { isLeft: true },
            ),
          ),
        ),
      );
    return section;
  }

  // ---- the hovered or focused element ----

  function unlight() {
    for (const td of equations.querySelectorAll('.maker, .made')) td.classList.remove('maker', 'made');
    $('readout').textContent =
      tables.length === 0
        ? ''
        : 'Hover over a number, tap it, or move to it with Tab to see its full value and the numbers it was computed from.';
  }

  function light(td) {
    unlight();
    const { e, t, isLeft } = td.view,
      hidden = !td.dataset.value,
      name = `${t.symbol}[${td.r}, ${td.c}]`,
      value = hidden ? '?' : minus(td.dataset.value);
    td.classList.add('made');
    const { cells, sum, text } = !isLeft
      ? { cells: [], text: t.description }
      : e.kind === 'total'
        ? { cells: e.added.map(from => [from, td.r, td.c]), text: 'the previous sum + what this step added' }
        : madeOf(e, td.r, td.c);
    for (const [from, r, c] of cells)
      tables
        .find(view => view.t === from && (e.kind === 'total' || !view.isLeft))
        ?.cells.get(r * from.columns + c)
        ?.classList.add('maker');
    $('readout').textContent = sum ? `${name} ${e.sign} ${sum} = ${value}` : `${name} = ${value}:  ${text}`;
  }

  equations.addEventListener('pointerover', event => {
    const td = event.target.closest('td');
    if (td?.view) light(td);
  });
  equations.addEventListener('pointerleave', () => {
    const td = document.activeElement;
    if (td?.view) light(td);
    else unlight();
  });
  equations.addEventListener('focusin', event => {
    const td = event.target;
    if (!td.view) return;
    for (const other of td.view.cells.values()) other.tabIndex = other === td ? 0 : -1;
    light(td);
  });

  function move(td, key) {
    const row = td.parentElement,
      column = td.cellIndex,
      rows = row.parentElement.rows,
      i = row.sectionRowIndex;
    const to =
      key === 'ArrowRight'
        ? row.cells[column + 1]
        : key === 'ArrowLeft'
          ? row.cells[column - 1]
          : rows[i + (key === 'ArrowDown' ? 1 : -1)]?.cells[column];
    if (to?.view) to.focus();
  }

  // ---- steps ----

  function lightGraph(step) {
    graph.classList.toggle('back', step.kind !== 'Forward' && step.kind !== 'Loss');
    const near = new Set();
    for (const edge of graph.querySelectorAll('.edge')) {
      const lit = step.sources.includes(Number(edge.dataset.from)) && step.nodes.includes(Number(edge.dataset.to));
      edge.classList.toggle('lit', lit);
      if (lit) near.add(edge.dataset.from);
    }
    for (const node of graph.querySelectorAll('.node')) {
      const lit = step.nodes.includes(Number(node.dataset.node));
      node.classList.toggle('lit', lit);
      node.classList.toggle('near', !lit && near.has(node.dataset.node));
      if (lit && step.nodes.length === 1) {
        const box = node.getBBox(),
          calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        graph.scrollTo({ left: box.x + box.width / 2 - graph.clientWidth / 2, behavior: calm ? 'auto' : 'smooth' });
      }
    }
  }

  // Asks for the visible element with the largest magnitude, in the last gradient computed by a product, or in the last gradient if there
  // is none.
  function questionOf(step) {
    if (step.kind !== 'Backward' || !$('predict').checked || settled.has(step)) return null;
    const sent = step.equations.filter(each => each.to !== null),
      e = sent.findLast(each => /[·⊙]/.test(each.text)) ?? sent.at(-1);
    if (!e) return null;
    const question = { step, e, r: 0, c: 0 };
    for (let r = 0; r < Math.min(e.left.rows, firstShown); r++) {
      for (let c = 0; c < Math.min(e.left.columns, firstShown); c++) {
        if (Math.abs(valueAt(e.left, r, c)) > Math.abs(valueAt(e.left, question.r, question.c))) Object.assign(question, { r, c });
      }
    }
    return question;
  }

  function show(i, keep = false) {
    at = Math.max(0, Math.min(steps.length - 1, i));
    const step = steps[at],
      held = keep ? $('verdict').textContent : '';
    asked = questionOf(step);
    tables = [];
    $('heading').textContent = `${says[step.kind].replace(/^./, first => first.toUpperCase())}: ${step.name} · ${step.operation}`;
    $('words').textContent =
      step.words + (step.derivative && !step.equations.some(e => e.text === step.derivative) ? `;  ${step.derivative}` : '');
    $('said').textContent =
      `Step ${at + 1} of ${steps.length}, ${says[step.kind]}: ` +
      `${asked ? `${step.name} · ${step.operation}: which gradient does it pass on?` : step.line}`;
    $('verdict').textContent = held;
    $('question').hidden = !asked;
    equations.replaceChildren(...step.equations.map(drawn));
    $('steps').value = String(at);
    $('first').disabled = $('back').disabled = at === 0;
    $('last').disabled = $('next').disabled = at === steps.length - 1 && !asked;
    lightGraph(step);
    unlight();
    if (asked) {
      stop();
      $('asked').textContent = `What is ${asked.e.left.symbol}[${asked.r}, ${asked.c}] (${asked.e.left.description})? ${asked.e.text}`;
      $('answer').value = '';
      $('answer').focus({ preventScroll: true });
    } else if (at === steps.length - 1) {
      stop();
    }
  }

  function reveal(verdict) {
    settled.add(asked.step);
    $('verdict').textContent = verdict;
    show(at, true);
    $('next').focus({ preventScroll: true });
  }

  $('question').addEventListener('submit', event => {
    event.preventDefault();
    const text = $('answer').value.trim().replace('−', '-').replace(',', '.'),
      guess = Number(text),
      v = valueAt(asked.e.left, asked.r, asked.c);
    if (text === '' || Number.isNaN(guess)) {
      $('verdict').textContent = 'Type a number, such as −0.25.';
      return;
    }
    const good = Math.abs(guess - v) <= 0.05 * Math.abs(v),
      name = `${asked.e.left.symbol}[${asked.r}, ${asked.c}]`;
    [right, answers] = [right + good, answers + 1];
    reveal(
      `${good ? 'Right' : 'Not quite'}: ${name} is ${minus(full(v))}${good ? '' : `, but you answered ${minus(text)}`}. ` +
        `${right} of ${answers} right.`,
    );
  });

  const tell = () => reveal(`${asked.e.left.symbol}[${asked.r}, ${asked.c}] is ${minus(full(valueAt(asked.e.left, asked.r, asked.c)))}.`);
  const next = () => (asked ? tell() : show(at + 1));

  function stop() {
    clearInterval(playing);
    playing = 0;
    $('play').textContent = 'Play';
  }

  function play() {
    if (playing) return stop();
    if (asked) return;
    if (at === steps.length - 1) show(0);
    $('play').textContent = 'Pause';
    playing = setInterval(next, pause);
  }

  // ---- buttons and keys ----

  steps.forEach((step, i) => {
    for (const e of step.equations) {
      Object.assign(e, { dependencies: step.dependencies, stepKind: step.kind });
      understand(e);
    }
    $('steps').append(make('option', { value: i }, `${i + 1}. ${says[step.kind]}: ${step.name}`));
  });
  const actions = { first: () => show(0), back: () => show(at - 1), next, last: () => show(steps.length - 1) };
  for (const [id, action] of Object.entries(actions))
    $(id).onclick = () => {
      stop();
      action();
    };
  $('play').onclick = play;
  $('tell').onclick = tell;
  $('steps').onchange = () => {
    stop();
    show(Number($('steps').value));
  };
  $('predict').onchange = () => {
    settled.clear();
    show(at);
  };
  document.addEventListener('keydown', event => {
    const target = event.target,
      key = event.key;
    if (event.ctrlKey || event.altKey || event.metaKey || target.matches('select, input[type=text]')) return;
    const id = { ArrowRight: 'next', ArrowLeft: 'back', Home: 'first', End: 'last' }[key];
    if (target.view && key.startsWith('Arrow')) move(target, key);
    else if (target.view && key === 'Escape') $('next').focus();
    else if (id) $(id).click();
    else if (key === ' ' && !target.matches('button, input, summary')) play();
    else if (key === 'p') $('predict').click();
    else return;
    event.preventDefault();
  });
  show(0);
})();
