// A photo as it is sent: what a camera makes is larger than a page needs and the server takes.

const LARGEST = 500_000;
const LONGEST_SIDE = 1600;

/** Returns a file as a smaller JPEG; small ones, and what the browser can't draw, as they are. */
export async function photoOf(file) {
  if (file.size <= LARGEST) return file;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((smaller) => done(smaller ?? file), "image/jpeg", 0.85));
}
