/* The owner's page that inspects the installation's own settings and says what is wrong and what to do.
 *
 * Each check is a function that looks at one thing and fills one row; the table below lists them all. */
#include "server/internal.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library/letter.h"
#include "library/setting.h"
#include "library/token.h"

#define BACKUP_LATE_MS  (7 * STORE_DAY_MS)
#define BACKUP_BAD_MS   (30 * STORE_DAY_MS)
#define TOKEN_UNUSED_MS (30 * STORE_DAY_MS)
#define SLOWED_FAILURES 5
#define NAMES_MOST      10

enum grade { GRADE_GOOD, GRADE_WARN, GRADE_BAD };

struct security_row {
    struct str check, what, grade, found, advice;
    bool good, warn, bad;
};
struct security_page {
    struct security_row *rows;
    size_t nrows;
    int64_t warnings, faults;
    bool all_good;
};
static const struct field SECURITY_ROW[] = {
    FIELD(TEXT, struct security_row, check),
    FIELD(TEXT, struct security_row, what),
    FIELD(TEXT, struct security_row, grade),
    FIELD(TEXT, struct security_row, found),
    FIELD(TEXT, struct security_row, advice),
    FIELD_HIDDEN(FLAG, struct security_row, good),
    FIELD_HIDDEN(FLAG, struct security_row, warn),
    FIELD_HIDDEN(FLAG, struct security_row, bad),
    {0},
};
static const struct field SECURITY_PAGE[] = {
    FIELD_OF_LIST(struct security_page, rows, SECURITY_ROW),
    FIELD(NUMBER, struct security_page, warnings),
    FIELD(NUMBER, struct security_page, faults),
    FIELD_HIDDEN(FLAG, struct security_page, all_good),
    {0},
};

/* Fills a row: what was found, and what to do about it (NULL: nothing). */
static void say(struct request *rq, struct security_row *row, enum grade grade,
                const char *found_en, const char *found_zh, const char *advice_en,
                const char *advice_zh)
{
    static const char *const names[] = {"good", "warn", "bad"};
    row->grade = str_of(names[grade]);
    row->good = grade == GRADE_GOOD;
    row->warn = grade == GRADE_WARN;
    row->bad = grade == GRADE_BAD;
    row->found = request_words(rq, found_en, found_zh);
    row->advice = advice_en ? request_words(rq, advice_en, advice_zh) : STR("");
}

/* What was found, in words with figures; both languages formatted like an error. */
static void keep_found(struct request *rq, struct security_row *row, const struct error *said)
{
    row->found = str_copy(rq->arena, request_words(rq, said->en, said->zh));
}

/* --- the way to it -------------------------------------------------------------------------------- */

static bool is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static enum status check_transport(struct request *rq, struct security_row *row, struct error *err)
{
    const struct server_options *o = server_options_of(rq->server);
    bool inside = is_loopback(o->address);
    (void)err;
    if (o->certificate)
        say(rq, row, GRADE_GOOD, "TLS, by the server itself.", "由本服务直接提供 TLS。", NULL,
            NULL);
    else if (o->trust_proxy && !inside)
        say(rq, row, GRADE_BAD,
            "Behind a proxy, but reachable without it: whoever does so may claim any address.",
            "置于代理之后，却可绕过代理直接访问，来访者可伪造任何地址。",
            "Start with --address 127.0.0.1, so that only the proxy reaches the port.",
            "请以 --address 127.0.0.1 启动，使端口只能由代理访问。");
    else if (o->trust_proxy && !rq->secure)
        say(rq, row, GRADE_BAD, "Behind a proxy that took this page over plain HTTP.",
            "代理以明文 HTTP 转发了本页。",
            "Let the proxy speak HTTPS only, and set X-Forwarded-Proto.",
            "请让代理仅使用 HTTPS，并设置 X-Forwarded-Proto。");
    else if (o->trust_proxy)
        say(rq, row, GRADE_GOOD, "HTTPS, by a proxy of your own.", "由自有代理提供 HTTPS。", NULL,
            NULL);
    else if (inside)
        say(rq, row, GRADE_WARN, "Plain HTTP on this machine only.", "仅在本机以明文 HTTP 访问。",
            "Good for trying it out. For members, give --certificate and --key, or put a proxy "
            "before it and give --trust-proxy.",
            "适合试用。供成员使用时，请给出 --certificate 和 --key，或置于代理之后并加 "
            "--trust-proxy。");
    else
        say(rq, row, GRADE_BAD,
            "Plain HTTP, reachable from other machines: passwords and papers can be read on the "
            "way.",
            "其他机器可用明文 HTTP 访问，密码和文稿在传输途中可被读取。",
            "Give --certificate and --key, or put a proxy before it and give --trust-proxy.",
            "请给出 --certificate 和 --key，或置于代理之后并加 --trust-proxy。");
    return STATUS_OK;
}

