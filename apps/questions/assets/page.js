/* Two things that Dash leaves to the page: what it says when the server does not answer, and that
   a clicked example brings the fields and the verdict into sight. */

(() => {
  const tell = (text) => {
    const trouble = document.getElementById("trouble");
    if (!trouble) return;
    trouble.textContent = text;
    trouble.hidden = !text;
  };

  const fetchAsBefore = window.fetch;
  window.fetch = async (...request) => {
    if (!String(request[0]?.url ?? request[0]).includes("_dash-update-component")) {
      return fetchAsBefore(...request);
    }
    try {
      const answer = await fetchAsBefore(...request);
      tell(answer.ok ? "" : `The server refused this (${answer.status}).`);
      return answer;
    } catch (error) {
      tell("The server does not answer. Is it still running?");
      throw error;
    }
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".example")) {
      document.getElementById("ask").scrollIntoView({ block: "start" });
    }
  });
})();
