/* owner_stated: the bodies that a document itself makes responsible for a task. Read are
 *
 *   labels   （责任单位：A、B）  （牵头单位：A；配合单位：B）, in the task, in the bracket right
 * behind it, or in the lines behind its paragraph: 牵头单位：A verbs    由A牵头  A、B负责
 * （A牵头，B、C配合）, where every name before the verb is a body's
 *
 * Lead is who 牵头 (heads) or 主办 (hosts), support who 配合, 协办 (assists); 责任单位 (responsible
 * bodies) says neither. Names stay as written. Persons (责任人, 分管领导) and vague ones (有关部门,
 * the departments concerned) are left out. */
#include <stdbool.h>

#include "plan/owner_int.h"

enum {
    NAME_MAX = 24,        /* units of a name; what is longer is a clause */
    NAME_MIN = 2,         /* 团委 is the shortest that we know */
    PARAGRAPH_MAX = 1500, /* units looked through for the end of the task's paragraph */
    ROLE_PERSON = 100,    /* a label whose names are people: read over */
};

/* The owners found so far. */
struct found {
    const struct source *s;
    struct arena *a;
    struct responsible *out;
    uint32_t count;
};

static const struct {
    const char16_t *word;
    int role;
} labels[] = {
    {u"牵头责任单位", PART_LEAD}, {u"主要责任单位", PART_LEAD}, {u"牵头负责单位", PART_LEAD},
    {u"牵头单位", PART_LEAD},     {u"牵头部门", PART_LEAD},     {u"牵头", PART_LEAD},
    {u"主办单位", PART_LEAD},     {u"主责单位", PART_LEAD},     {u"责任单位", PART_NONE},
    {u"责任部门", PART_NONE},     {u"责任主体", PART_NONE},     {u"实施单位", PART_NONE},
    {u"实施主体", PART_NONE},     {u"承办单位", PART_NONE},     {u"落实单位", PART_NONE},
    {u"完成单位", PART_NONE},     {u"负责单位", PART_NONE},     {u"配合单位", PART_SUPPORT},
    {u"配合部门", PART_SUPPORT},  {u"协办单位", PART_SUPPORT},  {u"协同单位", PART_SUPPORT},
    {u"参与单位", PART_SUPPORT},  {u"参加单位", PART_SUPPORT},  {u"责任领导", ROLE_PERSON},
    {u"分管领导", ROLE_PERSON},   {u"牵头领导", ROLE_PERSON},   {u"责任人", ROLE_PERSON},
};

static const struct {
    const char16_t *word;
    int role;
} verbs[] = {{u"牵头", PART_LEAD}, {u"负责", PART_NONE}, {u"配合", PART_SUPPORT}};

/* What a body's name ends with: bureau, commission, office, government, committee, court, district,
 * department, brigade, agency, league; and what it begins with: city, province, district, county,
 * each, state, town. */
static const char16_t body_ends[] = u"局委办府会院区县部队社团厅";
static const char16_t body_begins[] = u"市省区县各国镇";

static bool is_opening(char16_t c) {
    return is_one_of16(c, u"（【[〔");
}

static bool is_closing(char16_t c) {
    return is_one_of16(c, u"）】]〕");
}

static bool is_body(const struct source *s, struct run name) {
    static const char16_t *const vague[] = {u"有关", u"相关", u"领导",
                                            NULL}; /* concerned; leaders */
    uint32_t n = name.to - name.from;
    return n > NAME_MIN && n <= NAME_MAX && is_one_of16(s->ch[name.from], body_begins) &&
           is_one_of16(s->ch[name.to - 1], body_ends) && !source_has_any(s, name, vague);
}

static void add(struct found *f, struct run name, int role) {
    name = source_trim(f->s, name);
    uint32_t n = name.to - name.from;
    if (f->count < OWNERS_MAX && n >= NAME_MIN && n <= NAME_MAX && role != ROLE_PERSON) {
        f->out[f->count++] = (struct responsible){
            .name = source_text(f->s, name, f->a),
            .role = role,
            .source = OWNER_DOCUMENT,
            .confidence = decimal_of(1),
        };
    }
}

