// Takes a photo with the camera, cut to 3:4, and lays it into the form's own file field; without JavaScript that stands
// there by itself. Without a camera what was chosen is still shown.

import { NO_CAMERA, closeCamera, hasCamera, openCamera, putPicture } from "./camera.js";

const RATIO = 3 / 4;
const HEIGHT = 960; // more than twice what is kept: the server scales it down once more, with a better filter
const WISHES = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } };

const studio = document.querySelector("[data-studio]");
const part = (name) => studio.querySelector(`[data-${name}]`);

if (studio) {
  const field = document.querySelector("[data-photo-field]");
  const [video, still, guide, start, shoot, again, said] = ["video", "still", "guide", "start", "shoot", "again", "said"].map(part);

  const show = (state) => {
    studio.dataset.state = state;
    studio.hidden = !hasCamera && state === "off";
    // by attribute: the guide is SVG, which knows no property of that name
    for (const one of [video, guide, shoot]) one.toggleAttribute("hidden", state !== "live");
    still.toggleAttribute("hidden", state !== "taken");
    again.toggleAttribute("hidden", state !== "taken" || !hasCamera);
    start.toggleAttribute("hidden", state !== "off");
  };

  const open = async () => {
    said.textContent = "";
    try {
      await openCamera(video, WISHES);
    } catch {
      said.textContent = NO_CAMERA;
      show("off");
      return;
    }
    studio.dispatchEvent(new Event("photo:open"));
    show("live");
    shoot.focus();
  };

  const take = () => {
    const { videoWidth: width, videoHeight: height } = video;
    const kept = Math.min(width, height * RATIO);
    const canvas = Object.assign(document.createElement("canvas"), { width: HEIGHT * RATIO, height: HEIGHT });
    canvas
      .getContext("2d")
      .drawImage(video, (width - kept) / 2, (height - kept / RATIO) / 2, kept, kept / RATIO, 0, 0, canvas.width, canvas.height);
    putPicture(canvas, field, "kamera.jpg");
    field.dispatchEvent(new Event("change"));
  };

  field.addEventListener("change", () => {
    if (!field.files.length) return;
    URL.revokeObjectURL(still.src);
    still.src = URL.createObjectURL(field.files[0]);
    const isTooLarge = field.files[0].size > Number(field.dataset.largest);
    said.textContent = isTooLarge
      ? "Berkas ini lebih dari 8 MB. Pilih atau ambil foto yang lebih kecil."
      : "Foto siap disimpan. Bila kurang jelas, ambil lagi.";
    closeCamera(video);
    show("taken");
    document.querySelector("[data-save]").focus();
  });
  start.addEventListener("click", open);
  again.addEventListener("click", open);
  shoot.addEventListener("click", take);
  window.addEventListener("pagehide", () => closeCamera(video));

  show("off");
  // on a slow line a photo is chosen before this is here; whoever else works on it is loaded first
  if (field.files.length) field.dispatchEvent(new Event("change"));
}
