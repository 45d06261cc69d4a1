'use strict';
// Goes through the steps that the data element holds. Every number shown is one that the engine computed: the script picks and rounds, and adds up nothing.
(() => {
  const $ = id => document.getElementById(id);
  const { steps, numbers } = JSON.parse($('data').textContent);
  const firstShown = 16, mostTerms = 8, pause = 2500;
  const says = { Forward: 'forward', Loss: 'loss', ZeroGradients: 'zero gradients', Backward: 'backward', Clip: 'clip', Update: 'update' };
  const graph = $('graph'), equations = $('equations');
  const settled = new Set();                    // the steps whose question is answered
  let at = 0, playing = 0, asked = null, right = 0, answers = 0;
  let tables = [];                              // those of the step on view

  // ---- numbers ----

  const minus = text => text.replace(/-/g, '−');
  const full = v => Object.is(v, -0) ? '-0' : String(v);
  function short(v) {
    if (!Number.isFinite(v)) return Number.isNaN(v) ? 'NaN' : v > 0 ? '∞' : '−∞';
    const size = Math.abs(v);
    const text = v !== 0 && (size < 1e-3 || size >= 1e5) ? v.toExponential(3).replace(/\.?0+e/, 'e').replace('+', '') : String(Number(v.toPrecision(4)));
    return minus(text);
  }
  const valueAt = (t, r, c) => Number(numbers[t.numbers][r * t.columns + c]);
  const count = t => t.rows * t.columns;

  // ---- equations: which tensors their letters mean, and which numbers one number was made of ----

  const letters = /(?<![\p{Lu}\p{Ll}∂])(∂y\/∂x(?!\u0302)|d?(?![Σ])[\p{Lu}\p{Ll}]\u0302?)(?![\p{Lu}\p{Ll}])/gu;
  const factor = '(d?\\p{L})(ᵀ?)';
  const product = new RegExp(`^${factor}·${factor}(?: \\+ (\\p{Ll}))?$`, 'u');
  const columnSums = /^Σᵢ (d?\p{L})ᵢ$/u;

  function understand(e) {
    const [, sign, rest] = /^.*? (\+=|−=|=) (.*)$/s.exec(e.text) ?? [null, '=', e.text];
    Object.assign(e, { sign, rest, kind: 'row' });
    const named = letter => e.from.find(t => t.letter === letter);
    const flat = t => t && t.rank <= 2;
    let m = product.exec(rest);
    if (m && flat(named(m[1])) && flat(named(m[3]))) {
      const [a, b] = [named(m[1]), named(m[3])], [p, k] = m[2] ? [a.columns, a.rows] : [a.rows, a.columns], [k2, q] = m[4] ? [b.columns, b.rows] : [b.rows, b.columns];
      if (k === k2 && p === e.left.rows && q === e.left.columns) Object.assign(e, { kind: 'product', a, aT: !!m[2], b, bT: !!m[4], terms: k, bias: named(m[5]) });
    } else if ((m = columnSums.exec(rest)) && named(m[1])?.columns === e.left.columns) {
      Object.assign(e, { kind: 'columns', a: named(m[1]), terms: named(m[1]).rows });
    } else if (e.elementwise || (named(rest) && count(named(rest)) === count(e.left))) {
      e.kind = 'same';
    }
    if (e.kind === 'product' && m[5] && !e.bias) e.rest = rest.slice(0, -` + ${m[5]}`.length);      // a layer without b
    const found = [...e.rest.matchAll(letters)].map(m => named(m[1]));
    const fits = t => e.kind !== 'same' || count(t) === count(e.left);
    e.isPlain = found.length > 0 && e.kind !== 'row' && !/where|[ˣ;]/.test(e.rest) && found.length === new Set(found).size && found.every(t => t && fits(t));
    e.shown = e.isPlain ? found : e.from.filter(t => found.includes(t) || (!t.quiet && fits(t)));
  }

  const term = (e, k, r, c) => e.kind === 'columns' ? [[e.a, k, c]] : [e.aT ? [e.a, k, r] : [e.a, r, k], e.bT ? [e.b, c, k] : [e.b, k, c]];
  const shortAt = cell => short(valueAt(...cell));

  // The cells that made the number at (r, c) of the equation's left side, and the equation with their numbers put in.
  function madeOf(e, r, c) {
    const cells = [];
    if (e.kind === 'product' || e.kind === 'columns') {
      const texts = [];
      for (let k = 0; k < e.terms; k++) {
        const factors = term(e, k, r, c);
        cells.push(...factors);
        if (k < mostTerms || e.terms <= mostTerms + 1) texts.push(factors.map(shortAt).join('·'));
      }
      if (e.terms > texts.length) texts.push(`… (${e.terms - texts.length} more)`);
      if (e.bias) cells.push([e.bias, 0, c]), texts.push(shortAt([e.bias, 0, c]));
      return { cells, text: texts.join(' + ') };
    }
    if (e.kind === 'same') {
      const place = r * e.left.columns + c;
      for (const t of e.shown) if (count(t) === count(e.left)) cells.push([t, Math.floor(place / t.columns), place % t.columns]);
      const put = new Map(cells.map(cell => [cell[0].letter, shortAt(cell).replace(/^−.*/, '($&)')]));
      return { cells, text: e.isPlain ? e.rest.replace(letters, m => put.get(m)).replaceAll('⊙', '·') : `${e.text}, with ${[...put].map(([l, v]) => `${l} = ${v}`).join(', ')}` };
    }
    for (const t of e.shown) {
      for (let i = 0; i < count(t); i++) {
        const [y, x] = [Math.floor(i / t.columns), i % t.columns];
        if (t.isParameter ? t.rank < 2 && t.columns === e.left.columns && x === c : e.isOverRows || t.rows !== e.left.rows || y === r) cells.push([t, y, x]);
      }
    }
    // Of a loss, each number of the gradient has its own p and t.
    const own = new Map(), equation = e.text.includes('∂L/∂') ? `${e.text}, ${e.derivative}` : e.text;
    for (const [, letter] of e.from.some(t => t.letter === 't') && count(e.left) > 1 ? equation.matchAll(letters) : []) {
      const t = e.shown.find(each => each.letter === letter);
      if (t && count(t) === 1) own.set(letter, shortAt([t, 0, 0]));
      else if (t?.rows === e.left.rows) own.set(letter, shortAt([t, r, t.columns === 1 ? 0 : c]));
    }
    return { cells, text: own.size ? `${equation}, with ${[...own].map(([l, v]) => `${l} = ${v}`).join(', ')}` : cells.length ? `${e.text}, from the numbers marked` : e.left.says };
  }

  // ---- matrices ----

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  function matrix(e, t, { turned = false, isLeft = false } = {}) {
    const view = { e, t, isLeft, cells: new Map(), limit: firstShown, figure: make('figure') };
    const isHidden = () => isLeft && e.to && asked?.step === steps[at];
    const [rows, columns] = turned ? [t.columns, t.rows] : [t.rows, t.columns];
    const shape = turned ? `[${rows}×${columns}]` : t.shape;
    const most = numbers[t.numbers].reduce((m, v) => Number.isFinite(Number(v)) ? Math.max(m, Math.abs(v)) : m, 0);
    function cell(i, j) {
      const [r, c] = turned ? [j, i] : [i, j], v = valueAt(t, r, c), td = make('td', { tabindex: view.cells.size ? -1 : 0 });
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
      if (v !== 0 && Number.isFinite(v)) td.style.setProperty('--share', `${Math.round(100 * (0.08 + 0.92 * Math.abs(v) / most))}%`);
      return td;
    }
    view.draw = () => {
      view.cells.clear();
      const [shownRows, shownColumns] = [Math.min(rows, view.limit), Math.min(columns, view.limit)];
      const head = make('tr', {}, make('th', { scope: 'col', 'aria-label': 'row' }));
      for (let j = 0; j < shownColumns; j++) head.append(make('th', { scope: 'col' }, String(j)));
      const body = make('tbody');
      for (let i = 0; i < shownRows; i++) {
        const tr = make('tr', {}, make('th', { scope: 'row' }, String(i)));
        for (let j = 0; j < shownColumns; j++) tr.append(cell(i, j));
        body.append(tr);
      }
      const name = `name-${tables.indexOf(view)}`, table = make('table', { 'aria-labelledby': name, 'data-letter': t.letter, 'data-turned': turned }, make('thead', {}, head), body);
      const caption = make('figcaption', { id: name }, make('b', {}, turned ? `${t.letter}ᵀ` : t.letter), ` ${shape} ${t.says}`);
      view.figure.replaceChildren(caption, make('div', { class: 'scroll' }, table));
      const left = [];
      if (rows > shownRows) left.push(`first ${shownRows} of ${rows} rows`);
      if (columns > shownColumns) left.push(`first ${shownColumns} of ${columns} columns`);
      if (left.length) {
        const more = make('button', { type: 'button', 'aria-label': `Show more of ${t.letter}` }, 'more');
        more.onclick = () => { view.limit *= 2; view.draw(); view.figure.querySelector('td').focus(); };
        view.figure.append(make('div', { class: 'note' }, left.join(', '), more));
      }
    };
    tables.push(view);
    view.draw();
    return view.figure;
  }

  const signed = (text, ...figure) => make('div', { class: 'signed' }, make('span', { class: 'sign' }, text.trim()), ...figure);

  // The equation with a matrix where a letter names one; where it has other letters too, what it reads, one after another.
  function drawn(e) {
    const parts = make('div', { class: 'parts' }, matrix(e, e.left, { isLeft: true }));
    let end = 0, before = e.sign;
    for (const m of e.isPlain ? e.rest.matchAll(letters) : []) {
      const turned = e.rest[m.index + m[0].length] === 'ᵀ';
      parts.append(signed(`${before} ${e.rest.slice(end, m.index)}`, matrix(e, e.from.find(t => t.letter === m[1]), { turned })));
      end = m.index + m[0].length + turned;
      before = '';
    }
    if (!e.isPlain) parts.append(...e.shown.map((t, i) => signed(i ? 'and' : 'from', matrix(e, t))));
    else if (/[^ ᵢ]/.test(e.rest.slice(end))) parts.append(signed(e.rest.slice(end)));
    const section = make('section', { class: 'equation', 'aria-label': e.text }, make('h3', {}, e.text), parts);
    if (e.sum && asked?.step !== steps[at]) section.append(make('div', { class: 'parts' }, signed('so far', matrix({ kind: 'sum', left: e.sum, added: e.left }, e.sum, { isLeft: true }))));
    return section;
  }

  // ---- what is under the pointer or has the focus ----

  function unlight() {
    for (const td of equations.querySelectorAll('.maker, .made')) td.classList.remove('maker', 'made');
    $('readout').textContent = tables.length === 0 ? '' : 'Point at a number, tap it or go to it with Tab: here stand all its digits and what it was made of.';
  }

  function light(td) {
    unlight();
    const { e, t, isLeft } = td.view, hidden = !td.dataset.value, name = `${t.letter}[${td.r}, ${td.c}]`, value = hidden ? '?' : minus(td.dataset.value);
    td.classList.add('made');
    const { cells, text } = !isLeft ? { cells: [], text: t.says } : e.kind === 'sum' ? { cells: [[e.added, td.r, td.c]], text: 'what was there + what this step added' } : madeOf(e, td.r, td.c);
    for (const [from, r, c] of cells) tables.find(view => view.t === from && !(view.isLeft && e.kind !== 'sum'))?.cells.get(r * from.columns + c)?.classList.add('maker');
    $('readout').textContent = isLeft && e.isPlain ? `${name} ${e.sign} ${text} = ${value}` : `${name} = ${value}:  ${text}`;
  }

  equations.addEventListener('pointerover', event => { const td = event.target.closest('td'); if (td?.view) light(td); });
  equations.addEventListener('pointerleave', () => { const td = document.activeElement; if (td?.view) light(td); else unlight(); });
  equations.addEventListener('focusin', event => {
    const td = event.target;
    if (!td.view) return;
    for (const other of td.view.cells.values()) other.tabIndex = other === td ? 0 : -1;
    light(td);
  });

  function move(td, key) {
    const row = td.parentElement, column = td.cellIndex, rows = row.parentElement.rows, i = row.sectionRowIndex;
    const to = key === 'ArrowRight' ? row.cells[column + 1] : key === 'ArrowLeft' ? row.cells[column - 1] : rows[i + (key === 'ArrowDown' ? 1 : -1)]?.cells[column];
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
        const box = node.getBBox(), calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        graph.scrollTo({ left: box.x + box.width / 2 - graph.clientWidth / 2, behavior: calm ? 'auto' : 'smooth' });
      }
    }
  }

  // The number asked for: the greatest, of those on view, of what goes to a source, or where there is none to a parameter.
  function questionOf(step) {
    const e = step.kind === 'Backward' && $('predict').checked && !settled.has(step) ? step.equations.findLast(each => each.to !== null) : null;
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
    const step = steps[at], held = keep ? $('verdict').textContent : '';
    asked = questionOf(step);
    tables = [];
    $('heading').textContent = `${says[step.kind].replace(/^./, first => first.toUpperCase())}: ${step.name} · ${step.operation}`;
    $('words').textContent = step.words + (step.derivative && !step.equations.some(e => e.text === step.derivative) ? `;  ${step.derivative}` : '');
    $('said').textContent = `Step ${at + 1} of ${steps.length}, ${says[step.kind]}: ${asked ? `${step.name} · ${step.operation}: what goes out?` : step.line}`;
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
      $('asked').textContent = `What is ${asked.e.left.letter}[${asked.r}, ${asked.c}], of what ${asked.e.left.says}? ${asked.e.text}`;
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
    const text = $('answer').value.trim().replace('−', '-').replace(',', '.'), guess = Number(text), v = valueAt(asked.e.left, asked.r, asked.c);
    if (text === '' || Number.isNaN(guess)) {
      $('verdict').textContent = 'Type a number, such as −0.25.';
      return;
    }
    const good = Math.abs(guess - v) <= 0.05 * Math.abs(v), name = `${asked.e.left.letter}[${asked.r}, ${asked.c}]`;
    [right, answers] = [right + good, answers + 1];
    reveal(`${good ? 'Right' : 'Not quite'}: ${name} is ${minus(full(v))}${good ? '' : `, you said ${minus(text)}`}. ${right} of ${answers} right.`);
  });

  const tell = () => reveal(`${asked.e.left.letter}[${asked.r}, ${asked.c}] is ${minus(full(valueAt(asked.e.left, asked.r, asked.c)))}.`);
  const next = () => asked ? tell() : show(at + 1);

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
      Object.assign(e, { derivative: step.derivative, isOverRows: step.operation.startsWith('BatchNorm') });     // there, a mean over the batch has all rows in it
      understand(e);
    }
    $('steps').append(make('option', { value: i }, `${i + 1}. ${says[step.kind]}: ${step.name}`));
  });
  const actions = { first: () => show(0), back: () => show(at - 1), next, last: () => show(steps.length - 1) };
  for (const [id, action] of Object.entries(actions)) $(id).onclick = () => { stop(); action(); };
  $('play').onclick = play;
  $('tell').onclick = tell;
  $('steps').onchange = () => { stop(); show(Number($('steps').value)); };
  $('predict').onchange = () => { settled.clear(); show(at); };
  document.addEventListener('keydown', event => {
    const target = event.target, key = event.key;
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
