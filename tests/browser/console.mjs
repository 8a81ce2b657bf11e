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
            await page.screenshot({ path: `${pictures}/${name}${tag === 'wide' ? '' : `-${tag}`}.png`, fullPage: true });
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
        check(`${tag} ${name}: address`, !/dji|sevastopol|rosoboron/i.test(page.url().replace(/entries.*/, '')), page.url());
    }

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
    await context.close();
}

await visit('wide', { width: 1400, height: 900, scheme: 'light' });
await visit('dark', { width: 1400, height: 900, scheme: 'dark' });
await visit('narrow', { width: 360, height: 740, scheme: 'light' });
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
