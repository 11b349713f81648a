/* The Chinese lexicon as it is shipped: what it offers, the places where an entry must not hit, and
 * how close the sites lie on the project's own sample papers. */
#include "lexicon_bed.h"

#include <string.h>

#include "base/utf8.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static int open_bench(void **state)
{
    static const char *const files[] = {"zh-word.txt",  "zh-order.txt", "zh-punct.txt",
                                        "zh-locks.txt", "zh-guard.txt", "en-word.txt",
                                        "en-punct.txt", "en-locks.txt", NULL};
    bench_open(state, LANG_ZH, files);
    return 0;
}

static void turns_that_read_the_same_are_offered(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"这条路修了将近两年。", "[将近|近]两年"},
        {"他们找了每一位邻居商量。", "[每一位|每位]邻居"},
        {"养蜂的人家占到六成。", "[占到|占]六成"},
        {"渡口到镇上只有不到三里。", "[不到|不足]三里"},
        {"社员比去年多了四户。", "[比|较]去年"},
        {"章程修改完善后，再送各组传看。", "完善[后|之后]，"},
        {"从春天的情况来看，水位偏低。", "情况[来看|看]，"},
        {"对新来的船工来说，潮水最难懂。", "[来说|而言]，"},
        {"晒网用了三个月的时间。", "三个月[的|]时间"},
        {"船队既要捕鱼，也要护滩。", "，[也要|又要]护滩"},
        {"在修船的同时，也要补网。", "，[也要|还要]补网"},
        {"如果渡船停开的话，就走桥。", "停开[的话|]，"},
        {"这个选项可以用来指定端口。", "[用来|用于]指定"},
        {"去年，渔村迁到了坡上。", "[去年，|去年]渔村"},
        {"村里有蜂箱40只，其中部分箱子是新的。", "[其中|其中，]部分"},
        {"这样的教训应当汲取。", "[汲取|吸取]。"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        bench_expect(*state, cases[i].text, cases[i].shown, true);
}

