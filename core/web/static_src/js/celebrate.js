// Something good was reached: a short burst of girih stars. Nothing moves where the device asks for little motion.

const LASTS = 1500;
const PIECES = 36;
const COLOURS = ["--accent", "--plan-fill", "--star", "--today-fill", "--accent-line"];

/** The place it comes from: the winning column, the step that is on, else the upper middle. */
function source() {
  const place = document.querySelector(".g-lane-won .g-lane-head, .g-stages [aria-current=step]");
  const box = place?.getBoundingClientRect();
  if (!box?.width) return { x: innerWidth / 2, y: innerHeight / 3 };
  return { x: box.left + box.width / 2, y: box.bottom };
}

/** A star of eight points, or one of the kites between its points. */
function shapeOf(kind, size) {
  const path = new Path2D();
  const points = kind === "star" ? 16 : 4;
  for (let n = 0; n < points; n += 1) {
    const reach = kind === "star" ? size * (n % 2 ? 0.72 : 1) : size * [1, 0.45, 0.6, 0.45][n];
    const angle = (2 * Math.PI * n) / points;
    path[n ? "lineTo" : "moveTo"](reach * Math.sin(angle), -reach * Math.cos(angle));
  }
  path.closePath();
  return path;
}

function pieces() {
  const { x, y } = source();
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: PIECES }, (_, n) => {
    const angle = (2 * Math.PI * n) / PIECES + Math.random() * 0.3;
    const speed = 120 + Math.random() * 260;
    const kind = n % 3 ? "kite" : "star";
    return {
      x, y, kind, across: speed * Math.cos(angle), down: speed * Math.sin(angle) - 140, turn: (Math.random() - 0.5) * 8,
      colour: style.getPropertyValue(COLOURS[n % COLOURS.length]), shape: shapeOf(kind, 5 + Math.random() * 7),
    };
  });
}

function draw(pen, piece, seconds) {
  pen.save();
  pen.translate(piece.x + piece.across * seconds, piece.y + piece.down * seconds + 260 * seconds * seconds);
  pen.rotate(piece.turn * seconds);
  if (piece.kind === "star") {
    pen.strokeStyle = piece.colour;
    pen.stroke(piece.shape);
  } else {
    pen.fillStyle = piece.colour;
    pen.fill(piece.shape);
  }
  pen.restore();
}

/** Let the stars fly once; while they do, a second call changes nothing. */
export function celebrate() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.querySelector(".g-celebrate")) return;
  const canvas = Object.assign(document.createElement("canvas"), {
    className: "g-celebrate", width: innerWidth * devicePixelRatio, height: innerHeight * devicePixelRatio,
  });
  canvas.setAttribute("aria-hidden", "true");
  document.body.append(canvas);
  const pen = canvas.getContext("2d");
  const all = pieces();
  const start = performance.now();
  const frame = (now) => {
    const gone = Math.max(0, now - start);
    if (gone >= LASTS) return canvas.remove();
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, innerWidth, innerHeight);
    pen.globalAlpha = 1 - (gone / LASTS) ** 2;
    pen.lineWidth = 1.6;
    for (const piece of all) draw(pen, piece, gone / 1000);
    return requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  // a hidden tab draws nothing: what is left goes all the same
  setTimeout(() => canvas.remove(), LASTS + 400);
}
