// Takes a picture of a card's code with the counter's camera and sends it: the server sees an upload like any other. A
// phone's file field opens its camera by itself, so this is for PCs; without JavaScript the file field stands alone.

const QUALITY = 0.92;

for (const studio of document.querySelectorAll("[data-code-camera]")) {
  if (!navigator.mediaDevices?.getUserMedia) continue;
  const [video, start, shoot, said] = ["video", "start", "shoot", "said"].map((name) => studio.querySelector(`[data-${name}]`));
  const form = studio.parentElement.querySelector("[data-code-form]");
  const field = form.querySelector("[data-code-picture]");
  let stream = null;

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
  };

  start.addEventListener("click", async () => {
    said.textContent = "";
    try {
      // the code needs 12 pixels a millimetre: less than 720 lines read no worn card
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
    } catch {
      said.textContent = "Kamera tidak dapat dibuka. Periksa kabel dan izin kamera, atau pilih berkas foto di bawah.";
      return;
    }
    video.srcObject = stream;
    await video.play();
    video.hidden = shoot.hidden = false;
    start.hidden = true;
    shoot.focus();
  });

  shoot.addEventListener("click", () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    // not toBlob: it waits until the browser is idle, which on a busy PC with a running camera takes seconds
    const encoded = canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
    const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "kode.jpg", { type: "image/jpeg" }));
    field.files = files.files;
    stop();
    form.requestSubmit();
  });
  window.addEventListener("pagehide", stop);

  studio.hidden = false;
}