static enum status check_address(struct request *rq, struct security_row *row, struct error *err)
{
    struct str url;
    enum status status = library_site_url(rq->arena, rq->store, &url, err);
    if (!url.len)
        say(rq, row, GRADE_WARN, "Not set: links in letters and feeds lead nowhere.",
            "未设置：邮件和订阅源中的链接无法打开。",
            "Set site.url, on the page about mail or by chancery settings set.",
            "请在邮件设置页面或用 chancery settings set 填写 site.url。");
    else if (!str_starts(url, STR("https://")))
        say(rq, row, GRADE_WARN, "Links in letters begin with http://.",
            "邮件中的链接以 http:// 开头。", "Once there is HTTPS, set site.url to https://….",
            "启用 HTTPS 后，请将 site.url 改为 https:// 开头。");
    else
        say(rq, row, GRADE_GOOD, "Links in letters begin with https://.",
            "邮件中的链接以 https:// 开头。", NULL, NULL);
    return status;
}

/* --- the machine ---------------------------------------------------------------------------------- */

static bool mode_of(struct request *rq, const char *name, struct stat *about)
{
    struct str path = str_format(rq->arena, "%s%s", server_options_of(rq->server)->data, name);
    return stat(path.at, about) == 0;
}

static enum status check_files(struct request *rq, struct security_row *row, struct error *err)
{
    struct stat key;
    struct stat folder;
    struct stat password;
    (void)err;
    if (!mode_of(rq, "/secret.key", &key) || !mode_of(rq, "", &folder))
        say(rq, row, GRADE_BAD, "The secret key file or the data folder can't be looked at.",
            "无法检查密钥文件或数据文件夹。", "See that they are there, and whose they are.",
            "请确认其存在及属主。");
    else if (key.st_mode & 077)
        say(rq, row, GRADE_BAD, "Others on this machine can read the secret key.",
            "本机其他用户可读取密钥。",
            "Run chmod 600 on secret.key; if others had access, think of it as known.",
            "请对 secret.key 执行 chmod 600；若他人曾有权限，应视为已泄露。");
    else if (mode_of(rq, "/smtp.password", &password) && password.st_mode & 077)
        say(rq, row, GRADE_BAD, "Others on this machine can read the mail server's password.",
            "本机其他用户可读取邮件服务器密码。",
            "Run chmod 600 on smtp.password, and change the password at the mail server.",
            "请对 smtp.password 执行 chmod 600，并在邮件服务器上更换密码。");
    else if (folder.st_mode & 077)
        say(rq, row, GRADE_BAD, "Others on this machine can look into the data folder.",
            "本机其他用户可进入数据文件夹。", "Run chmod 700 on the data folder.",
            "请对数据文件夹执行 chmod 700。");
    else
        say(rq, row, GRADE_GOOD, "Key and data folder are readable by their owner only.",
            "密钥和数据文件夹仅属主可读。", NULL, NULL);
    return STATUS_OK;
}

static enum status check_user(struct request *rq, struct security_row *row, struct error *err)
{
    (void)err;
    if (geteuid() == 0)
        say(rq, row, GRADE_WARN, "The server runs as root.", "服务以 root 身份运行。",
            "Run it as a user of its own, who owns the data folder and nothing else.",
            "请改用专门的系统用户运行，该用户只拥有数据文件夹。");
    else
        say(rq, row, GRADE_GOOD, "The server does not run as root.", "服务未以 root 身份运行。",
            NULL, NULL);
    return STATUS_OK;
}

