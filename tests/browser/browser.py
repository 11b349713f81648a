"""A real Chromium over a served library, driven as a person would: links, buttons, keys.

Everything waits for a condition that the page shows; nothing waits for a time. A click, a form that is sent and keys that are
pressed are over when what they led to is there, so that whatever is read next is never read from the page that was left.
Screenshots of pages go to build/screens, to be looked at; a run of all tests takes none.
"""

import fcntl
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from program import ROOT

SCREENS = os.environ.get("CHANCERY_SCREENS", str(ROOT / "build/screens"))  # nothing: no pictures are taken
AXE_FOLDER = ROOT / "build/browser-tools"
PHONE, DESK = (360, 740), (1200, 900)
PATIENCE = 20  # seconds, for a loaded machine; reached only by a failure
LANGUAGES = {"en": "en-GB,en", "zh": "zh-CN,zh"}


def axe_source():
    """axe-core at the version that tests/browser/package.json pins, installed once into build/."""
    here = Path(__file__).parent
    script = AXE_FOLDER / "node_modules/axe-core/axe.min.js"
    wanted = json.loads((here / "package.json").read_text())["dependencies"]["axe-core"]
    found = script.parent / "package.json"
    AXE_FOLDER.mkdir(parents=True, exist_ok=True)
    with open(AXE_FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests' processes all want it at once
        if not found.exists() or json.loads(found.read_text())["version"] != wanted:
            for name in ("package.json", "package-lock.json"):
                (AXE_FOLDER / name).write_bytes((here / name).read_bytes())
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
                           cwd=AXE_FOLDER, check=True)
        return script.read_text()

# What axe judges of a page, in two parts, so that nothing is judged twice: most of a portal's pages is the same.
#
# page: all that its rules look at but colours. Each element with its attributes and how it is shown; names and addresses by
# their numbers on the page alone, so that another language or other data give the same, and what is named twice or refers to
# nothing does not.
# looks: for each element with words of its own that stand on the page, what its contrast comes from. Its kind, colour and
# size, and what is painted under it, which may not be its ancestors' where something is positioned.
LOOKING = r"""
const ids = new Map(), names = new Map(), looks = new Map(), page = [];
const refers = /^(id|name|href|src|action|value|datetime|for|headers|list|form|aria-(labelledby|describedby|controls|owns|details))$/;
const tells = /^(title|alt|placeholder|label|content|aria-label)$/;
const kept = word => /[\p{L}\p{N}]/u.test(word) ? '#' : '.';
const number = (word, of) => {
    if (!of.has(word)) of.set(word, of.size);
    return kept(word) + of.get(word);
};
const silent = ({name, ownerElement}) => name.startsWith('data-') || name === 'class' && ownerElement.tagName !== 'A';
const said = ({name, value}) => name + '=' + (
    refers.test(name) ? value.split(/\s+/).map(id => number(id, ids)) : tells.test(name) ? number(value, names) :
    name.endsWith('lang') && /^(en|zh)\b/.test(value) ? 'known' : value);
const look = (element, under, off, naming) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const empty = box.width <= 1 || box.height <= 1, outside = box.right + scrollX <= 0 || box.bottom + scrollY <= 0;
    page.push('<' + element.tagName, ...[...element.attributes].filter(of => !silent(of)).map(said), style.display, style.visibility,
        style.textDecorationLine, empty, outside, style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth,
        style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight);
    const kind = element.tagName + '.' + (element.getAttribute('class') || '');
    const painted = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join();
    if (painted !== 'rgba(0, 0, 0, 0),none,1,none,normal') under += '/' + painted;
    if (style.position !== 'static') under += '/' + style.position + kind;
    off ||= element.matches(':disabled, [aria-disabled=true], [inert]') || element.control?.disabled;
    naming ||= element.matches('h1, h2, h3, h4, h5, h6, caption, legend, label, a:has(img), button:has(img)');
    let words = element.matches('input, select, textarea') && (element.value || element.placeholder);
    for (const child of element.childNodes)
        if (child.nodeType === Node.ELEMENT_NODE) look(child, under, off, naming);
        else if (child.nodeType === Node.TEXT_NODE && child.data.trim()) {
            page.push((naming ? number : kept)(child.data.trim(), names));
            words = true;
        }
    page.push('>');
    if (!words || empty || outside || !element.checkVisibility()) return;
    const seen = [kind, style.color, style.fontSize, style.fontWeight, style.textShadow, off, under].join(' ');
    if (!looks.has(seen)) looks.set(seen, []);
    looks.get(seen).push(element);
};
look(document.documentElement, '', false, false);
window.looks = looks;
return [page.join(' '), [...looks.keys()]];"""
# The contrast of some elements of each look that is new: what axe finds, and which looks it could judge and found good.
CONTRAST = """
const [wanted, done] = arguments;
axe.run({include: wanted.flatMap(seen => looks.get(seen).slice(0, 3))}, {runOnly: ['color-contrast'], elementRef: true}).then(({passes, violations}) => {
    const among = rules => (all => seen => looks.get(seen).some(element => all.has(element)))(
        new Set(rules.flatMap(rule => rule.nodes.map(node => node.element))));
    const good = among(passes), bad = among(violations);
    const brief = violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(({html}) => ({html}))}));
    done([brief, wanted.filter(seen => good(seen) && !bad(seen))]);
});"""
good = set()  # pages and looks in which axe found nothing wrong, by all tests of this process


