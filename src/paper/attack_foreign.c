/* Foreign text for attacks: sentences written for the purpose, on cooking, weather and hobbies. */
#include "paper/attack_steps.h"

static const char *const sentences_zh[] = {
    "外婆蒸馒头从来不用秤，手一掂就知道面发到了几分。",
    "昨晚的雨下到后半夜才停，院子里的石榴落了一地。",
    "楼下修鞋的老陈养了一只会学猫叫的鹩哥。",
    "这趟绿皮车晃了十一个钟头，窗外先是稻田，后来全是戈壁。",
    "他把旧收音机拆开又装上，多出来三颗螺丝。",
    "鱼要先用姜汁抹一遍，放十分钟，腥气就去了大半。",
    "弟弟第一次下围棋，二十手不到就被吃掉一条大龙。",
    "她在阳台种了薄荷和罗勒，夏天用来泡水喝。",
    "山路转过第七个弯，忽然看见一整片野樱桃。",
    "老师说这支曲子难在换弦，不在速度。",
    "冰箱里只剩半根黄瓜和两只鸡蛋，将就做了一碗汤面。",
    "那年冬天特别冷，河面上能走牛车。",
    "邻居家的孩子把风筝挂在了电线杆上，哭了一个下午。",
    "照片洗出来才发现，每一张的右下角都有他的手指头。",
    "书店关门前的半小时最安静，只听得见翻页的声音。",
    "豆子泡一夜，第二天磨出来的浆又浓又香。",
};

static const char *const sentences_en[] = {
    "My grandmother never weighed her flour, yet every loaf rose the same.",
    "It rained until well past midnight and the garden was littered with plums.",
    "The cobbler downstairs keeps a mynah that imitates the kettle.",
    "We rode the slow train for eleven hours, first through barley, then through dust.",
    "He took the old wireless apart, put it together again and had three screws over.",
    "Rub the trout with ginger, leave it ten minutes, and fry it in plenty of butter.",
    "Her first game of chess lasted nine moves and ended in tears.",
    "Mint and basil do well on a balcony so long as somebody remembers the water.",
    "Round the seventh bend the whole slope was white with wild cherry.",
    "The tune is hard because of the string crossings and not because of the tempo.",
    "Half a cucumber and two eggs were left, so we called it supper.",
    "That winter a cart could cross the river from bank to bank.",
    "The neighbour's boy lost his kite to a telegraph pole and sulked all afternoon.",
    "Only when the prints came back did we see his thumb in every corner.",
    "The bookshop is quietest in the last half hour, when all you hear is paper.",
    "Soak the beans overnight and grind them while the kitchen is still cool.",
};

#define SENTENCES (sizeof sentences_zh / sizeof *sentences_zh)
_Static_assert(SENTENCES == sizeof sentences_en / sizeof *sentences_en, "one list a language");

struct str attack_foreign_sentence(enum lang lang, struct attack_dice *dice)
{
    size_t i = attack_pick(dice, SENTENCES);
    return str_of(lang == LANG_ZH ? sentences_zh[i] : sentences_en[i]);
}