/* Whether the unit at `i` parts two names: 、, a comma or blank, or 和 及 与 (and) behind a whole
 * name: 市财政局和市审计局 but not 市发展和改革委员会. */
static bool parts_names(const struct source *s, struct run list, uint32_t i) {
    char16_t c = s->ch[i];
    if (is_one_of16(c, u"、， /")) {
        return true;
    }
    return is_one_of16(c, u"和及与") && i > list.from && i + 1 < list.to &&
           is_one_of16(s->ch[i - 1], body_ends) && is_one_of16(s->ch[i + 1], body_begins);
}

/* The next name of the list, and the list behind it; brackets in a name stay:
 * 各县（市、区）人民政府. */
static struct run next_name(const struct source *s, struct run *list) {
    uint32_t i = list->from;
    int depth = 0;
    while (i < list->to && (depth > 0 || !parts_names(s, *list, i))) {
        depth += is_opening(s->ch[i]);
        depth -= is_closing(s->ch[i]);
        i++;
    }
    struct run name = {list->from, i};
    list->from = i < list->to ? i + 1 : i;
    return name;
}

static void add_list(struct found *f, struct run list, int role) {
    while (list.from < list.to) {
        add(f, next_name(f->s, &list), role);
    }
}

/* Whether one of the units stands in the run: most sentences hold no label and no verb of ours. */
static bool holds_any(const struct source *s, struct run r, const char16_t *set) {
    for (uint32_t i = r.from; i < r.to; i++) {
        if (is_one_of16(s->ch[i], set)) {
            return true;
        }
    }
    return false;
}

/* ---- labels ---- */

/* The label at the place with its colon; `end` is behind it. False where there is none. */
static bool label_at(const struct source *s, struct run r, int *role, uint32_t *end) {
    if (r.from == r.to || !is_one_of16(s->ch[r.from], u"牵主责实承落完负配协参分")) {
        return false; /* no label begins so: most places end here */
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (source_starts(s, r, labels[i].word)) {
            uint32_t at = r.from + word_len(labels[i].word);
            if (at < r.to && (s->ch[at] == u'：' || s->ch[at] == u':')) {
                *role = labels[i].role;
                *end = at + 1;
                return true;
            }
        }
    }
    return false;
}

/* Where the names of a label end: a full stop, a semicolon, the closing bracket, the line, a label.
 */
static uint32_t names_end(const struct source *s, struct run r) {
    int depth = 0;
    int role;
    uint32_t end;
    for (uint32_t i = r.from; i < r.to; i++) {
        char16_t c = s->ch[i];
        if (is_one_of16(c, u"。；\n") || (is_closing(c) && depth == 0) ||
            label_at(s, (struct run){i, r.to}, &role, &end)) {
            return i;
        }
        depth += is_opening(c);
        depth -= is_closing(c);
    }
    return r.to;
}

static void read_labels(struct found *f, struct run r) {
    bool may = holds_any(f->s, r, u"：:");
    while (may && r.from < r.to) {
        int role;
        uint32_t names;
        if (label_at(f->s, r, &role, &names)) {
            uint32_t end = names_end(f->s, (struct run){names, r.to});
            add_list(f, (struct run){names, end}, role);
            r.from = end > r.from ? end : r.from + 1;
        } else {
            r.from++;
        }
    }
}

/* ---- verbs ---- */

