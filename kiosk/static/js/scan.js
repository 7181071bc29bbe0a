// A USB scanner types what it reads, as a keyboard. This listens to the whole page, so that focus is never lost, and
// sends the form marked data-scan when a scan has ended.
//
// Each key is read twice: by its place on a US keyboard (right under another layout and under Caps Lock, because the
// scanner presses places, not letters) and by what the computer made of it. The server tries both; the signature decides.

const FAST_MS = 35; // a scanner's keys come closer than this, a fast typist's do not (90 ms)
const PATIENT_MS = 500; // inside a scan a busy computer may stall this long; a longer silence ends one without Enter
const SCAN_LENGTH = 12; // shorter bursts are a person's; a card number has 12 to 14 characters, a code 350

const SHIFTED = { Digit1: "!", Digit2: "@", Digit3: "#", Digit4: "$", Digit5: "%", Digit6: "^", Digit7: "&", Digit8: "*",
  Digit9: "(", Digit0: ")", Minus: "_", Equal: "+", Semicolon: ":", Slash: "?", Period: ">", Comma: "<" };
const PLAIN = { Minus: "-", Equal: "=", Semicolon: ";", Slash: "/", Period: ".", Comma: ",", Space: " ",
  NumpadAdd: "+", NumpadSubtract: "-", NumpadMultiply: "*", NumpadDivide: "/", NumpadDecimal: "." };

function byPlace(event) {
  const { code } = event;
  if (code.startsWith("Key")) return code.slice(3);
  if (event.shiftKey && SHIFTED[code]) return SHIFTED[code];
  if (code.startsWith("Digit")) return code.slice(5);
  if (/^Numpad\d$/.test(code)) return code.slice(6);
  return PLAIN[code] ?? "";
}

function listen(form) {
  let places = "";
  let letters = "";
  let last = 0;
  let fast = 0;
  let field = null;
  let before = "";
  let silence = 0;

  const reset = () => {
    places = letters = "";
    fast = 0;
    field = null;
  };

  const send = () => {
    clearTimeout(silence);
    if (field) field.value = before;
    form.elements.scanned.value = places;
    form.elements.scanned_as_typed.value = letters;
    form.dataset.state = "sent";
    reset();
    form.requestSubmit();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || form.dataset.state === "sent") return;
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    const inScan = fast >= 3;
    if (gap > (inScan ? PATIENT_MS : FAST_MS)) reset();

    if (event.key === "Enter" || event.key === "Tab") {
      if (inScan && places.length >= SCAN_LENGTH) {
        event.preventDefault();
        send();
      }
      return;
    }
    const place = byPlace(event);
    if (event.key.length !== 1 && place === "") return;
    if (places === "") {
      const focused = document.activeElement;
      field = focused && "value" in focused ? focused : null;
      before = field ? field.value : "";
    } else {
      fast += 1;
    }
    places += place;
    letters += event.key.length === 1 ? event.key : "";
    // a space must not press the focused button, and a scan must not fill a field
    if (fast >= 3) event.preventDefault();
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (fast >= 3 && places.length >= SCAN_LENGTH) send();
    }, PATIENT_MS);
  }, { capture: true });

  form.dataset.state = "ready";
}

for (const form of document.querySelectorAll("form[data-scan]")) listen(form);
