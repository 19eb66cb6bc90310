// Every word the page says, in Chinese and in English. What documents and people wrote is never
// translated. The terms are those of docs/glossary.md.

const KEPT = "taihu.language";

export const WORDS = {
    // frame
    loading: ["正在读取…", "Loading…"],
    cannot_show: ["无法显示", "Cannot show this"],
    menu: ["菜单", "Menu"],
    pages: ["页面", "Pages"],
    nav_plans: ["计划", "Plans"],
    nav_board: ["工作台", "Board"],
    nav_mine: ["我的任务", "My tasks"],
    nav_slips: ["督办单", "Slips"],
    nav_verdicts: ["年度对账", "Verdicts"],
    nav_indicators: ["指标", "Indicators"],
    nav_entities: ["感知", "Sensing"],
    nav_accounts: ["账号", "Accounts"],
    nav_settings: ["设置", "Settings"],
    nav_journal: ["日志", "Journal"],
    nav_me: ["我的账号", "My account"],
    live_on: ["实时更新", "Live"],
    live_off: ["未连接，变更不会自动显示", "Not connected: changes do not show by themselves"],
    save: ["保存", "Save"],
    saved: ["已保存", "Saved"],
    cancel: ["取消", "Cancel"],
    close: ["关闭", "Close"],
    open: ["打开", "Open"],
    change: ["修改", "Change"],
    remove: ["移除", "Remove"],
    confirm: ["确认", "Confirm"],
    show: ["显示", "Show"],
    make: ["创建", "Create"],
    note: ["说明", "Note"],
    load_more: ["更多", "Load more"],
    nothing_found: ["没有符合条件的内容。", "Nothing matches."],
    err_400: ["请求有误", "The request is wrong"],
    err_401: ["请先登录", "Sign in first"],
    err_403: ["没有权限", "Not permitted"],
    err_404: ["没有找到", "Not found"],
    err_409: ["与现有内容冲突", "It conflicts with what is there"],
    err_412: ["已被他人修改", "It was changed meanwhile"],
    err_415: ["不支持这种文件", "This kind of file is not taken"],
    err_422: ["内容有误", "Something in it is wrong"],
    err_429: ["尝试过多，请稍后再试", "Too many tries: wait a while"],
    err_500: ["服务器出错", "The server failed"],
    err_503: ["服务器繁忙，请稍后再试", "The server is busy: try again soon"],
    not_kept_then: [
        "当时尚未录入此计划，可改为“按现在所知”。",
        "The plan was not kept then: choose “as known now”.",
    ],
    system: ["系统", "system"],
    replaces_report: [
        "当日已有上报（{0}），保存后将被替换，原记录保留。",
        "A report of that day stands ({0}): this one takes its place, and both stay on record.",
    ],
    err_network: [
        "连接不上服务器，请稍后再试。",
        "The server cannot be reached. Try again in a moment.",
    ],
    err_large: ["文件太大。", "The file is too large."],

    // signing in
    sign_in: ["登录", "Sign in"],
    sign_out: ["退出登录", "Sign out"],
    sign_in_lead: [
        "政府工作计划的落实、督办与对账",
        "A city's plan: followed, supervised, held to account",
    ],
    expired: ["登录已失效，请重新登录。", "You have been signed out. Please sign in again."],
    login: ["登录名", "Login"],
    password: ["密码", "Password"],
    new_password: ["新密码", "New password"],
    new_password_lead: ["换一个只有您知道的密码。", "Choose one that only you know."],
    must_change: [
        "您用的是一次性密码。请先换成自己的密码。",
        "You signed in with a one-time password. Choose your own first.",
    ],
    old_password: ["现在的密码", "Present password"],
    again: ["再输一次", "Once more"],
    not_the_same: ["两次输入的新密码不一样。", "The two new passwords are not the same."],

    // plans
    load_plan: ["载入计划文件", "Load a plan"],
    drop_here: ["把计划文件拖到这里", "Drop a plan document here"],
    drop_formats: ["PDF、DOCX、HTML 或 TXT", "PDF, DOCX, HTML or TXT"],
    choose_file: ["选择文件", "Choose a file"],
    sending: ["上传进度", "Upload progress"],
    sending_file: ["正在上传 {0}…", "Sending {0}…"],
    reading_file: ["正在读取 {0}…", "Reading {0}…"],
    load_loaded: ["{0} 已载入。", "{0} is loaded."],
    load_unchanged: ["{0} 与已存的一样，没有变化。", "{0} is the same as what is kept."],
    load_revised: ["{0} 已更正。", "{0} is corrected."],
    no_plans: ["还没有计划。", "No plan is kept yet."],
    no_plans_load: ["还没有计划。先载入一份。", "No plan is kept yet. Load the first one."],
    correction_title: ["这份文件会更正已存的计划", "This document corrects a plan that is kept"],
    correction_lead: [
        "有 {0} 处不同。接受之后才会生效。",
        "Differences: {0}. Nothing changes until you accept.",
    ],
    correction_accept: ["接受更正", "Accept the correction"],
    changes: ["变化", "Changes"],
    thing: ["对象", "Thing"],
    was: ["原来", "Was"],
    now: ["现在", "Now"],
    change_added: ["新增", "Added"],
    change_removed: ["删去", "Removed"],
    change_changed: ["改动", "Changed"],

    // the plan's parts
    areas: ["领域", "areas"],
    measures: ["举措", "measures"],
    tasks: ["任务", "tasks"],
    targets: ["目标", "targets"],
    document: ["文件", "Document"],
    area: ["领域", "Area"],
    measure: ["举措", "Measure"],
    task: ["任务", "Task"],
    target: ["目标", "Target"],
    outcome: ["完成情况", "Outcome"],
    main_targets: ["主要预期目标", "Main expected targets"],
    n_tasks: ["任务 {0}", "{0} tasks"],
    whole_plan: ["全年总体", "The whole plan"],
    list: ["列表", "List"],
    panes: ["列表与文件", "List and document"],
    side: ["文件与事项", "Document and item"],
    sentence: ["原文", "Sentence"],
    source_short: ["原文", "Text"],
    horizon: ["至{0}年", "by {0}"],
    no_number: ["定性", "no number"],
    kind_growth_rate: ["增长", "growth"],
    kind_reduction: ["下降", "reduction"],
    kind_level: ["达到", "level"],
    kind_new: ["新增", "new"],
    kind_complete: ["完成", "complete"],
    kind_ratio: ["比例", "ratio"],
    kind_count: ["数量", "count"],
    kind_rank: ["位次", "rank"],
    kind_qualitative: ["定性", "qualitative"],
    kind_other: ["其他", "other"],

    // lights
    light: ["灯", "Light"],
    light_green: ["绿", "Green"],
    light_yellow: ["黄", "Yellow"],
    light_red: ["红", "Red"],
    light_none: ["无灯", "No light"],
    unreported: ["未上报", "No report"],
    unowned: ["待定责", "Owner open"],
    slips_open: ["督办中", "Slips open"],
    slips_overdue: ["督办逾期", "Slips overdue"],
    to_confirm: ["待确认结论", "Verdicts to confirm"],
    should: ["应达 {0}", "due {0}"],
    due_by: ["期限 {0}", "due {0}"],
    overdue_since: ["已逾期 {0}", "overdue since {0}"],
    deadline_said: ["文件所写期限 {0}", "deadline in the text {0}"],

    // the filter
    filters: ["筛选", "Filter"],
    search: ["查找", "Search"],
    search_hint: ["任务、指标、单位…", "Task, indicator, body…"],
    all_areas: ["全部领域", "All areas"],
    all_lights: ["全部灯色", "All lights"],
    all_owners: ["全部单位", "All bodies"],
    owner: ["责任单位", "Responsible"],
    due_before: ["期限早于", "Due before"],
    mine: ["只看本单位", "Mine only"],
    clear_filter: ["清除筛选", "Clear"],
    shown: ["显示 {0} / {1}", "{0} of {1} shown"],
    as_of: ["截至", "As of"],
    today: ["回到今天", "Today"],
    year_over: [
        "计划年度已结束：未报完成的今天都是红灯。可看当年：",
        "The plan year is over: what is not reported done is red. See:",
    ],
    year_end: ["年末", "Year’s end"],
    mid_year: ["年中", "Mid-year"],
    known: ["按何时所知", "Known when"],
    known_now: ["按现在所知", "As known now"],
    known_then: ["按当时所知", "As known then"],
    export: ["导出", "Export"],
    view_tasks: ["任务", "Tasks"],
    view_targets: ["目标", "Targets"],
    view_slips: ["督办单", "Slips"],
    print_page: ["可打印的年度页", "Printable page of the year"],
    export_without_only: [
        "导出不含上方数字卡的筛选。",
        "The filter of the count tiles does not apply to exports.",
    ],

    // owners
    owners: ["责任单位", "Responsible bodies"],
    no_owner: ["没有责任单位", "Nobody named"],
    owners_change: ["修改责任单位", "Change who answers for it"],
    confirm_owners: ["确认责任单位", "Confirm"],
    add_owner: ["+ 增加单位", "+ Add a body"],
    organisation: ["单位", "Organisation"],
    organisation_hint: ["输入单位名称", "Name of the body"],
    role: ["角色", "Role"],
    role_lead: ["牵头", "lead"],
    role_support: ["配合", "support"],
    source_confirmed: ["已确认", "confirmed"],
    source_document: ["文件载明", "named in the document"],
    source_proposed: ["系统建议", "proposed"],
    proposed: ["建议", "proposed"],
    proposed_mark: ["拟", "?"],

    // progress and path
    progress: ["进度", "Progress"],
    report_progress: ["上报进度", "Report progress"],
    correct_report: ["更正", "Correct"],
    send_report: ["上报", "Report"],
    no_reports: ["还没有上报。", "Nothing is reported yet."],
    replaced: ["已被更正", "corrected by a later one"],
    value: ["数值", "Value"],
    value_in: ["数值（{0}）", "Value ({0})"],
    as_of_day: ["截至 {0}", "as of {0}"],
    evidence: ["佐证材料", "Evidence"],
    evidence_hint: [
        "PDF、图片、DOCX、XLSX、CSV、TXT，每个不超过 10 MB",
        "PDF, picture, DOCX, XLSX, CSV, TXT; 10 MB each",
    ],
    remove_file: ["移除 {0}", "Remove {0}"],
    n_files: ["附件 {0}", "{0} files"],
    expected: ["应达进度", "Expected"],
    reported: ["上报进度", "Reported"],
    day: ["日期", "Day"],
    year: ["年度", "Year"],
    chart_path: [
        "进度图：应达进度 {0} 点，上报 {1} 次。数据见下表。",
        "Chart of progress: {0} expected points, {1} reports. The table below holds the figures.",
    ],
    path_caption: ["应达与上报（{0}）", "Expected and reported ({0})"],
    figures_table: ["数据表", "Figures as a table"],
    path_linear: ["应达进度按全年均匀推算", "Expected: in equal steps over the year"],
    path_drawn: ["应达进度按逐月计划", "Expected: by the drawn monthly path"],
    path_flat: ["全年保持同一水平", "Expected: the same level all year"],
    path_none: ["没有应达进度", "No expected path"],
    draw_path: ["逐月计划", "Monthly path"],
    draw_path_in: ["逐月计划（{0}）", "Monthly path ({0})"],
    path_hint: [
        "各月底应达到的数值。空着的月份由前后月推算；第一个月之前从 0 起，最后一个月之后不变。",
        "The value due at the end of each month. Empty months are read from their neighbours; before the first it rises from 0, after the last it stays.",
    ],
    remove_path: ["取消逐月计划", "Remove the path"],

    // slips
    slips: ["督办单", "Supervision slips"],
    no_slips: ["没有督办单。", "No slip."],
    issue_slip: ["发出督办单", "Issue a slip"],
    slip_to: ["承办单位", "To"],
    slip_demand: ["督办要求", "Demand"],
    slip_days: ["答复时限（工作日）", "Working days to answer"],
    slip_open: ["待答复", "Open"],
    slip_answered: ["已答复", "Answered"],
    slip_closed: ["已办结", "Closed"],
    slip_withdrawn: ["已撤回", "Withdrawn"],
    slip_overdue: ["答复逾期", "Overdue"],
    slip_answer: ["答复", "Answer"],
    slip_answer_text: ["办理情况", "What was done"],
    slip_accept: ["同意办结", "Accept"],
    slip_send_back: ["退回", "Send back"],
    slip_withdraw: ["撤回", "Withdraw"],
    slip_withdraw_why: ["撤回理由", "Why it is withdrawn"],
    slip_send_back_why: ["退回理由", "Why it is sent back"],
    slip_to_proposed: [
        "系统建议：{0}。不是已知单位，请从列表中选择。",
        "Proposed: {0}. That is no known organisation: choose one from the list.",
    ],
    choose_organisation: ["请从列表中选择单位", "Choose an organisation from the list"],
    slip_accepted: ["同意办结", "accepted"],
    slip_sent_back: ["退回重办", "sent back"],
    state: ["状态", "State"],
    all_states: ["全部", "All"],

    // verdicts
    verdict: ["结论", "Verdict"],
    verdict_met: ["达成", "Met"],
    verdict_missed: ["未达成", "Missed"],
    verdict_not_comparable: ["不可比", "Not comparable"],
    verdict_not_reported: ["未报告", "Not reported"],
    verdict_undecided: ["未定", "Undecided"],
    verdict_change: ["修改结论", "Change the verdict"],
    no_verdict: ["还没有可对账的报告。", "No later report to hold it against."],
    confirm_verdict: ["确认“{0}”", "Confirm “{0}”"],
    confirmed_by: ["{0} 于 {1} 确认", "confirmed by {0}, {1}"],
    all_verdicts: ["全部结论", "All verdicts"],
    verdicts_lead: [
        "把年初的每个目标与次年报告中的完成情况逐条对照。",
        "Each target of the year, held against what the next report says.",
    ],
    held_against: ["对照：{0}", "held against: {0}"],
    no_outcomes: ["还没有次年的报告", "the next year's report is not kept yet"],
    why_and_source: ["理由与出处", "Why, and where"],
    action: ["操作", "Action"],

    // one item
    show_in_document: ["← 在文件中看", "← In the document"],
    timeline: ["经过", "History"],
    conflict_title: ["在您填写期间，别人已作修改", "Somebody changed this while you were writing"],
    conflict_unknown: ["内容已经变了。", "It is no longer what you saw."],
    conflict_kept: ["您填写的内容还在，没有丢失。", "What you typed is still here."],
    conflict_redo: ["看最新内容，再提交", "Look at it, then send again"],
    conflict_ready: [
        "已按最新内容更新。核对之后可再次提交。",
        "Shown as it is now. Check it, then send again.",
    ],

    // my tasks
    nothing_mine: ["没有本单位的事项。", "Nothing is your organisation's."],
    mine_late: ["滞后与逾期", "Late"],
    mine_soon: ["近期到期", "Due soon"],
    mine_later: ["其余", "Later"],

    // indicators
    indicators_lead: [
        "历年计划中的目标与报告的完成情况。",
        "Targets over the years, beside what was reported.",
    ],
    search_indicator: ["查找指标…", "Search indicators…"],
    n_years: ["{0} 年", "{0} years"],
    indicator_caption: [
        "各年目标与完成情况；点数字看原文",
        "Targets and outcomes by year; each figure leads to its sentence",
    ],
    chart_years: [
        "历年图：{0} 年，单位 {1}。数据见下表。",
        "Chart over {0} years, in {1}. The table below holds the figures.",
    ],

    // administration
    name: ["名称", "Name"],
    active: ["启用", "active"],
    disabled: ["停用", "disabled"],
    enable: ["启用", "Enable"],
    disable: ["停用", "Disable"],
    reset_password: ["重置密码", "Reset password"],
    new_account: ["新建账号", "New account"],
    change_account: ["修改账号 {0}", "Change account {0}"],
    one_time_title: ["一次性密码", "One-time password"],
    one_time_lead: ["{0} 的一次性密码，只显示这一次：", "For {0}. It is shown only this once:"],
    noted: ["已记下", "I have noted it"],
    role_administrator: ["管理员", "administrator"],
    role_planner: ["计划管理", "planner"],
    role_supervisor: ["督查", "supervisor"],
    role_department: ["部门", "department"],
    role_district: ["区县", "district"],
    role_town: ["镇街", "town"],
    role_public: ["公众", "public"],
    tokens: ["API 令牌", "API tokens"],
    tokens_lead: [
        "程序用令牌代您读写，权限与您相同。",
        "Programs use them in your name, with your rights.",
    ],
    no_tokens: ["没有令牌。", "No token."],
    new_token: ["新令牌", "New token"],
    token_name: ["用途", "What for"],
    token_days: ["有效天数", "Valid for days"],
    token_title: ["新令牌", "New token"],
    token_lead: ["只显示这一次，请妥善保存：", "It is shown only this once:"],
    until: ["有效至 {0}", "until {0}"],
    settings_lead: [
        "滞后多少亮黄灯、红灯，督办单几天内答复。",
        "How far behind turns a light yellow or red; how long a slip may take.",
    ],
    yellow_from: ["黄灯：滞后达到", "Yellow from a lag of"],
    red_above: ["红灯：滞后超过", "Red above a lag of"],
    points: ["百分点", "percentage points"],
    working_days: ["工作日", "working days"],
    subject: ["对象", "Subject"],
    line: ["行", "Line"],
    time: ["时间", "Time"],
    who: ["谁", "Who"],
    what: ["做了什么", "What"],

    // what a line of the journal says; line_other stands for what this page does not know
    line_other: ["作了其他改动", "made another change"],
    line_store_migrated: ["升级数据库", "brought the database up to date"],
    line_journal_key: ["启用签名密钥", "began to sign with a key"],
    line_evidence_added: ["上传佐证材料", "added evidence"],
    line_plan_loaded: ["载入计划", "loaded the plan"],
    line_plan_revised: ["更正计划", "corrected the plan"],
    line_owner_confirmed: ["确认责任单位", "confirmed who answers for it"],
    line_owner_changed: ["修改责任单位", "changed who answers for it"],
    line_path_drawn: ["画了逐月计划", "drew a monthly path"],
    line_path_cleared: ["取消逐月计划", "removed the monthly path"],
    line_progress_reported: ["上报进度", "reported progress"],
    line_progress_corrected: ["更正了上报", "corrected a report"],
    line_slip_issued: ["发出督办单", "issued a slip"],
    line_slip_answered: ["答复督办单", "answered a slip"],
    line_slip_accepted: ["办结督办单", "accepted the answer to a slip"],
    line_slip_withdrawn: ["撤回督办单", "withdrew a slip"],
    line_slip_returned: ["退回督办单", "sent a slip back"],
    line_verdict_confirmed: ["确认结论", "confirmed the verdict"],
    line_verdict_changed: ["修改结论", "changed the verdict"],
    line_settings_changed: ["修改设置", "changed the settings"],
    line_account_created: ["新建账号", "created an account"],
    line_account_changed: ["修改账号", "changed an account"],
    line_account_disabled: ["停用账号", "disabled an account"],
    line_account_enabled: ["启用账号", "enabled an account"],
    line_account_reset: ["重置密码", "reset a password"],
    line_account_password: ["修改密码", "changed a password"],
    line_session_opened: ["登录", "signed in"],
    line_session_closed: ["退出登录", "signed out"],
    line_session_refused: ["登录被拒", "was refused"],
    line_token_created: ["创建令牌", "made a token"],
    line_token_revoked: ["撤销令牌", "revoked a token"],

    // what the city senses
    entities_lead: ["实体的最新数值、位置、历史和质量标记。", "Entities: latest values, places, history and flags of quality."],
    entity_types: ["类型", "Types"],
    search_entity: ["按标识查找", "Find by id"],
    n_entities: ["共 {0} 个实体", "{0} entities"],
    no_entities: ["还没有实体。用 taihu import 或 NGSI-LD 接口写入。", "No entities yet. Bring some in with taihu import or by NGSI-LD."],
    map_label: ["地图，{0} 个点。方向键移动，加减号缩放，0 显示全部；列表中有同样的实体。", "Map with {0} places. Arrows move it, plus and minus zoom, 0 shows all; the list has the same entities."],
    map_closer: ["放大", "Closer"],
    map_wider: ["缩小", "Wider"],
    map_all: ["显示全部", "Show all"],
    attribute: ["属性", "Attribute"],
    attributes: ["属性", "Attributes"],
    observed_at: ["观测时间", "Observed"],
    quality: ["质量", "Quality"],
    history: ["历史", "History"],
    no_history: ["没有可画的历史数值", "No history of numbers to draw"],
    span: ["时段", "Span"],
    span_day: ["24 小时", "24 hours"],
    span_week: ["7 天", "7 days"],
    span_month: ["31 天", "31 days"],
    span_last: ["最近 {0} 条", "Last {0}"],
    chart_history: ["{0} 的历史：{1} 个观测值，{2} 个存疑或不合格", "History of {0}: {1} observations, {2} suspect or failed"],
    history_caption: ["{0}，最新 {1} 条", "{0}, the newest {1}"],
    flag_good: ["合格", "good"],
    flag_unjudged: ["未评定", "not evaluated"],
    flag_suspect: ["存疑", "suspect"],
    flag_fail: ["不合格", "fail"],
    flag_missing: ["缺测", "missing"],
    test_gross: ["范围", "range"],
    test_spike: ["突跳", "spike"],
    test_rate: ["变化率", "rate of change"],
    test_flat: ["恒值", "flat line"],
    test_gap: ["间隔", "gap"],
    colon: ["：", ": "],
    comma: ["，", ", "],

    // keys
    keys: ["快捷键", "Keys"],
    key_search: ["查找", "search"],
    key_next: ["下一条", "next row"],
    key_previous: ["上一条", "previous row"],
    key_open: ["打开这一条", "open the row"],
    key_sentence: ["看原文", "show its sentence"],
    key_close: ["关闭", "close"],
    key_help: ["显示快捷键", "show this"],
};

