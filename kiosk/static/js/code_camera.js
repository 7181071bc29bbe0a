// Takes a picture of a card's code with the counter's camera and sends it. A phone's file field opens its camera by
// itself, so this is for PCs; without JavaScript the file field stands alone.

import { NO_CAMERA, closeCamera, hasCamera, openCamera, putPicture } from "./camera.js";

// the code needs 12 pixels a millimetre: less than 720 lines read no worn card
const WISHES = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };

for (const studio of hasCamera ? document.querySelectorAll("[data-code-camera]") : []) {
  const [video, start, shoot, said] = ["video", "start", "shoot", "said"].map((name) => studio.querySelector(`[data-${name}]`));
  const form = studio.parentElement.querySelector("[data-code-form]");

  start.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await openCamera(video, WISHES);
    } catch {
      said.textContent = NO_CAMERA;
      return;
    }
    video.hidden = shoot.hidden = false;
    start.hidden = true;
    shoot.focus();
  });

  shoot.addEventListener("click", () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    putPicture(canvas, form.querySelector("[data-code-picture]"), "kode.jpg");
    closeCamera(video);
    form.requestSubmit();
  });
  window.addEventListener("pagehide", () => closeCamera(video));

  studio.hidden = false;
}