# Runs in every page before its own script: `leaving` is true from when a link, a form or a script sets out for another page, of
# which the new page knows nothing. A dialog that asks first sets out too, until its answer was heard.
SETTING_OUT = """
window.leaving = false;
addEventListener('submit', event => { window.leaving ||= !event.defaultPrevented; });
addEventListener('close', () => { window.leaving = false; }, true);
navigation.addEventListener('navigate', event => {
    window.leaving ||= !event.destination.sameDocument && event.downloadRequest === null;
});"""
# Before a click: to the middle of the window, where no line of news lies over it. Where no script may run, nobody listens, and
# every link and every button of a form sets out.
CLICKING = """
arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});
if (typeof window.leaving !== 'boolean' && arguments[0].closest("a[href]:not([href^='#'], [target]), button:not([type=button])"))
    window.leaving = 'by the element alone';"""
# The element in sight that says so wholly, or else in part.
SAYING = """
const [selector, words] = arguments;
const shown = [...document.querySelectorAll(selector)].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({opacityProperty: true, visibilityProperty: true});
});
return shown.find(element => element.innerText.trim() === words) || shown.find(element => element.innerText.includes(words));"""
ARRIVED = """return !window.leaving && document.readyState === 'complete' && !document.querySelector('form[aria-busy]');"""


def arrive(driver):
    """Waits until the page that was set out for is there, as a whole, and no form waits for its answer in place."""
    try:
        WebDriverWait(driver, PATIENCE, 0.02, (WebDriverException,)).until(lambda _: driver.execute_script(ARRIVED))
    except TimeoutException:
        raise AssertionError(f"what was set out for at {driver.current_url} did not come") from None


class Element(WebElement):
    """What stands on a page. When something was done with it, what that leads to is there."""

    def click(self):
        self.parent.execute_script(CLICKING, self)
        super().click()
        arrive(self.parent)

    def submit(self):
        super().submit()
        arrive(self.parent)

    def send_keys(self, *keys):
        super().send_keys(*keys)
        arrive(self.parent)


class Chrome(webdriver.Chrome):
    _web_element_cls = Element


