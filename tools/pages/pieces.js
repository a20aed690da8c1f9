// Lays out what one does not see at first (tools/pages/pieces.py) section by section, each in a
// frame of its own when nothing else is to do. From then on the page is as it would be anyway.
addEventListener("load", () => {
  const root = document.documentElement.dataset;
  const later = root.pieces === undefined ? [] : [...document.querySelectorAll("[data-piece]")];
  const soon = () => (window.requestIdleCallback ?? setTimeout)(() => requestAnimationFrame(next));

  function next() {
    const section = later.shift();
    if (section) {
      delete section.dataset.piece;
      soon();
      return;
    }
    delete root.pieces;
    // The mark in the page's contents; also for sections of which a tenth fills the window.
    const target = document.querySelector("#pst-page-toc-nav");
    const more = { rootMargin: "0px 0px -60%", threshold: [0] };
    if (target) new bootstrap.ScrollSpy(document.body, { target, ...more });
  }

  soon();
});

// A link within the page leads to a place that has to be known.
addEventListener("click", () => delete document.documentElement.dataset.pieces, true);

// Tooltips are made when the pointer or the focus comes, with the theme's delays.
new bootstrap.Tooltip(document.documentElement, {
  selector: "[data-tip]",
  delay: { show: 500, hide: 100 },
});
