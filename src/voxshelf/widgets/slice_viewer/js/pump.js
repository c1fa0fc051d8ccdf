/**
 * Which slice is asked for next: one wanted picture in flight, never a queue, and the next ones fetched ahead.
 *
 * *key* names everything about a view but its depth; pictures of one key are cached by depth, least recently used
 * first out, within a limit of bytes. *ahead*: with the wanted picture on screen and nothing else to do, the slices
 * that come next in the direction of travel are fetched, one at a time. *hurried*: the person moves on faster than
 * pictures come; then the one after the wanted is fetched ahead as well, so that the kernel reads while the browser
 * paints. A slice fetched ahead that becomes the wanted one takes the wanted one's place.
 */

export const CACHE_BYTES = 192 << 20;
const AHEAD = 6;
const FURTHEST_STEP = 10;
const HURRY_MS = 300; // how long after a picture came too late the next may still come too late
const SLOW_MS = 600; // where one slice takes this long, others must not be read on suspicion
const PATIENCE_MS = 20_000;
const RETRY_MS = 3000; // a folder that is gone may come back
const LONGEST_RETRY_MS = 30_000;

/** Lets the panes of one viewer take turns: one wanted picture is in flight among them, and one ahead. */
export class Lane {
  constructor() {
    this.pumps = [];
    this.taken = { wanted: null, ahead: null };
    this.leader = null; // who moved through slices last: its next ones are fetched ahead
  }

  take(pump, kind) {
    if (this.taken[kind]) return false;
    this.taken[kind] = pump;
    return true;
  }

  free(pump, kind) {
    if (this.taken[kind] === pump) this.taken[kind] = null;
  }

  leave(pump) {
    this.pumps = this.pumps.filter((other) => other !== pump);
    for (const kind of Object.keys(this.taken)) this.free(pump, kind);
    if (this.leader === pump) this.leader = null;
    this.turn(pump);
  }

  /** Whether nothing wanted is missing anywhere. */
  get idle() {
    return !this.taken.wanted && this.pumps.every((pump) => !pump.wanted || pump.settled);
  }

  /** Whether none of the others waits. */
  isQuietFor(pump) {
    return this.pumps.every((other) => other === pump || !other.wanted || other.settled);
  }

  /** It is the others' turn now, and then `pump`'s again. */
  turn(pump) {
    const at = this.pumps.indexOf(pump) + 1;
    for (const next of [...this.pumps.slice(at), ...this.pumps.slice(0, at)]) next.pump();
  }
}

/** Pictures by key and depth, within a limit of bytes. */
export class SliceCache {
  constructor(limit = CACHE_BYTES) {
    this.limit = limit;
    this.bytes = 0;
    this.entries = new Set(); // in order of last use
    this.places = new Map();
  }

  get(key, depth) {
    const entry = this.places.get(`${key} ${depth}`);
    if (entry) {
      this.entries.delete(entry);
      this.entries.add(entry);
    }
    return entry;
  }

  has(key, depth) {
    return this.places.has(`${key} ${depth}`);
  }

  put(entry) {
    for (let depth = entry.depths[0]; depth < entry.depths[1]; depth++) {
      const old = this.places.get(`${entry.key} ${depth}`);
      if (old) this.drop(old);
    }
    for (let depth = entry.depths[0]; depth < entry.depths[1]; depth++) {
      this.places.set(`${entry.key} ${depth}`, entry);
    }
    this.entries.add(entry);
    this.bytes += entry.bytes;
    for (const oldest of this.entries) {
      if (this.bytes <= this.limit || oldest === entry) break;
      this.drop(oldest);
    }
  }

  drop(entry) {
    if (!this.entries.delete(entry)) return;
    this.bytes -= entry.bytes;
    for (let depth = entry.depths[0]; depth < entry.depths[1]; depth++) {
      const place = `${entry.key} ${depth}`;
      if (this.places.get(place) === entry) this.places.delete(place);
    }
  }

  clear() {
    this.entries.clear();
    this.places.clear();
    this.bytes = 0;
  }
}