class Browser:
    """One window with cookies of its own."""

    def __init__(self, portal, person=None, lang="en", size=DESK, script=True, dark=False):
        # Chromium's engine without the windows, tabs and menus around it, which nobody sees here: pages come twice as fast. Not by
        # the script of /usr/bin, in whose place the driver would leave it behind.
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/lib/chromium/chromium-headless-shell"
        for argument in ("--headless", "--no-sandbox", "--disable-dev-shm-usage",
                         "--disable-gpu", "--force-device-scale-factor=1", "--hide-scrollbars",
                         "--no-first-run", "--disable-background-networking",
                         f"--accept-lang={LANGUAGES[lang]}", f"--window-size={DESK[0]},{DESK[1]}"):
            options.add_argument(argument)
        self.portal, self.lang = portal, lang
        self.folder = tempfile.TemporaryDirectory(prefix="chancery-browser-", ignore_cleanup_errors=True)
        driver = Service("/usr/bin/chromedriver", env={**os.environ, "TMPDIR": self.folder.name})  # which leaves things behind
        self.driver = Chrome(service=driver, options=options)
        self.driver.set_script_timeout(6 * PATIENCE)  # axe looks at long pages
        if script:
            self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": SETTING_OUT})
        else:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.resize(*size)
        self.dark(dark)
        if person:
            self.become(person)

    def close(self):
        self.driver.quit()
        self.folder.cleanup()

    def resize(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def dark(self, dark=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def become(self, person):
        """Goes on as somebody whom tests/portal.py has signed in."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        for name, value in (person.cookies if person else {}).items():
            self.driver.execute_cdp_cmd("Network.setCookie", {
                "name": name, "value": value, "url": self.portal.url, "httpOnly": True})

    # --- going, seeing ------------------------------------------------------------------------------

    def go(self, path):
        self.driver.get(path if ":" in path else self.portal.url + path)
        return self

    def arrive(self):
        """For what set out by a script of the test's own."""
        arrive(self.driver)
        return self

    @property
    def path(self):
        """The address within the portal, without a fragment, so that going there loads the page anew."""
        return self.driver.current_url.removeprefix(self.portal.url).split("#")[0]

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def heading(self):
        return self.text_of("h1")

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.until(lambda: next(iter(self.all(selector)), None), selector)

    def texts_of(self, selector):
        """What elements say, once there are any, though a live list may put others in their place meanwhile."""
        return self.until(lambda: [element.text for element in self.all(selector)], selector)

    def text_of(self, selector):
        return self.texts_of(selector)[0]

    def until(self, seen, what="what was waited for"):
        """Waits until seen() gives something true, and gives it. What fails because the page is changing is tried again, but not
        what was waited for within seen() in vain."""
        def look(_):
            try:
                return seen()
            except AssertionError:
                raise
            except Exception:
                return None
        try:
            return WebDriverWait(self.driver, PATIENCE, 0.05).until(look)
        except TimeoutException:
            raise AssertionError(f"{what} did not come; at {self.path} there stands:\n"
                                 f"{self.text}") from None

    def sees(self, words):
        return self.until(lambda: words in self.text, f"“{words}”")

    def done(self):
        """Waits for word that something is done: one that was not waited for before."""
        self.until(lambda: self.run("""return [...document.querySelectorAll('main .done')].filter(word => !word.waitedFor)
            .map(word => word.waitedFor = true).length"""), "word that it is done")
        return self

    def live(self):
        """Waits until the page is told what happens."""
        self.until(lambda: self.run("return document.documentElement.dataset.live") == "open", "the live line")
        return self

    # --- doing ----------------------------------------------------------------------------------------

    def click(self, words="", selector="a, button, summary"):
        """Clicks the first visible link or button that says so (wholly, or else in part)."""
        def clicked():
            self.run(SAYING, selector, words).click()
            return True
        self.until(clicked, f"{selector} that says “{words}”")
        return self

    def fill(self, **fields):
        for name, value in fields.items():
            self.until(lambda: self.fill_in(f'main [name="{name}"]', value), f"the field {name}")
        return self

    def fill_in(self, selector, value):
        field = self.one(selector)
        if field.tag_name == "select" or field.get_attribute("type") in ("date", "datetime-local"):
            self.run("arguments[0].value = arguments[1];"
                     "arguments[0].dispatchEvent(new Event('change', {bubbles: true}));",
                     field, value)
        elif field.get_attribute("type") in ("checkbox", "radio"):
            chosen = [f for f in self.all(selector) if value is True or f.get_attribute("value") == str(value)]
            if not chosen[0].is_selected():
                chosen[0].click()
        else:
            field.clear()
            field.send_keys(str(value))
        return True

    def press(self, *keys):
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
            arrive(self.driver)
        return self

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    def tab_to(self, words, most=60):
        """Presses Tab until what is focused says so. Wherever the focus halts on the way, it is seen."""
        def said():
            at = self.focused
            if at.tag_name == "body":
                return "nowhere"
            return self.shows_focus(at) and (at.text or at.get_attribute("name") or at.get_attribute("id") or "nothing")
        for _ in range(most):
            self.press(Keys.TAB)
            if words in self.until(said, "a ring around what has the focus"):
                return self
        raise AssertionError(f"Tab never came to “{words}”")

    def shows_focus(self, at):
        """Whether an element stands in the window with a ring of its own around it."""
        return self.run("""
            const box = arguments[0].getBoundingClientRect(), look = getComputedStyle(arguments[0]);
            return box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight &&
                box.right > 0 && box.left < innerWidth && look.opacity !== '0' &&
                look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;""", at)

    # --- judging ----------------------------------------------------------------------------------------

    def bring(self, axe):
        """Makes axe ready in the page that is open. All later pages have it too, compiled where it is called for."""
        if not self.run("return 'bringAxe' in window"):
            source = f"window.bringAxe = () => {{{axe}}};"
            self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
            self.run(source)
        self.run("if (!window.axe) bringAxe();")

    def axe(self, options):
        """What axe finds on the whole page."""
        return self.driver.execute_async_script(
            "const [options, done] = arguments; axe.run({resultTypes: ['violations'], ...options}).then(r => done(r.violations));",
            options)

    def violations(self, axe):
        """What axe finds against WCAG 2.2 A and AA and its own best practices, on what it has not found good before."""
        page, looks = self.run(LOOKING)
        fresh = [look for look in looks if look not in good]
        found, well = [], []
        if page not in good or fresh:
            self.bring(axe)
        if page not in good:
            found = self.axe({"rules": {"color-contrast": {"enabled": False}}})
            well = [] if found else [page]
        if fresh:
            wrong, fine = self.driver.execute_async_script(CONTRAST, fresh)
            found, well = found + wrong, well + fine
        good.update(well)
        return [f"{v['id']}: {v['help']}: " + "; ".join(n["html"][:160] for n in v["nodes"][:4])
                for v in found]

    def overflow(self):
        """How many pixels stick out to the side, and of what."""
        return self.run("""
            const wide = document.documentElement.scrollWidth - innerWidth;
            if (wide <= 0) return null;
            const out = [...document.querySelectorAll('body *')].filter(
                e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5);
            return wide + ' px: ' + out.map(e => e.outerHTML.slice(0, 100)).join(' | ');""")

    def screenshot(self, name, whole=True):
        if not SCREENS:
            return
        Path(SCREENS).mkdir(parents=True, exist_ok=True)
        path = Path(SCREENS) / (re.sub(r"[^\w.-]+", "-", name).strip("-") + ".png")
        size = self.run("return [innerWidth, document.documentElement.scrollHeight, innerHeight]")
        if whole and size[1] > size[2]:
            self.resize(size[0], min(size[1], 4000))
        self.driver.save_screenshot(str(path))
        if whole and size[1] > size[2]:
            self.resize(size[0], size[2])


def judge(page, axe, name):
    """Takes pictures of the open page, and finds nothing wrong by axe at a desk and on a phone, where it fits. A phone has
    another layout and the same colours."""
    page.screenshot(name)
    assert not page.violations(axe)
    page.resize(*PHONE)
    page.screenshot(f"{name}-phone")
    assert not page.overflow() and not page.violations(axe)
    page.resize(*DESK)


def looked_at(page, axe, name):
    """The same, and in the dark, which has other colours and nothing else."""
    judge(page, axe, name)
    page.dark()
    page.screenshot(f"{name}-dark")
    assert not page.violations(axe)
    page.dark(False)
