// The counter's camera: opened onto the page, and what it sees laid into a form's own file field, so that the server
// gets an upload like any other. Browsers lend a camera to secure addresses only.

const QUALITY = 0.92;

export const hasCamera = Boolean(navigator.mediaDevices?.getUserMedia);
export const NO_CAMERA = "Kamera tidak dapat dibuka. Periksa kabel dan izin kamera, atau pilih berkas foto di bawah.";

export const closeCamera = (video) => video.srcObject?.getTracks().forEach((track) => track.stop());

export const openCamera = async (video, wishes) => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: wishes });
  closeCamera(video); // pressed twice, the first camera would stay lit
  video.srcObject = stream;
  await video.play();
};

export const putPicture = (canvas, field, name) => {
  // not toBlob: it waits until the browser is idle, which on a busy PC with a running camera takes seconds
  const encoded = canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
  const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "image/jpeg" }));
  field.files = files.files;
};
