"""The front door: pages, their JSON, languages, errors, files."""

import gzip
import http.client
import json


def test_the_front_page_is_whole_in_both_languages_and_as_json(portal):
    assert "Sign in" in portal.anyone().get("/").text
    assert "登录" in portal.anyone("zh-CN,zh;q=0.9").get("/").text
    assert portal.anyone().json("/")["papers"] == []


def test_a_chosen_language_stays_chosen(portal):
    reader = portal.anyone()
    assert reader.get("/language?lang=zh&to=/sign-in", 303).location == "/sign-in"
    assert "登录" in reader.get("/").text


def test_going_on_after_choosing_a_language_leads_nowhere_else(portal):
    for elsewhere in ("//example.org", "https://example.org", "/\\example.org", "example.org"):
        assert portal.anyone().get(f"/language?lang=zh&to={elsewhere}", 303).location == "/"


def test_an_unknown_address_says_so_and_an_unknown_method_too(portal):
    assert "nothing at this address" in portal.anyone().get("/nope", 404).text
    page = portal.person("li@example.org").get("/nope", 404).text
    assert "nothing at this address" in page and "Sign out" in page, "one stays signed in on the way"
    assert portal.anyone().ask("POST", "/").code == 405
    assert portal.anyone().ask("DELETE", "/").code == 405


def test_a_body_that_is_too_large_is_refused_by_its_head(portal):
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
    connection.putrequest("POST", "/sign-in")
    connection.putheader("Content-Length", str(2 << 20))
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_files_may_be_kept_and_pages_may_not(portal):
    page = portal.anyone().get("/")
    style = page.text.split('stylesheet" href="')[1].split('"')[0]
    assert "immutable" in portal.anyone().get(style).headers["cache-control"]
    assert "no-store" in page.headers["cache-control"]
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_files_come_packed_to_whom_takes_them_so(portal):
    style = portal.anyone().get("/").text.split('stylesheet" href="')[1].split('"')[0]
    plain = portal.anyone().get(style)
    packed = portal.anyone().get(style, **{"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body) / 2
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    portal.anyone().get(style.replace("style.css", "style.css.gz"), 404)


def test_a_form_without_its_token_is_refused(portal):
    person = portal.person("li@example.org")
    answer = person.ask("POST", "/sign-out", "csrf=wrong",
                        [("Content-Type", "application/x-www-form-urlencoded")])
    assert answer.code == 403
    assert "Sign out" in person.get("/").text
    person.post("/sign-out")
    assert "Sign in" in person.get("/").text


def test_a_form_from_another_site_is_refused(portal):
    person = portal.person("li@example.org")
    person.post("/sign-out", 403, headers=[("Origin", "https://example.org")])
    person.post("/sign-out", 403, headers=[("Sec-Fetch-Site", "cross-site")])
    person.post("/sign-out", 303, headers=[("Origin", portal.url)])


def test_a_page_for_members_asks_to_sign_in_first(portal):
    assert portal.anyone().get("/live", 303).location == "/sign-in?next=/live"
    asked = portal.anyone().get("/search?q=night%20bus&year=2026", 303).location
    assert asked == "/sign-in?next=/search%3Fq%3Dnight%2520bus%26year%3D2026"
    assert portal.anyone().get("/search?q=" + "night%20bus%20" * 500, 303).location == "/sign-in?next=/search"
    refused = portal.anyone().get("/live", 401, Accept="application/json")
    assert json.loads(refused.body)["message"] == "Please sign in first."
    sent = portal.anyone().post("/reports/new", 401, words="Seen in a chat.").text
    assert "nothing was saved" in sent and "reload this page" in sent and 'href="/sign-in" target="_blank"' in sent
    assert "reload this page" not in portal.anyone().post("/settings/mail/again", 401).text


def test_an_open_page_is_told_of_a_publication_and_again_after_a_broken_line(portal):
    from texts import sample
    person = portal.person("li@example.org")
    stream = person.events()
    portal.library.publish(sample("en"))
    first, kind, data = next(stream)
    assert (kind, data["text"]) == ("paper", "New paper: " + portal.library.json("papers")[0]["title"])
    portal.library.publish(sample("zh"))
    portal.stop(kill=True)
    portal.start()
    again = person.events(last=first)
    assert "抓落实" in next(again)[2]["text"]


def test_the_server_stops_with_open_streams_and_nothing_lost(portal):
    person = portal.person("li@example.org")
    stream = person.events()
    assert portal.stop() == 0
    assert list(stream) == []


def test_a_page_goes_on_from_the_events_that_it_knows(portal):
    """What happens between a page's making and its live line is told all the same."""
    from texts import sample
    person = portal.person("li@example.org")
    known = person.get("/").text.split('data-live-after="')[1].split('"')[0]
    portal.library.publish(sample("en"))
    assert "New paper: " in next(person.events(path=f"/live?after={known}"))[2]["text"]


def test_choosing_a_language_comes_back_to_the_same_question(portal):
    page = portal.anyone().get("/sign-in?next=/papers/a%26b").text
    link = page.split('href="/language')[1].split('"')[0].replace("&amp;", "&")
    assert portal.anyone().get("/language" + link, 303).location == "/sign-in?next=/papers/a%26b"


def test_the_code_in_an_errors_json_is_the_one_of_the_answer(portal):
    from accounts import add_account
    add_account(portal)
    li, nobody = portal.person("wang@example.org"), portal.anyone()
    form = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
    asked = [(nobody, "GET", "/papers", "", 401), (li, "GET", "/members", "", 403),
             (nobody, "GET", "/nope", "", 404), (nobody, "DELETE", "/", "", 405),
             (nobody, "POST", "/sign-in", "email=li@example.org", 422)]
    asked += [(nobody, "POST", "/sign-in", "email=li@example.org&password=no", code)
              for code in [401] * 5 + [429]]
    for who, method, path, body, code in asked:
        answer = who.ask(method, path, body, form)
        assert (answer.code, answer.json["code"]) == (code, code), (method, path, body)


def test_a_refusal_says_once_when_to_come_again(portal):
    def try_once():
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
        connection.request("POST", "/sign-in", "email=li@example.org&password=no", {
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})
        return connection.getresponse()

    *_, last = (try_once() for _ in range(6))
    assert last.status == 429 and len(last.headers.get_all("Retry-After")) == 1
