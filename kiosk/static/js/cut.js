// Lets the officer choose where the picture is cut to 3:4: by dragging and zooming it under the frame, or by the three
// sliders. The picture is sent as it is; where to cut goes with it in parts of its width and height, and the server
// cuts. What is proposed first is what the server would cut by itself, or the face where the browser finds one.

const RATIO = 3 / 4;
const LEAST_WIDTH = 135; // pixels: half of what is printed, and above what the server refuses
const MOST_ZOOM = 6;
const FACE_PART = 2.2; // a cut is this many times as high as a found face, which reaches from brow to chin
const FACE_CENTRE = 0.45; // and the face's middle stands here in it, from its top

const frame = document.querySelector("[data-frame]");
const field = document.querySelector("[data-cut-field]");

if (frame && field) {
  const still = frame.querySelector("[data-still]");
  const guide = frame.querySelector("[data-guide]");
  const panel = document.querySelector("[data-cutting]");
  const [zoom, across, down] = ["zoom", "across", "down"].map((name) => panel.querySelector(`[data-${name}]`));
  const fingers = new Map();
  let cut = null; // left, top and width in the picture's own pixels
  let isTouched = false;

  const widest = () => Math.min(still.naturalWidth, still.naturalHeight * RATIO);
  const narrowest = () => Math.min(widest(), Math.max(LEAST_WIDTH, widest() / MOST_ZOOM));
  const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));
  const room = () => [still.naturalWidth - cut.width, still.naturalHeight - cut.width / RATIO];
  const share = (part, whole) => (whole > 0.5 ? part / whole : 0.5);

  const lay = (left, top, width) => {
    cut = { left, top, width: clamp(width, narrowest(), widest()) };
    const [sideways, upright] = room();
    cut.left = clamp(left, 0, sideways);
    cut.top = clamp(top, 0, upright);
    const scale = frame.clientWidth / cut.width;
    still.style.width = `${still.naturalWidth * scale}px`;
    still.style.height = `${still.naturalHeight * scale}px`;
    still.style.transform = `translate(${-cut.left * scale}px, ${-cut.top * scale}px)`;
    zoom.max = widest() / narrowest();
    zoom.value = widest() / cut.width;
    across.value = share(cut.left, sideways);
    down.value = share(cut.top, upright);
    zoom.disabled = widest() <= narrowest();
    across.disabled = sideways <= 0.5;
    down.disabled = upright <= 0.5;
    const parts = [cut.left / still.naturalWidth, cut.top / still.naturalHeight, cut.width / still.naturalWidth];
    field.value = parts.map((part) => part.toFixed(5)).join(" ");
  };

  // around the middle of what is seen, so that a face that was moved there stays there
  const zoomTo = (width) => {
    const wanted = clamp(width, narrowest(), widest());
    const grown = cut.width - wanted;
    lay(cut.left + grown / 2, cut.top + grown / RATIO / 2, wanted);
  };

  const leave = () => {
    cut = null;
    field.value = "";
    panel.hidden = true;
    frame.classList.remove("camera--cut");
    still.removeAttribute("style");
  };

  // experimental in browsers: there may be no such thing, or the name and nothing behind it
  const findFaces = async () => {
    try {
      return await new FaceDetector({ fastMode: true, maxDetectedFaces: 2 }).detect(still);
    } catch {
      return [];
    }
  };

  const propose = async () => {
    isTouched = false;
    lay((still.naturalWidth - widest()) / 2, 0, widest());
    frame.classList.add("camera--cut");
    guide.removeAttribute("hidden");
    panel.hidden = false;
    const source = still.src;
    const faces = await findFaces();
    // no face, or two, say nothing
    if (faces.length !== 1 || isTouched || still.src !== source || !cut) return;
    const { x, y, width, height } = faces[0].boundingBox;
    const tall = clamp(height * FACE_PART * RATIO, narrowest(), widest()) / RATIO;
    lay(x + width / 2 - (tall * RATIO) / 2, y + height / 2 - tall * FACE_CENTRE, tall * RATIO);
  };

  const touch = (act) => (event) => {
    if (!cut) return;
    isTouched = true;
    act(event);
  };

  zoom.addEventListener("input", touch(() => zoomTo(widest() / zoom.value)));
  across.addEventListener("input", touch(() => lay(across.value * room()[0], cut.top, cut.width)));
  down.addEventListener("input", touch(() => lay(cut.left, down.value * room()[1], cut.width)));

  frame.addEventListener(
    "wheel",
    touch((event) => {
      event.preventDefault();
      zoomTo(cut.width * Math.exp(event.deltaY / 500));
    }),
    { passive: false },
  );
  frame.addEventListener("pointerdown", touch((event) => {
    frame.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
  }));
  frame.addEventListener("pointermove", touch((event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const scale = frame.clientWidth / cut.width;
    const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
    if (other) {
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      zoomTo((cut.width * apart(before)) / apart(event));
    } else {
      lay(cut.left - (event.clientX - before.clientX) / scale, cut.top - (event.clientY - before.clientY) / scale, cut.width);
    }
    fingers.set(event.pointerId, event);
  }));
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }

  still.addEventListener("load", propose);
  still.addEventListener("error", leave); // no picture: the server says what is wrong with it
  document.querySelector("[data-studio]").addEventListener("photo:open", leave);
  new ResizeObserver(() => cut && lay(cut.left, cut.top, cut.width)).observe(frame);
}
