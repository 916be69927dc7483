// Sounds that are heard over a shop floor: two low ones for a no, a short high one for a yes.

let audio;

function tone(frequency, start, seconds) {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.type = "square";
  oscillator.frequency.value = frequency;
  volume.gain.value = 0.15;
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(audio.currentTime + start);
  oscillator.stop(audio.currentTime + start + seconds);
}

function play(tones) {
  try {
    audio ??= new AudioContext();
    tones.forEach((each) => tone(...each));
  } catch {
    // a browser without sound shows the answer all the same
  }
}

export const yes = () => play([[1320, 0, 0.08]]);
export const no = () => play([[220, 0, 0.2], [180, 0.25, 0.35]]);
