// A video that knows its beats: it steps, and stands still at the end of each to the thousandth of a second.

// The picture at the end of a beat is the one that is shown this long before its end.
const CLOSE = 0.001;
// A busy page asks for a stop late, and browsers choose pictures some ticks ahead: so many seconds of the clock
// before the next beat a video is stopped.  What is not played then is the end of a still, and a seek goes to it.
const LEAD = 0.3;
// No more of a still than this share of it: pictures have times of their own, and a clip ends with one.
const SHARE = 0.75;
// Where nothing stands still, those ticks.
const LEAST_LEAD = 0.06;

class Playback {
  constructor(video, changed) {
    this.video = video;
    this.changed = changed;
    this.stops = true;
    this.waiting = null;
    this.stopAt = Infinity;
    this.blob = null;
    video.addEventListener("loadedmetadata", () => this.arrived());
    video.addEventListener("play", () => this.watch());
    video.addEventListener("timeupdate", () => this.check());
    for (const event of ["play", "pause", "seeked", "ended", "ratechange"]) video.addEventListener(event, changed);
  }

  get beats() {
    return this.lesson.beats;
  }

  get duration() {
    return Number.isFinite(this.video.duration) ? this.video.duration : this.lesson.duration;
  }

  get now() {
    return this.waiting ?? this.video.currentTime;
  }

  get index() {
    return this.indexAt(this.now);
  }

  // How long before the end of the beat it stops, in seconds of the video.
  get lead() {
    const rate = this.video.playbackRate;
    const { still } = this.beats[this.indexAt(this.stopAt - 2 * CLOSE)];
    return Math.max(LEAST_LEAD * Math.max(1, rate), Math.min(LEAD * rate, SHARE * still));
  }

  get playing() {
    return !this.video.paused && !this.video.ended;
  }

  get finished() {
    return !this.playing && this.now >= this.end(this.beats.length - 1) - 2 * CLOSE;
  }

  indexAt(time) {
    const later = this.beats.findIndex((beat) => beat.start > time + CLOSE / 4);
    return later < 0 ? this.beats.length - 1 : Math.max(0, later - 1);
  }

  // A video may be a little shorter than the clock of its scene says.
  end(index) {
    const { end } = this.beats[index];
    return index === this.beats.length - 1 ? Math.min(end, this.duration) : end;
  }

  load(lesson, index, play) {
    const start = lesson.beats[index].start;
    if (this.lesson === lesson) {
      this.seek(start);
    } else {
      this.lesson = lesson;
      this.waiting = start;
      this.video.src = this.source(lesson.video);
      this.arm(start);
    }
    if (play) this.play();
    this.changed();
  }

  // The address of a video, or of the data that stand in the page as text.
  source(address) {
    if (this.blob) URL.revokeObjectURL(this.blob);
    this.blob = null;
    if (!address.startsWith("#")) return address;
    const letters = atob(find(address.slice(1)).textContent);
    const bytes = new Uint8Array(letters.length);
    for (let each = 0; each < letters.length; each += 1) bytes[each] = letters.charCodeAt(each);
    this.blob = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    return this.blob;
  }

  arrived() {
    if (this.waiting !== null) this.video.currentTime = Math.min(this.waiting, this.duration - CLOSE);
    this.waiting = null;
    this.changed();
  }

  seek(time) {
    const target = Math.max(0, Math.min(time, this.duration - CLOSE));
    if (this.video.readyState > 0) this.video.currentTime = target;
    else this.waiting = target;
    this.arm(target);
    this.changed();
  }

  // From where it stands, play on to the end of the beat; at the end of one, to that of the next.
  arm(time = this.now) {
    this.stopAt = this.end(this.indexAt(time + 2 * CLOSE));
  }

  play() {
    this.arm();
    this.video.play().catch(() => this.changed());
  }

  pause() {
    this.video.pause();
  }

  stopping(on) {
    this.stops = on;
    this.arm();
    this.changed();
  }

  watch() {
    if (!this.playing) return;
    this.check();
    requestAnimationFrame(() => this.watch());
  }

  check() {
    if (this.playing && this.waiting === null && !this.video.seeking) {
      if (this.now >= this.stopAt - this.lead && this.stops) this.stand();
      else if (this.now >= this.stopAt) this.arm();
    }
    this.changed();
  }

  stand() {
    this.video.pause();
    this.video.currentTime = this.stopAt - CLOSE;
  }

  set rate(rate) {
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
  }
}