/* Part of a longer word, another sense of the word, another part of speech. */
static void a_word_in_another_sense_stays(void **state)
{
    static const struct {
        const char *text, *unwanted;
    } cases[] = {
        {"新水塔惠及八百户居民。", "以及"},
        {"平台实行集约化管理。", "大约"},
        {"本文档按章节编排。", "文章"},
        {"渔船用的是人工智能技术，依靠太阳能供电。", "能够"},
        {"方案已经理事会同意。", "[已经|"}, /* 已 + 经 */
        {"请仔细阅读这个文件夹的说明。", "[这个|该]文件夹"},
        {"先编译X这个程序，再安装。", "[这个|"},                  /* in apposition to a name */
        {"由可执行程序读取数据。可执行命令的人不多。", "[执行|"}, /* executable */
        {"他们近5年来没有涨价。", "将近"},                        /* the last five years */
        {"每个元素占256个字节。", "占到"},
        {"渔民大多时候在家。", "大都"},
        {"判决的法律依据很清楚。", "根据"}, /* the noun */
        {"条例规定的依据不变，按照规定办理。", "关于"},
        {"村里对鱼塘的使用方式作了规定。", "采用"},
        {"要做好垃圾的收集、转运。", "搜集"},
        {"镇上保持稳定增长。", "[保持|"},
        {"各户要采取措施防潮。", "采用"},
        {"库房位于内核之上。", "地处"},
        {"这里有一些提示。", "存在"},
        {"他们没有想到会这样。", "[没有|未]想"},
        {"文件名包含在列表里。", "含有"},
        {"他请了个新船工，新技术学得快。", "新的"},
        {"发现一起、查处一起。", "一同"},
        {"我们谈的是天时、地利、人和。", "人[和|"},
        {"对重点河段要逐段落实责任人。", "压实"}, /* a person is named, not pressed */
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        bench_expect(*state, cases[i].text, cases[i].unwanted, false);
}

/* Grammar, register or rhythm would suffer. */
static void what_grated_in_copies_stays_out(void **state)
{
    static const struct {
        const char *text, *unwanted;
    } cases[] = {
        {"让我们把网补好！", "[让|使]我们"},           /* let us */
        {"不能让一户人家受潮。", "[让|使]"},           /* allow */
        {"为推动渔业发展作出新的贡献。", "[为|为了]"}, /* for the benefit of */
        {"今后几年，潮水会更高。", "[今后|今后，]"},
        {"会议同意上述意见。", "[会议同意|"},
        {"最后也是最要紧的一点，要看天气。", "[最后|最后，]"},
        {"支出完成全年预算的九成。", "[|好]"},
        {"要逐个明确责任人，明确责任单位。", "明确[|的]"},
        {"厂里停工，因为电断了。", "[因为|由于]"}, /* the cause comes after */
        {"只要下雨，渡船就停。", "但凡"},
        {"我们先做渔网，后做船。其他人员另行安排。", "[其他|其它]"}, /* persons */
        {"按照新政策执行，不再收费。", "政策[|的]执行"},             /* a verb here */
        {"鱼汛中存在问题。", "存在[|的]"},
        {"防止形成新的浅滩。", "[|了]"},
        {"重要事务要亲自过问、重大问题要亲自部署。", "重大[|的]"}, /* parallel with 重要 */
        {"船员要坚持和完善值班制度。", "坚持[和|与]"},             /* two verbs */
        {"当前和今后一个时期都要省水。", "[当前|目前]和"},
        {"乘客有所减少。", "略有"},
        {"由此节省的油钱不少。", "[由此|由此，]"},
        {"渔会提出预案，同时提醒，天气会变。", "[同时|同时，]提醒"},
        {"展览拟于明年4月在码头举办。", "[于|在]明年"}, /* 在 stands there already */
        {"现将有关情况批复如下：", "[如下|"},
        {"没有做真正该做的事情。", "该做[的|]"},
        {"推广新技术新模式。", "[新|新的]"},
        {"除极少的例外，船都回来了。", "[除|除了]"},
        {"市场监管领域有新办法。", "监管[|的]"},
        {"三月底前完成监测分析。", "完成[|了]"},
        {"保持较低费率水平。", "比较"},
        {"各地加快建设重点码头。", "建设[|的]"}, /* a verb here */
        {"现将鱼汛情况报告如下。", "[将|把]"},
        {"建立渔业教育质量评价体系。", "教育[|的]"},
        {"渔会健全工作机制。", "工作[|的]"},
        {"护林员有效保护滩涂。", "有效[|的]"},
        {"违规捕捞造成严重后果的，依法追究。", "带来"},
        {"要破解发展难题。", "困难"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        bench_expect(*state, cases[i].text, cases[i].unwanted, false);
}

static void names_and_set_phrases_carry_no_site(void **state)
{
    static const struct {
        const char *text, *unwanted;
    } cases[] = {
        {"由工业和信息化部负责。", "[和|与]信息化"},
        {"报文化和旅游部备案。", "[和|与]旅游"},
        {"报人力资源和社会保障局备案。", "[和|与]社会"},
        {"要公开透明、规范有序。", "透明公开"},
        {"诸如此类。", "这类"},
        {"获得国家科学技术进步奖。", "科学[|的]"},
        {"编写建设项目环境影响评价报告。", "环境[|的]"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        bench_expect(*state, cases[i].text, cases[i].unwanted, false);
}

/* 既…也…，既…也… keep step: one must not become 又 while the other stays 也. */
static void paired_turns_keep_step(void **state)
{
    bench_expect(*state, "既讲鱼汛，也讲风浪，既有老船，也有新船。", "|又", false);
    bench_expect(*state, "凡是能够修的船都修。", "[凡是|凡]", true);
}

static void one_spelling_is_kept_for_the_whole_paper(void **state)
{
    const struct bench *bench = *state;
    static const char text[] = "不要把补网当作小事。\n有人把晒网当作玩耍。\n";
    struct paper_doc doc = bench_document(bench, str_of(text), PAPER_PARAGRAPH);
    struct paper_sites sites = bench_find(bench, &doc);
    uint32_t site = UINT32_MAX;
    size_t places = 0;
    for (size_t i = 0; i < sites.nplaces; i++)
        if (str_equal(sites.places[i].alt[1], STR("当做"))) {
            assert_true(site == UINT32_MAX || site == sites.places[i].site);
            site = sites.places[i].site;
            places++;
        }
    assert_int_equal(places, 2);
    assert_true(sites.sites[site].wide);
}

static size_t count_characters(struct str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t code = utf8_next(text, &at);
        count += code != ' ' && code != '\n' && code != 0x3000;
    }
    return count;
}

/* A marked paper is only traceable from an excerpt when sites lie close enough, and the lexicon must
 * not fit one kind of text alone. */
static void each_chinese_sample_carries_sites_enough(void **state)
{
    static const struct {
        const char *name;
        size_t per_thousand;
    } samples[] = {{"zh-speech.txt", 40}, {"zh-minutes.md", 40}, {"zh-note.md", 38}};
    const struct bench *bench = *state;
    for (size_t i = 0; i < LENGTH(samples); i++) {
        struct str text = bench_file(bench->arena, "samples", samples[i].name);
        struct paper_doc doc = bench_document(bench, text, PAPER_PARAGRAPH);
        struct paper_sites sites = bench_find(bench, &doc);
        size_t characters = count_characters(text);
        print_message("%s: %u sites in %zu characters\n", samples[i].name, sites.nsites,
                      characters);
        assert_true((size_t)sites.nsites * 1000 >= samples[i].per_thousand * characters);
    }
}

/* A bilingual paper is marked in both its languages; a name or a line of English in Chinese is left alone. */
static void a_paragraph_in_english_has_the_sites_of_english(void **state)
{
    const char *text =
        "这条路修了将近两年。\n"
        "She explained that nobody may travel in order to vote, and that the next meeting "
        "would begin at the usual hour in the hall.\n"
        "Nobody Ltd.\n"
        "他们说 nobody 来过。\n";
    bench_expect(*state, text, "[将近|近]两年", true);
    bench_expect(*state, text, "[nobody|no one] may", true);
    bench_expect(*state, text, "[in order to|to] vote", true);
    bench_expect(*state, text, "[Nobody", false);
    bench_expect(*state, text, "[nobody|no one] 来过", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_that_read_the_same_are_offered),
        cmocka_unit_test(a_word_in_another_sense_stays),
        cmocka_unit_test(what_grated_in_copies_stays_out),
        cmocka_unit_test(names_and_set_phrases_carry_no_site),
        cmocka_unit_test(paired_turns_keep_step),
        cmocka_unit_test(one_spelling_is_kept_for_the_whole_paper),
        cmocka_unit_test(each_chinese_sample_carries_sites_enough),
        cmocka_unit_test(a_paragraph_in_english_has_the_sites_of_english),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
