// The words of a beat: over the video where its frame leaves room for them, below it elsewhere.

// Players of the system, on some phones, show nothing but the video and its own tracks.
class Captions {
  constructor(video, line) {
    this.line = line;
    this.tracks = Object.keys(LANGUAGES).map((each) => video.addTextTrack("captions", LANGUAGES[each], each));
    for (const track of this.tracks) track.mode = "hidden";
    video.addEventListener("webkitbeginfullscreen", () => this.native(true));
    video.addEventListener("webkitendfullscreen", () => this.native(false));
    this.chosen = "off";
  }

  native(on) {
    for (const track of this.tracks) {
      const shown = on && track.language === this.chosen && this.lesson.burned !== this.chosen;
      track.mode = shown ? "showing" : "hidden";
    }
  }

  load(lesson) {
    this.lesson = lesson;
    for (const track of this.tracks) {
      while (track.cues?.length) track.removeCue(track.cues[0]);
      for (const beat of lesson.beats) track.addCue(new VTTCue(beat.start, beat.end, beat.captions[track.language]));
    }
  }

  // Burned into the video, words of that language are only heard; others go below the video.
  show(beat) {
    const { burned } = this.lesson;
    const text = this.chosen === "off" ? "" : beat.captions[this.chosen];
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.lang = this.chosen === "off" ? language : this.chosen;
    this.line.dataset.place = burned === null ? "over" : burned === this.chosen ? "heard" : "below";
    this.fit();
  }

  fit() {
    const set = `${this.line.lang} ${this.line.dataset.place} ${this.line.textContent}`;
    if (this.fitted === set) return;
    this.fitted = set;
    const words = document.createRange();
    words.selectNodeContents(this.line);
    this.line.classList.remove("long");
    this.line.classList.toggle("long", words.getClientRects().length > 1);
  }

  refit() {
    this.fitted = null;
    this.fit();
  }
}
