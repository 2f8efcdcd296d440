// What every page has: language, light and dark, printing, the menu.
(() => {
  // The menu of a site is wider than a phone: where one is in it is seen.
  const show = (link) => link?.scrollIntoView({ block: 'nearest', inline: 'center' });
  show(document.querySelector('.pages .active'));

  document.addEventListener('click', (event) => {
    if (event.target instanceof Element) show(event.target.closest('.pages a'));
    const target = event.target instanceof Element ? event.target.closest('[data-language], [data-theme-toggle], [data-print], .skip') : null;
    if (!target) return;
    if (target.hasAttribute('data-language')) {
      document.cookie = `trafficflow-language=${target.getAttribute('data-language')}; path=/; max-age=31536000; samesite=strict`;
      location.reload();
    } else if (target.classList.contains('skip')) {
      // Blazor takes the address and leaves the focus where it was.
      document.getElementById('content')?.focus();
    } else if (target.hasAttribute('data-print')) {
      print();
    } else {
      const dark = document.documentElement.dataset.theme === 'dark'
        || (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);
      localStorage.setItem('theme', dark ? 'light' : 'dark');
      document.documentElement.dataset.theme = dark ? 'light' : 'dark';
    }
  });
})();