/** Asks for slices and hands them out. */
export class Pump {
  /**
   * @param {{send: (message: object) => void, show: (entry: object) => void,
   *   waiting?: (since: number | null) => void, silent?: () => void, cache?: SliceCache, lane?: Lane}} ports
   *   `send` asks the kernel; `show` puts a picture on screen; `waiting` tells since when (null: not any more) the
   *   wanted one is missing; `silent` is called when the kernel did not answer for long.
   */
  constructor({ send, show, waiting = () => {}, silent = () => {}, cache = new SliceCache(), lane = new Lane() }) {
    Object.assign(this, { send, show, waiting, silent, cache, lane });
    lane.pumps.push(this);
    lane.leader ??= this;
    this.sequence = 0;
    this.wanted = null;
    this.shown = null;
    this.flights = new Map();
    this.step = 1;
    this.behind = 0; // how far the person had moved on when the last wanted picture came
    this.hurriedUntil = 0;
    this.failed = new Set();
    this.retryAfter = RETRY_MS;
  }

  /** Want a slice: `{key, depth, request, range: [first, last]}`; `request(depth)` makes the message. */
  want(wanted) {
    const before = this.wanted;
    if (before?.key === wanted.key && before.depth !== wanted.depth) {
      const step = wanted.depth - before.depth;
      this.step = Math.abs(step) <= FURTHEST_STEP ? step : Math.sign(step); // a jump is no pace
      this.failed.clear();
      this.lane.leader = this;
    } else if (before?.key !== wanted.key) {
      this.failed.clear();
    }
    this.wanted = wanted;
    this.pump();
  }

  /** Whether the wanted picture is the one on screen. */
  get settled() {
    return Boolean(this.shown && this.isMeant(this.shown));
  }

  /** Forget pictures, e.g. because the data changed. */
  refresh() {
    this.cache.clear();
    this.again();
  }

  /** Ask once more for what is wanted. */
  again() {
    clearTimeout(this.retryTimer);
    this.shown = null;
    this.pump();
  }

  pump() {
    const { wanted } = this;
    if (!wanted) return;
    if (!this.settled) {
      const hit = this.cache.get(wanted.key, wanted.depth);
      if (hit) this.present(hit);
    }
    if (this.settled) {
      this.waiting(null);
      this.fetchAhead();
      return;
    }
    const flights = [...this.flights.values()];
    const coming = flights.find((flight) => flight.key === wanted.key && this.isSamePicture(flight.depth, wanted.depth));
    if (coming) this.promote(coming);
    else if (!flights.some((flight) => !flight.ahead) && this.lane.take(this, "wanted")) this.ask(wanted, wanted.depth, false);
    this.askAlong();
  }

  /** What was fetched ahead is what is wanted now. */
  promote(flight) {
    if (!flight.ahead || !this.lane.take(this, "wanted")) return;
    this.lane.free(this, "ahead");
    flight.ahead = false;
    this.waiting(performance.now());
  }

  /** In a hurry, one more picture beside the wanted one: where the person is by now, or will be when it comes. */
  askAlong() {
    const { wanted, lane } = this;
    if (performance.now() > this.hurriedUntil || !lane.isQuietFor(this)) return;
    const flights = [...this.flights.values()];
    if (!flights.some((flight) => !flight.ahead && flight.key === wanted.key)) return;
    const half = Math.trunc(this.behind / 2); // pictures come at twice the pace
    const onward = Math.sign(this.behind) * this.thickness;
    const steps = Math.abs(half) <= FURTHEST_STEP ? [0, half, onward] : [0];
    const isFlying = (depth) => flights.some((flight) => this.isSamePicture(flight.depth, depth));
    const next = steps.map((step) => wanted.depth + step).find((depth) => this.isMissing(depth) && !isFlying(depth));
    if (next !== undefined && lane.take(this, "ahead")) this.ask(wanted, next, true);
  }

  /** How many depths a picture of the wanted view serves, as far as is known. */
  get thickness() {
    const { wanted, shown } = this;
    return shown && shown.key === wanted.key ? shown.depths[1] - shown.depths[0] : 1;
  }

