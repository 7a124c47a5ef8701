// Runs before the first paint, so that a chosen theme does not flash. Classic and external: the policy allows no inline script.
(() => {
  const root = document.documentElement;
  const chosen = (name) => document.cookie.match(`(?:^|; )${name}=([a-z]+)`)?.[1];
  for (const name of ["theme", "density"]) {
    const value = chosen(name);
    if (value) root.dataset[name] = value;
  }
})();