static enum status check_backup(struct request *rq, struct security_row *row, struct error *err)
{
    struct query *q =
        query_start(rq->store, "SELECT time_ms, coalesce(json_extract(data, '$.lost_files'), 0)"
                               " FROM event WHERE kind = 'backup.made' ORDER BY seq DESC LIMIT 1");
    bool any = query_row(q);
    int64_t last_ms = any ? query_int(q, 0) : 0;
    int64_t lost = any ? query_int(q, 1) : 0;
    enum status status = query_end(q, err);
    int64_t age_ms = rq->now_ms - last_ms;
    enum grade grade = age_ms > BACKUP_BAD_MS    ? GRADE_BAD
                       : age_ms > BACKUP_LATE_MS ? GRADE_WARN
                                                 : GRADE_GOOD;
    const char *en = "Run “chancery backup FILE” every night, and keep the file elsewhere.";
    const char *zh = "请每晚执行 chancery backup 文件，并将文件存于别处。";
    if (!last_ms) {
        say(rq, row, GRADE_BAD, "There never was one.", "从未备份。", en, zh);
        return status;
    }
    struct error said;
    if (lost) {
        say(rq, row, GRADE_BAD, "", "",
            "Run “chancery verify”: it names them, and says where they may still be.",
            "请执行 chancery verify：它会逐一列出，并说明何处可能还有。");
        (void)error_set(
            &said, STATUS_OK,
            "Stored files that were missing or damaged when the last one was made: %lld.",
            "最近一次备份时，有 %lld 个存储的文件缺失或已损坏。", (long long)lost);
    } else {
        say(rq, row, grade, "", "", grade == GRADE_GOOD ? NULL : en, zh);
        (void)error_set(&said, STATUS_OK, "The last one is %lld days old.",
                        "最近一次备份在 %lld 天前。", (long long)(age_ms / STORE_DAY_MS));
    }
    keep_found(rq, row, &said);
    return status;
}

/* --- people --------------------------------------------------------------------------------------- */

/* Names that a query gives, the first few, with commas between. */
static enum status list_names(struct request *rq, const char *sql, struct str *names,
                              int64_t *count, struct error *err)
{
    struct buf out = {.arena = rq->arena};
    struct query *q = query_start(rq->store, sql);
    *count = 0;
    while (query_row(q)) {
        if (++*count <= NAMES_MOST)
            buf_format(&out, "%s%.*s", out.len ? lang_pick(rq->lang, ", ", "、") : "",
                       STR_ARG(query_str(q, 0)));
    }
    if (*count > NAMES_MOST)
        buf_add(&out, STR(" …"));
    *names = buf_str(&out);
    return query_end(q, err);
}

static enum status check_factors(struct request *rq, struct security_row *row, struct error *err)
{
    struct str names;
    int64_t count;
    enum status status =
        list_names(rq,
                   "SELECT DISTINCT m.name FROM member m JOIN role r ON r.member = m.id"
                   " JOIN account a ON a.member = m.id WHERE r.role IN ('owner', 'steward')"
                   " AND a.totp IS NULL AND a.suspended_ms IS NULL ORDER BY m.id",
                   &names, &count, err);
    if (count == 0) {
        say(rq, row, GRADE_GOOD, "Every owner and steward has one.", "所有者和管理员均已启用。",
            NULL, NULL);
        return status;
    }
    say(rq, row, GRADE_BAD, "", "",
        "Ask them to turn it on at “My account”: a stolen password of theirs opens everything.",
        "请其在“我的账户”中启用：他们的密码一旦泄露，全站即告失守。");
    struct error said;
    (void)error_set(&said, STATUS_OK, "Owners and stewards without: %.*s.",
                    "尚未启用的所有者和管理员：%.*s。", STR_ARG(names));
    keep_found(rq, row, &said);
    return status;
}

static enum status check_owners(struct request *rq, struct security_row *row, struct error *err)
{
    struct str names;
    int64_t count;
    enum status status = list_names(rq,
                                    "SELECT m.name FROM member m JOIN role r ON r.member = m.id"
                                    " JOIN account a ON a.member = m.id WHERE r.role = 'owner'"
                                    " AND a.suspended_ms IS NULL ORDER BY m.id",
                                    &names, &count, err);
    if (count < 2)
        say(rq, row, GRADE_WARN, "There is only one.", "只有一位所有者。",
            "Make somebody you trust a second owner, so that the library does not depend on one "
            "person.",
            "请再指定一位可信赖的所有者，以免全站系于一人。");
    else
        say(rq, row, GRADE_GOOD, "", "", NULL, NULL);
    if (count >= 2)
        row->found = names;
    return status;
}

static enum status check_tokens(struct request *rq, struct security_row *row, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT count(*) FROM token t WHERE " TOKEN_HOLDS_SQL(
                       "t", "?2") " AND created_ms < ?1"
                                  " AND coalesce(seen_ms, 0) < ?1 AND scopes <> 'feed'");
    query_bind_int(q, 1, rq->now_ms - TOKEN_UNUSED_MS);
    query_bind_int(q, 2, rq->now_ms);
    int64_t count = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (count == 0) {
        say(rq, row, GRADE_GOOD, "None lies unused for 30 days.", "没有闲置 30 天以上的令牌。",
            NULL, NULL);
        return status;
    }
    say(rq, row, GRADE_WARN, "", "", "Ask whose they are to end them at “My account”.",
        "请令牌所属成员在“我的账户”中停用。");
    struct error said;
    (void)error_set(&said, STATUS_OK, "Unused for 30 days: %lld.", "闲置 30 天以上的有 %lld 个。",
                    (long long)count);
    keep_found(rq, row, &said);
    return status;
}