  isSamePicture(a, b) {
    const first = this.shown?.depths[0] ?? 0;
    return Math.floor((a - first) / this.thickness) === Math.floor((b - first) / this.thickness);
  }

  /** Whether a depth of the wanted view could be asked for. */
  isMissing(depth) {
    const { key, range } = this.wanted;
    return depth >= range[0] && depth <= range[1] && !this.cache.has(key, depth) && !this.failed.has(depth);
  }

  ask(wanted, depth, ahead) {
    const seq = ++this.sequence;
    const timer = setTimeout(() => {
      if (!this.land(seq).ahead) this.silent();
      this.lane.turn(this);
    }, PATIENCE_MS);
    this.flights.set(seq, { key: wanted.key, depth, ahead, timer, start: performance.now() });
    if (!ahead) this.waiting(performance.now());
    this.send({ ...wanted.request(depth), seq, ahead });
  }

  /** A reply has come: `{seq, depths, layers, bytes, problems}`. */
  receive(entry) {
    const flight = this.flights.get(entry.seq);
    if (!flight) return; // not asked by this viewer, or given up
    this.land(entry.seq);
    entry.key = flight.key;
    entry.took = performance.now() - flight.start;
    const damaged = entry.problems.length > 0;
    if (damaged) this.failed.add(flight.depth);
    else this.cache.put(entry);
    const meant = this.isMeant(entry);
    if (!flight.ahead) this.noteHurry(entry, flight);
    // A picture asked for earlier still shows the movement; one fetched ahead is shown when its turn comes.
    if (meant || (flight.ahead ? this.isPassed(entry) : !this.settled)) this.present(entry);
    this.lane.turn(this);
  }

  isMeant({ key, depths }) {
    const { wanted } = this;
    return Boolean(wanted && key === wanted.key && wanted.depth >= depths[0] && wanted.depth < depths[1]);
  }

  /** Whether a picture lies on the way from the one on screen to the wanted one. */
  isPassed({ key, depths, problems }) {
    const { wanted, shown } = this;
    if (!wanted || key !== wanted.key || key !== shown?.key || problems.length) return false;
    return (depths[0] - shown.depths[0]) * (wanted.depth - depths[0]) > 0;
  }

  noteHurry(entry, { depth }) {
    const { key, took } = entry;
    if (key !== this.wanted?.key || took > SLOW_MS) this.hurriedUntil = 0;
    else if (!this.settled && !this.isMeant(entry)) {
      this.behind = this.wanted.depth - depth;
      this.hurriedUntil = performance.now() + HURRY_MS;
    }
  }

  /** A flight is over, whatever came of it. */
  land(seq) {
    const flight = this.flights.get(seq);
    clearTimeout(flight.timer);
    this.flights.delete(seq);
    this.lane.free(this, flight.ahead ? "ahead" : "wanted");
    return flight;
  }

  present(entry) {
    this.shown = entry;
    this.show(entry);
    clearTimeout(this.retryTimer);
    if (!entry.problems.length) {
      this.retryAfter = RETRY_MS;
      return;
    }
    this.retryTimer = setTimeout(() => this.again(), this.retryAfter);
    this.retryAfter = Math.min(2 * this.retryAfter, LONGEST_RETRY_MS);
  }

  fetchAhead() {
    if (this.shown.took > SLOW_MS || this.lane.leader !== this || !this.lane.idle) return;
    const { depth } = this.wanted;
    const room = this.shown.bytes ? this.cache.limit / 2 / this.shown.bytes : AHEAD;
    const count = Math.min(AHEAD, Math.floor(room));
    const steps = Array.from({ length: count }, (_, i) => depth + (i + 1) * this.step);
    steps.push(depth - Math.sign(this.step));
    const next = steps.find((d) => this.isMissing(d));
    if (next !== undefined && this.lane.take(this, "ahead")) this.ask(this.wanted, next, true);
  }

  stop() {
    for (const { timer } of this.flights.values()) clearTimeout(timer);
    clearTimeout(this.retryTimer);
    this.flights.clear();
    this.wanted = null;
    this.lane.leave(this);
  }
}
