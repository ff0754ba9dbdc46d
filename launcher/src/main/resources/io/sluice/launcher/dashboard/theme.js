// Loaded ahead of everything that is painted, so that a page asked to be dark never flashes white.
'use strict';
document.documentElement.dataset.theme = localStorage.getItem('sluice-theme') ?? 'auto';