let now = null;

function kept() {
    try {
        return localStorage.getItem(KEPT);
    } catch {
        return null; // storage may be shut
    }
}

export function language() {
    now ??= kept() ?? "zh-Hans";
    return now;
}

export function setLanguage(to) {
    now = to === "en" ? "en" : "zh-Hans";
    document.documentElement.lang = now;
    try {
        localStorage.setItem(KEPT, now);
    } catch {
        // then it lasts as long as the page
    }
}

// The word in the language now shown; {0} and {1} are what follows.
export function t(key, ...values) {
    const pair = WORDS[key];
    if (!pair) return key;
    return pair[language() === "en" ? 1 : 0].replace(/\{(\d)\}/g, (_, n) => values[n] ?? "");
}

// What a line of the journal tells, with the part of it that a reader wants.
export function lineText(line) {
    const kind = String(line.kind ?? "");
    const key = "line_" + kind.replaceAll(".", "_");
    const s = line.summary ?? line.payload ?? {};
    const facts = [];
    if (s.value !== undefined && s.value !== null) facts.push(`${s.value}${s.unit ?? ""}`);
    if (s.as_of) facts.push(t("as_of_day", s.as_of));
    if (s.verdict && WORDS["verdict_" + s.verdict]) facts.push(t("verdict_" + s.verdict));
    if (Array.isArray(s.owners))
        facts.push(s.owners.map((o) => o.name ?? o.organisation).join("、"));
    if (s.demand ?? s.text) facts.push(String(s.demand ?? s.text).slice(0, 60));
    if (s.note) facts.push(String(s.note).slice(0, 60));
    const [colon, comma] = language() === "en" ? [": ", ", "] : ["：", "，"];
    return t(WORDS[key] ? key : "line_other") + (facts.length ? colon + facts.join(comma) : "");
}