static enum status check_registration(struct request *rq, struct security_row *row,
                                      struct error *err)
{
    struct str registration;
    enum status status =
        library_get_setting(rq->arena, rq->store, STR("registration"), &registration, err);
    if (registration.len)
        say(rq, row, GRADE_WARN, "Open: whoever has an e-mail address becomes a member.",
            "开放注册：任何拥有邮箱的人均可成为成员。",
            "If that is not meant, clear the setting registration. Papers for all members are open "
            "to whoever joins.",
            "若非有意，请清除设置项 registration。面向全体成员的文稿对新注册者同样开放。");
    else
        say(rq, row, GRADE_GOOD, "By invitation only.", "仅限邀请。", NULL, NULL);
    return status;
}

static enum status check_attempts(struct request *rq, struct security_row *row, struct error *err)
{
    struct query *q = query_start(
        rq->store, "SELECT count(*) FROM attempt WHERE failures >= ?1 AND last_ms > ?2");
    query_bind_int(q, 1, SLOWED_FAILURES);
    query_bind_int(q, 2, rq->now_ms - STORE_DAY_MS);
    int64_t count = query_row(q) ? query_int(q, 0) : 0;
    enum status status = query_end(q, err);
    if (count == 0) {
        say(rq, row, GRADE_GOOD, "No account and no network had many failures today.",
            "近一天没有账户或网络多次登录失败。", NULL, NULL);
        return status;
    }
    say(rq, row, GRADE_WARN, "", "",
        "They are slowed already. If it goes on, let the proxy or firewall keep the networks out.",
        "系统已自动限速。若持续发生，请在代理或防火墙上拦截相应网络。");
    struct error said;
    (void)error_set(&said, STATUS_OK,
                    "Accounts and networks with many failures within a day: %lld.",
                    "近一天多次失败的账户和网络共 %lld 个。", (long long)count);
    keep_found(rq, row, &said);
    return status;
}

static enum status check_mail(struct request *rq, struct security_row *row, struct error *err)
{
    bool can;
    enum status status = library_can_mail(rq->store, &can, err);
    if (can)
        say(rq, row, GRADE_GOOD, "Letters go out.", "可发送邮件。", NULL, NULL);
    else
        say(rq, row, GRADE_WARN, "Not set up: nobody can reset a forgotten password by themselves.",
            "未设置：成员忘记密码时无法自行重设。", "Set up a mail server at “Mail”.",
            "请在“邮件”页面设置邮件服务器。");
    return status;
}

/* --- the page ------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *en, *zh;
    enum status (*look)(struct request *rq, struct security_row *row, struct error *err);
} CHECKS[] = {
    {"transport", "The way to the site", "访问方式", check_transport},
    {"address", "Public address", "公开地址", check_address},
    {"files", "Secret key and data folder", "密钥与数据文件夹", check_files},
    {"user", "System user", "系统用户", check_user},
    {"backup", "Backup", "备份", check_backup},
    {"second-factor", "Second factor", "两步验证", check_factors},
    {"owners", "Owners", "所有者", check_owners},
    {"tokens", "Tokens for scripts", "脚本令牌", check_tokens},
    {"registration", "Who becomes a member", "成员加入方式", check_registration},
    {"attempts", "Guessing", "密码猜测", check_attempts},
    {"mail", "Mail", "邮件", check_mail},
};
#define CHECK_COUNT (sizeof CHECKS / sizeof *CHECKS)

static enum status show_security(struct request *rq, struct error *err)
{
    struct security_row rows[CHECK_COUNT];
    struct security_page page = {.rows = rows, .nrows = CHECK_COUNT};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < CHECK_COUNT; i++) {
        rows[i] = (struct security_row){
            .check = str_of(CHECKS[i].name),
            .what = request_words(rq, CHECKS[i].en, CHECKS[i].zh),
        };
        status = CHECKS[i].look(rq, &rows[i], err);
        page.warnings += rows[i].warn;
        page.faults += rows[i].bad;
    }
    page.all_good = page.warnings + page.faults == 0;
    return status ? status
                  : answer_page(rq, "security", "Security", "安全检查", SECURITY_PAGE, &page);
}

const struct route route_security = {
    .method = "GET",
    .path = "/owner/security",
    .roles = ROLE_OWNER,
    .en = "Inspects the installation's own settings: what is wrong, and what to do.",
    .zh = "检查本站自身的安全设置，指出问题与处理办法。",
    .output = SECURITY_PAGE,
    .page = "security",
    .run = show_security,
};
