// Before anything is painted: as the reader chose; without a choice the styles follow the system.
const theme = localStorage.getItem('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
