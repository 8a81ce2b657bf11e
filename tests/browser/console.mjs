// Every page of the console in a real browser; see run.sh.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(`${process.env.MODULES}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [at, shipments, pictures] = process.argv.slice(2);

let passed = 0;
let failed = 0;
function check(name, is, more = '') {
    if (is) {
        passed += 1;
    } else {
        failed += 1;
        console.log(`FAILED ${name} ${more}`);
    }
}

const passwords = Object.fromEntries(process.env.ACCOUNTS.trim().split(/\s+/).map((pair) => pair.split('=')));
const json = { 'content-type': 'application/json' };

// Alerts of many parties, one of them several times, and a list of one's own of which half is gone.
const far = ['SZ DJI Technology Co., Ltd.', 'Rosoboroneksport OAO', 'Huawei Technologies Co Ltd', 'ZTE Corp'];
for (let n = 0; n < 64; n += 1) {
    const name = n < 4 ? far[n] : `${far[n % 4]} ${['Bremen', 'Genoa', 'Rotterdam', 'Gdansk'][Math.floor(n / 16)]} branch ${n}`;
    const party = { role: 'CONSIGNEE', name, address: `Kranweg ${n}, 28195 Bremen`, country: 'DE' };
    const goods = [{ description: 'stainless steel hose clamps', hsCode: '732690' }];
    const shipment = { reference: `B/L ${1000 + n}`, parties: [party], goods, route: { loading: { text: 'Shenzhen', country: 'CN' }, destination: { text: 'Hamburg', country: 'DE' } } };
    for (let again = 0; again < (n < 2 ? 3 : 1); again += 1) {
        const body = JSON.stringify({ shipment });
        const answer = await fetch(`${at}/v1/screen`, { method: 'POST', headers: json, body });
        check('screening', answer.status === 200, `${answer.status} ${await answer.text()}`);
    }
}
const parties = ['Brambleton Photonics', 'Grey Alder Optics', 'Silver Birch Forwarding', 'Old Quay Chandlers', 'Red Lantern Tools'];
const deny = (names) => `#list,acme-deny\n#title,Acme: partners we do not deal with\n#effect,blocking\nname,country\n${names.map((n) => `${n},DE\n`).join('')}`;
for (const names of [parties, parties.slice(0, 2).concat('Wandering Heron Shipping')]) {
    const headers = { 'content-type': 'text/csv' };
    await fetch(`${at}/v1/lists/acme-deny?note=ticket+4711`, { method: 'POST', headers, body: deny(names) });
}

// Another, whose entries have numbers, in two editions.
const desk = 'acme-desk';
const edition = (country, more) => `#list,${desk}\n#title,Acme: parties to ask about\n#effect,watch\nid,name,country,address\n1,Copper Kettle Instruments,${country},"Kaistrasse 1${more}, Basel"\n2,Tin Whistle Chandlers,DE,\n`;
const put = async (list, query, body) => {
    const answer = await fetch(`${at}/v1/lists/${list}?${query}`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body });
    check(`${list}: put into force`, answer.status === 200, await answer.text());
};
await put(desk, 'note=first', edition('DE', ''));
await put(desk, 'note=second', edition('CH', 'a'));

const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ['--no-sandbox'] });

