/* `chancery serve`: the portal. Where systemd runs it, systemd is told when it serves and when it stops. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "cli/command.h"
#include "server/server.h"

#define PORT_DEFAULT 8080U

static const struct command_option options[] = {
    {"address", "ADDRESS", "address to listen on (default: 127.0.0.1)",
     "监听地址（默认 127.0.0.1）"},
    {"port", "PORT", "port to listen on (default: 8080; 0: any free one)",
     "监听端口（默认 8080；0 表示任选空闲端口）"},
    {"certificate", "FILE", "TLS certificate chain (PEM); needs --key",
     "TLS 证书链（PEM），须同时给出 --key"},
    {"key", "FILE", "TLS private key (PEM)", "TLS 私钥（PEM）"},
    {"trust-proxy", NULL,
     "believe X-Forwarded-For, -Proto and -Host: only behind a proxy of your own",
     "采信 X-Forwarded-For、-Proto 与 -Host：仅限置于自己的反向代理之后"},
    {"patience", "SECONDS",
     "seconds that a connection may keep silent (default 30); a form may take twice, a file 60 times "
     "that",
     "连接可静默的秒数（默认 30）；表单须在其两倍、文件须在其 60 倍时间内传完"},
    {0},
};

static enum status read_options(struct call *call, struct server_options *o, struct error *err)
{
    struct str text;
    uint64_t port = PORT_DEFAULT;
    uint64_t patience = 0;
    *o = (struct server_options){.data = call->data_dir, .address = "127.0.0.1"};
    if (call_option(call, "address", &text))
        o->address = str_z(call->arena, text);
    if (call_option(call, "certificate", &text))
        o->certificate = str_z(call->arena, text);
    if (call_option(call, "key", &text))
        o->key = str_z(call->arena, text);
    o->trust_proxy = call_switch(call, "trust-proxy");
    if (!o->certificate != !o->key)
        return error_set(err, STATUS_USAGE, "TLS takes both --certificate and --key.",
                         "启用 TLS 须同时给出 --certificate 和 --key。");
    enum status status = call_number(call, "port", 0, 65535, &port, err);
    if (!status)
        status = call_number(call, "patience", 1, 3600, &patience, err);
    o->port = (uint16_t)port;
    o->patience = (unsigned)patience;
    return status;
}

static enum status run(struct call *call, struct error *err)
{
    struct server_options o;
    struct server *server;
    sigset_t ending;
    int which;
    enum status status = read_options(call, &o, err);
    if (status)
        return status;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGINT);
    (void)sigaddset(&ending, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ending, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    status = server_start(&o, &server, err);
    if (status)
        return status;
    bool six = strchr(o.address, ':') != NULL;
    call_say(call, "Serving at %s://%s%s%s:%u\n", "服务地址：%s://%s%s%s:%u\n",
             o.certificate ? "https" : "http", six ? "[" : "", o.address, six ? "]" : "",
             (unsigned)server_port(server));
    if (server_first_run_code(server))
        call_say(call, "There is no owner yet. Open /first-run there and give this code: %s\n",
                 "尚未设定所有者。请打开该地址下的 /first-run，并输入安装码：%s\n",
                 server_first_run_code(server));
    (void)fflush(stdout);
    (void)sd_notify(0, "READY=1");
    (void)sigwait(&ending, &which);
    (void)sd_notify(0, "STOPPING=1");
    call_remark(call, "Stopping: what is under way is finished first.\n",
                "正在停止：先完成进行中的请求。\n");
    server_stop(server);
    return STATUS_OK;
}

const struct command command_serve = {
    .name = "serve",
    .least = 0,
    .most = 0,
    .en = "Serve the portal: pages, search, feeds and live lines for the members.",
    .zh = "运行门户：为成员提供网页、检索、订阅源和实时动态。",
    .more_en =
        "Runs until it is told to stop (Ctrl-C or SIGTERM). Commands may run beside it on the same "
        "data folder.",
    .more_zh =
        "持续运行，直至收到停止信号（Ctrl-C 或 SIGTERM）。其间可照常对同一数据文件夹执行其他命令。",
    .example = "chancery serve --port 8080\n"
               "chancery serve --address 0.0.0.0 --port 443 --certificate site.pem --key site.key",
    .options = options,
    .needs_store = true,
    .run = run,
};
