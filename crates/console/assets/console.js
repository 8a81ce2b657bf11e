// Keys of the pages that are worked on: rows that j and k move through, decisions by number. Without it every link and form
// works all the same. Keys do nothing while somebody types, and can be switched off.
(() => {
    'use strict';
    const $ = (what) => document.querySelector(what);
    const dialog = $('#keys');
    if (!dialog) return;
    const store = 'tidewaiter-keys';
    const isOn = () => localStorage.getItem(store) !== 'off';
    const toggle = dialog.querySelector('[data-keys]');
    toggle.checked = isOn();
    toggle.addEventListener('change', () => localStorage.setItem(store, toggle.checked ? 'on' : 'off'));

    const rows = [...document.querySelectorAll('[data-row]')];
    let at = -1;
    function move(by) {
        if (rows.length === 0) {
            const link = $(by > 0 ? 'a[rel=next]' : 'a[rel=prev]');
            if (link) link.click();
            return;
        }
        const to = at + by;
        if (to < 0) return;
        if (to >= rows.length) {
            const link = $('a[rel=next]');
            if (link) link.click();
            return;
        }
        if (at >= 0) rows[at].classList.remove('at');
        at = to;
        rows[at].classList.add('at');
        rows[at].querySelector('a').focus();
        rows[at].scrollIntoView({ block: 'nearest' });
    }
    function choose(number) {
        const input = $(`input[data-key="${number}"]`);
        if (!input) return;
        input.checked = true;
        input.form.elements.reason.focus();
    }
    function press(what) {
        const target = $(what);
        if (target) target.click();
    }
    document.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
        if (event.target.closest('textarea, select, input:not([type=radio]):not([type=checkbox])')) return;
        if (event.key === '?') {
            dialog.showModal();
        } else if (!isOn()) {
            return;
        } else if (event.key === 'j') {
            move(1);
        } else if (event.key === 'k') {
            move(-1);
        } else if (event.key === 'u') {
            press('a[rel=up]');
        } else if (event.key === 'a') {
            press('[data-take]');
        } else if (event.key === 'n') {
            const note = $('form.decide textarea, form.work textarea');
            if (note) note.focus();
        } else if (/^[1-4]$/.test(event.key)) {
            choose(event.key);
        } else {
            return;
        }
        event.preventDefault();
    });
})();
