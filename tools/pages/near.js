// Loads the scripts of a widget (tools/pages/widgets.py) when it comes near the window, or when it
// is touched. By script elements: they work from file:// too, where fetch() and modules do not.
(() => {
  const asked = new Map(); // address to promise

  function load(address) {
    if (!asked.has(address)) {
      asked.set(address, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => {
          asked.delete(address); // so that it can be asked for again
          script.remove();
          reject(new Error(`${address} could not be loaded`));
        };
        document.head.append(script);
      }));
    }
    return asked.get(address);
  }
  window.courseLoad = load;

  async function wake(root) {
    if (root.classList.contains("cw-alive") || root.getAttribute("aria-busy")) return;
    root.setAttribute("aria-busy", "true");
    try {
      for (const address of root.dataset.scripts.split(" ")) await load(address); // each needs the last
      root.classList.remove("cw-lost");
    } catch {
      root.querySelector(".cw-why").textContent =
        "What moves this picture could not be loaded. Touch it to try again.";
      root.classList.add("cw-lost");
    }
    root.removeAttribute("aria-busy");
  }

  const widgets = document.querySelectorAll("[data-scripts]");
  const watch = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      wake(target);
    }
  }, { rootMargin: "500px 0px" });
  for (const root of widgets) {
    watch.observe(root);
    for (const touch of ["pointerdown", "focusin"]) root.addEventListener(touch, () => wake(root));
  }
})();
