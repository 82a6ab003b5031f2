export default {
  knowledge: {
    title: "知识", new: "写知识点", tab_list: "全部", tab_check: "体检", tab_gaps: "没答上的", tab_release: "何时作答", category: "分类", status: "状态", question: "标准问", changed: "改动",
    all_categories: "全部分类", all_status: "全部状态", all_languages: "全部语言", none: "没有符合的知识点", none_hint: "换个条件，或写一条新的。", total: "共 {n} 条", previous: "上一页", next: "下一页",
    back: "回到列表", similar: "相似问", similar_hint: "一行一个，照客户真会打的字写。现有 {n} 个。", answer: "答案", markdown: "用 Markdown 写：**加粗**、- 列表、1. 步骤。", preview: "客户看到的样子",
    variants: "其他答法", variants_hint: "电话里、短信里或给长辈，可以换一种说法。", add_variant: "加一种答法", variant_for: "用在哪里", valid_from: "生效日", valid_until: "失效日", owner: "负责人",
    id: "编号", id_hint: "字母、数字和连字符；不填会自动生成。", history: "历史版本", version: "第 {n} 版", was_live: "{time} 发布", never_live: "没有发布过", restore: "取回这一版", restored: "已取回，成为草稿",
    language_of_text: "语言", reviewed: "已审校", review_hint: "审校过的繁体文字直接给客户看；没审校的，客户看到的是由简体自动转换的。", converted: "繁体还没有写：客户看到的是由简体自动转换的文字。", take_converted: "取转换稿来审校", converting: "正在转换…", auto: "自动", to_review: "待审", read_only: "您可以看，不能改。要改请找知识运营。", retire_confirm: "停用后客户就问不到这一条了；历史版本会留着，随时可以再发布。要停用吗？", no_similar: "还没有相似问。",
    marked: "{language}（{mark}）", not_written: "未写", publish: "发布", retire: "停用", saved: "已存为草稿", published: "已发布，一秒内生效", retired: "已停用", leave: "改动还没保存，要离开吗？",
  },
  status: { draft: "草稿", published: "已发布", retired: "已停用", changed: "有未发布的改动", expired: "已过期" },
  problem: {
    question: "请写标准问。", category: "请选分类。", dates: "失效日早于生效日。", id: "编号只能用字母、数字、连字符。",
  },
  variant: { channel_voice: "电话", channel_sms: "短信", channel_wechat: "微信", channel_app: "手机银行", channel_mail: "邮件", audience_elder: "给长辈" },
  check: {
    hint: "找出重复、互相矛盾、过期和没翻译的知识点。问不到的要逐条试搜，用命令 warmline kb check 查。", again: "重新体检", running: "正在体检…", clean: "没有发现问题",
    error: "客户会得到错的或得不到答案", warning: "多半有问题", info: "知道一下",
  },
  gaps: {
    none: "都答上了", none_hint: "客户问了、助手答不上的问题，会按次数排在这里。", hint: "近 30 天里助手没答上的问题，意思相近的并成一行，问得最多的在前。", asked: "问了 {n} 次", last: "最近 {day}", nearest: "最接近的：", write: "写一条", make: "写成知识点",
    alike: "还有 {n} 种问法", told: "{name} {day} 对客户这样说", open: "看会话", others: "同事的另外 {n} 种说法", use: "用这段写", seeded: "答案取自{name} {day} 对客户说的话，相似问是客户的原话。请核对、改成对谁都适用的说法再发布。",
  },
  release: {
    lead: "有把握时，助手直接回答；把握不够，给两三个选项请客户选；再不够，请真人。", rate: "允许答错的上限", rate_words: "每 100 个直接回答里，最多约 {n} 个是错的", covers: "能直接回答", covers_words: "的问题；其余给选项，或请真人", wrong: "其中答错", wrong_words: "测得的；有 95% 的把握不超过 {value}", upper: "答错的 95% 上界", threshold: "把握门槛",
    ground_logs: "按银行自己的 {n} 个已标注问题测得。", ground_estimated: "由相似问推算（{n} 个问题），不是真实记录。上线后请用标注过的真实问题再校准。", ground_pending: "知识点刚改过，正在重新校准；在此之前用保守的门槛：把握到 {answer} 才直接回答。", ground_none: "能用来校准的问题还太少（{n} 个），暂用保守的门槛：把握到 {answer} 才直接回答。知识点和相似问多了会自动校准。",
    chart: "答得越多，错得越多：选在哪里", chart_hint: "往右：直接回答的问题更多。往上：其中答错的更多。虚线是允许答错的上限，菱形是现在的位置。", axis_x: "直接回答的问题", line: "其中答错", limit: "上限 {value}", band: "浅色带：答错率的 95% 上界", now: "现在：答 {covers}，其中错 {wrong}", nothing: "什么都不直接回答", as_table: "看数字",
    other: "换一个上限会怎样", in_force: "现在", change: "上限在启动设置 WARMLINE_TARGET_ERROR 里改；重启后自动重新计算。", bands: "把握到 {answer} 直接回答；{clarify} 到 {answer} 之间给选项；更低请真人。",
  },
  scripts: {
    title: "话术", hint: "写回复时打 / 加短码就能用。", new: "写话术", edit: "改话术", search: "搜话术", none: "没有话术。", saved: "话术已保存", remove_confirm: "删除话术“{name}”？同事们就不能再用它了。", removed: "话术已删除", name: "名称", shortcut: "短码", text: "内容",
    general: "常用", example_name: "王女士",
  },
  variable: { customer_name: "客户姓名", agent_name: "我的名字", bank_name: "银行名", time_of_day: "时段" },
};