async function visit(tag, { width, height, scheme }) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: false });
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => request.url().startsWith(at) || said.push(`asked for ${request.url()}`));

    async function look(name) {
        if (pictures) {
            // Of pages that are long by what was sent, what stands first says enough.
            const fullPage = !['cases', 'trial', 'quality'].includes(name);
            await page.screenshot({ path: `${pictures}/${name}${tag === 'wide' ? '' : `-${tag}`}.png`, fullPage });
        }
        const found = await page.evaluate(`(() => { const module = undefined; ${axe}; return axe.run(); })()`);
        const serious = found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes[0].html.slice(0, 120)}`);
        check(`${tag} ${name}: axe`, serious.length === 0, serious.join('; '));
        const isWide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        check(`${tag} ${name}: width`, !isWide);
        check(`${tag} ${name}: messages`, said.length === 0, said.join('; '));
        said.length = 0;
        const bytes = Buffer.byteLength(await page.content());
        check(`${tag} ${name}: size`, bytes < 100_000, `${bytes} bytes`);
        check(`${tag} ${name}: address`, !/kranweg|bremen|hose|dji|sevastopol|rosoboron/i.test(page.url().replace(/entries.*/, '')), page.url());
    }

    async function signIn(name) {
        await context.clearCookies();
        await page.goto(`${at}/console/sign-in`);
        await page.fill('[name=name]', name);
        await page.fill('[name=password]', passwords[name]);
        await page.keyboard.press('Enter');
        await page.waitForSelector('.top');
    }

    await page.goto(`${at}/console/lists`);
    await page.waitForSelector('.elsewhere');
    await look('sign-in');
    await signIn('eve');
    await page.goto(`${at}/console`);
    // The field has the focus; nothing but the keyboard is needed.
    await page.keyboard.type('dji technology', { delay: 10 });
    await page.waitForSelector('table.results');
    await page.waitForTimeout(400);
    await look('search');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dl');
    await look('entry');
    await page.goto(`${at}/console/screen`);
    await page.fill('[name="shipper.name"]', 'Acme Trading GmbH');
    await page.fill('[name="shipper.country"]', 'DE');
    await page.fill('[name="consignee.name"]', 'Rosoboroneksport OAO c/o SZ DJI TECHNO LOGY CO.,LTD');
    await page.fill('[name="consignee.country"]', 'CN');
    await page.fill('[name="goods"]', 'Unmanned aerial vehicle parts, propellers for Mavic 3');
    await page.fill('[name="hs_code"]', '8807.30');
    await page.fill('[name="loading"]', 'Shanghai');
    await page.fill('[name="discharge"]', 'Istanbul');
    await page.fill('[name="destination"]', 'Sevastopol');
    await page.press('[name="destination"]', 'Enter');
    await page.waitForSelector('.outcome.hold');
    check(`${tag}: what matched is marked`, (await page.locator('mark').count()) > 0);
    await look('screen');
    await page.goto(`${at}/console/screen`);
    await page.setInputFiles('#file', shipments);
    await page.click('.drop button');
    await page.waitForSelector('table.file');
    await look('file');
    for (const name of ['lists', 'policy']) {
        await page.goto(`${at}/console/${name}`);
        await look(name);
    }
    await page.goto(`${at}/console/lists/acme-deny`);
    await page.waitForSelector('.waiting');
    await look('publication');
    await page.goto(`${at}/console/policy/trial`);
    await page.fill('[name=policy]', '[rules]\nPARTY_LISTED = "off"\n');
    await page.click('.trial button');
    await page.waitForSelector('.moves');
    await look('trial');
    await page.goto(`${at}/console/webhooks`);
    await look('webhooks');
    await page.goto(`${at}/console/effectiveness`);
    await page.click('.measure button');
    await page.waitForSelector('.sweep svg');
    check(`${tag} effectiveness: each kind has its bar`, (await page.locator('.recall .total').count()) > 20);
    await look('effectiveness');
    await own();
    await cases();
    await context.close();

    // A list of one's own in two editions: what changed in an entry, and the later one taken back.
    async function own() {
        await page.goto(`${at}/console/entries/${desk}/1`);
        await page.click('text=What publications changed in it');
        await page.waitForSelector('.versions .change');
        await look('history');
        await page.goto(`${at}/console/lists/${desk}`);
        await page.fill('.undo [name=note]', 'the wrong file');
        await look('undo');
        await page.click('.undo button');
        await page.waitForSelector('.done');
        check(`${tag} lists: taken back`, (await page.locator('.held .badge').allTextContents()).includes('taken back'));
        // As it was, for the next visit.
        await put(desk, `note=again+${tag}`, edition('CH', `,${tag}`));
    }

    // A case from the queue to its exception, by keys alone as far as they go.
    async function cases() {
        await signIn('ann');
        await page.goto(`${at}/console/cases`);
        await look('cases');
        check(`${tag} cases: fifty a page`, (await page.locator('[data-row]').count()) === 50);
        const party = await page.locator('[data-row] a').first().textContent();
        await page.fill('#find', party.toLowerCase());
        await page.press('#find', 'Enter');
        await page.waitForSelector('#find:not([value=""])');
        const named = await page.locator('[data-row] a').allTextContents();
        const letters = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
        const are = named.length > 0 && named.every((name) => letters(name).includes(letters(party)));
        check(`${tag} cases: found by the name of a party`, are, named.join('; '));
        check(`${tag} cases: the name is in no address`, !page.url().includes('?'), page.url());
        await look('cases-found');
        await page.goto(`${at}/console/cases`);
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        check(`${tag} cases: j moves`, (await page.locator('tr.at').count()) === 1);
        await page.keyboard.press('k');
        await page.keyboard.press('Enter');
        await page.waitForSelector('.sides');
        await look('case');
        const first = page.url();
        await page.keyboard.press('?');
        await page.waitForSelector('dialog[open]');
        await look('keys');
        await page.keyboard.press('Escape');
        await page.keyboard.press('j');
        await page.waitForURL((url) => url.href !== first);
        await page.keyboard.press('k');
        await page.waitForURL(first);
        await page.keyboard.press('1');
        check(`${tag} case: 1 chooses`, await page.isChecked('input[value=false_positive]'));
        check(`${tag} case: on to the reason`, await page.evaluate("document.activeElement.name === 'reason'"));
        await page.keyboard.type('different address');
        const paper = { name: 'licence.txt', mimeType: 'text/plain', buffer: Buffer.from(`licence L-1 ${tag}`) };
        await page.setInputFiles('[name=file]', paper);
        await page.click('text=Attach it');
        await page.waitForSelector('.file a');
        const [file] = await Promise.all([page.waitForEvent('download'), page.click('.file a')]);
        check(`${tag} case: the file comes back`, readFileSync(await file.path(), 'utf8') === `licence L-1 ${tag}`);
        await look('case-file');
        await page.check('input[value=false_positive]');
        await page.selectOption('[name=reason]', 'different_address');
        await page.fill('form.decide textarea', 'Another house in another town; registered in Bremen since 1998.');
        const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
        await page.fill('[name=until]', until);
        await page.click('[value=decide]');
        await page.waitForSelector('.done');
        check(`${tag} case: the next one opens`, page.url() !== first && page.url().includes('/console/cases/'), page.url());
        await signIn('bob');
        await page.goto(`${at}/console/cases?state=pending`);
        await page.click('[data-row] a');
        await page.waitForSelector('[value=approve]');
        await look('case-pending');
        await page.click('[value=approve]');
        await page.waitForSelector('.done');
        await page.goto(`${at}/console/exceptions`);
        await page.waitForSelector('table.exceptions');
        await look('exceptions');
        await page.goto(`${at}/console/quality`);
        await look('quality');
    }
}

// To a provider of another site and back: what the browser sends along, and to whom, is what counts.
async function elsewhere() {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${at}/console/quality`);
    await page.click('.elsewhere a');
    await page.waitForSelector('.top .who');
    check('provider: the page that was asked for', page.url() === `${at}/console/quality`, page.url());
    check('provider: who', (await page.textContent('.who')).includes('jane@acme.example'), await page.textContent('.who'));
    const cookies = await context.cookies();
    check('provider: one cookie is left', cookies.length === 1 && cookies[0].sameSite === 'Strict' && cookies[0].httpOnly, JSON.stringify(cookies));
    await page.click('.who button');
    await page.waitForSelector('.elsewhere');
    await page.goto(`${at}/console/lists`);
    check('provider: signed out', page.url().includes('/console/sign-in'), page.url());
    await context.close();
}

await elsewhere();
await visit('wide', { width: 1400, height: 900, scheme: 'light' });
await visit('dark', { width: 1400, height: 900, scheme: 'dark' });
await visit('narrow', { width: 360, height: 740, scheme: 'light' });
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