/* The names right before a verb, from 由 (by) or from the last mark; all must be bodies. */
static void read_subject(struct found *f, struct run before, int role) {
    static const char16_t *const adverbs[] = {u"按职责分工", u"分别", u"共同",
                                              u"具体",       u"积极", NULL};
    struct run list = before;
    for (uint32_t i = before.to; i > before.from; i--) {
        if (f->s->ch[i - 1] == u'由') {
            list.from = i;
            break;
        }
    }
    for (const char16_t *const *w = adverbs; *w != NULL; w++) {
        if (source_ends(f->s, list, *w)) {
            list.to -= word_len(*w);
        }
    }
    struct run all = list;
    bool bodies = list.from < list.to;
    while (list.from < list.to && bodies) {
        bodies = is_body(f->s, source_trim(f->s, next_name(f->s, &list)));
    }
    if (bodies) {
        add_list(f, all, role);
    }
}

static void read_verbs(struct found *f, struct run r) {
    static const char16_t heads[] = u"牵负配"; /* what a verb begins with */
    struct run before = {r.from, r.from};
    if (!holds_any(f->s, r, heads)) {
        return;
    }
    for (uint32_t i = r.from; i < r.to; i++) {
        char16_t c = f->s->ch[i];
        bool opens = is_opening(c) && !(i + 1 < r.to && f->s->ch[i + 1] == u'市' && i > r.from &&
                                        f->s->ch[i - 1] == u'县'); /* 各县（市、区） */
        if (is_one_of16(c, u"，。；：！\n") || opens) {
            before.from = i + 1;
        }
        bool may = is_one_of16(c, heads);
        for (size_t v = 0; may && v < sizeof verbs / sizeof verbs[0]; v++) {
            if (source_starts(f->s, (struct run){i, r.to}, verbs[v].word) && i > before.from) {
                before.to = i;
                read_subject(f, before, verbs[v].role);
            }
        }
    }
}

/* ---- places ---- */

/* The bracket right behind the task, or an empty run. */
static struct run bracket_behind(const struct source *s, uint32_t at) {
    while (at < s->n && is_one_of16(s->ch[at], u"。；！ ")) {
        at++;
    }
    struct run r = {at, at};
    if (at == s->n || !is_opening(s->ch[at])) {
        return r;
    }
    while (r.to < s->n && s->ch[r.to] != u'\n' && r.to - at < PARAGRAPH_MAX) {
        r.to++;
    }
    /* up to the bracket's own end, so that the next sentence is not read as its content */
    int depth = 0;
    for (uint32_t i = at; i < r.to; i++) {
        depth += is_opening(s->ch[i]);
        depth -= is_closing(s->ch[i]);
        if (depth == 0) {
            r.to = i + 1;
        }
    }
    return r;
}

static uint32_t line_end(const struct source *s, uint32_t from, uint32_t most) {
    uint32_t i = from;
    while (i < s->n && i - from < most && s->ch[i] != u'\n') {
        i++;
    }
    return i;
}

/* The lines behind the task's paragraph that begin with a label. */
static void read_lines_behind(struct found *f, uint32_t at) {
    at = line_end(f->s, at, PARAGRAPH_MAX);
    while (at < f->s->n && f->s->ch[at] == u'\n') {
        while (at < f->s->n && is_one_of16(f->s->ch[at], u"\n *（【[")) {
            at++;
        }
        struct run line = {at, line_end(f->s, at, PARAGRAPH_MAX)};
        int role;
        uint32_t names;
        if (!label_at(f->s, line, &role, &names)) {
            return;
        }
        read_labels(f, line);
        at = line.to;
    }
}

uint32_t owner_stated(const struct source *s, struct run task, struct arena *a,
                      struct responsible out[OWNERS_MAX]) {
    struct found f = {s, a, out, 0};
    struct run bracket = bracket_behind(s, task.to);
    read_labels(&f, task);
    if (f.count == 0) {
        read_labels(&f, bracket);
    }
    if (f.count == 0) {
        read_verbs(&f, bracket);
    }
    if (f.count == 0) {
        read_verbs(&f, task);
    }
    if (f.count == 0) {
        read_lines_behind(&f, task.to);
    }
    return f.count;
}
