"""Open pages are told: what is published stands on them without a reload."""

from texts import sample


def published(portal, kind="en"):
    return portal.library.publish(sample(kind))


def test_a_publication_stands_on_an_open_page_without_a_reload(portal, window):
    page = window(portal, portal.person("li@example.org")).go("/")
    page.sees("nothing for you to read yet")
    page.run("window.mark = 'not reloaded'")
    page.live()
    published(portal)
    page.until(lambda: page.all("#new-papers article.arrived"), "the paper, as one that has just come")
    assert page.run("return window.mark") == "not reloaded"


def test_what_was_published_while_the_line_was_broken_is_told_afterwards(portal, window):
    page = window(portal, portal.person("li@example.org")).go("/")
    page.live()
    portal.stop(kill=True)
    page.sees("trying again")
    published(portal)
    portal.start()
    page.until(lambda: page.all("#new-papers article"))
    page.until(lambda: "trying again" not in page.text)


def test_a_page_whose_session_was_ended_elsewhere_says_so_and_leads_on(portal, window):
    li = portal.person("li@example.org")
    page = window(portal, li).go("/")
    page.live()
    elsewhere = portal.person(li.member)
    elsewhere.post("/account/sessions/end")
    page.sees("Live updates have ended here")
    page.click("Live updates have ended here", "#live a")
    page.sees("Sign in")


def test_word_that_something_is_done_waits_for_the_page_that_shows_it(portal, window):
    page = window(portal, portal.person("li@example.org")).go("/papers")
    page.sees("nothing for you to read yet")
    page.live()
    # Kept by the server, whose answer the browser has, but the page that it leads to has not been asked for yet.
    page.run("""return fetch('/account/preferences', {method: 'POST', redirect: 'manual', body: new URLSearchParams(
        {lang: 'en', mail: 'none', csrf: document.querySelector('[name=csrf]').value})}).then(() => null)""")
    assert page.driver.get_cookie("done")
    published(portal)
    page.until(lambda: page.all("#papers .arrived"), "the paper, by a look at the page behind the scenes")
    page.go("/account").done()
