// Starts the slides. Keys: arrows or space go on and back, S opens the speaker view, O the overview,
// F fills the screen; ?print-pdf in the address lays all slides out for paper.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paper = /print-pdf|view=print/.test(location.search);
  const follow = () => {
    document.documentElement.dataset.theme = dark.matches && !paper ? "dark" : "light";
  };
  dark.addEventListener("change", follow);
  follow();
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    display: "flex",
    controlsTutorial: false,
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    backgroundTransition: "none",
    navigationMode: "linear",
    pdfMaxPagesPerSlide: 1,
    pdfSeparateFragments: false,
    defaultTiming: 60,
    plugins: [RevealNotes],
  });
})();
