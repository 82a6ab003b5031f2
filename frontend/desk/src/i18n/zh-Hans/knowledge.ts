export default {
  knowledge: {
    title: "知识", new: "写知识点", tab_list: "全部", tab_check: "体检", tab_gaps: "没答上的", category: "分类", status: "状态", question: "标准问", changed: "改动",
    all_categories: "全部分类", all_status: "全部状态", all_languages: "全部语言", none: "没有符合的知识点", none_hint: "换个条件，或写一条新的。", total: "共 {n} 条", previous: "上一页", next: "下一页",
    back: "回到列表", similar: "相似问", similar_hint: "一行一个，照客户真会打的字写。现有 {n} 个。", answer: "答案", markdown: "用 Markdown 写：**加粗**、- 列表、1. 步骤。", preview: "客户看到的样子",
    variants: "其他答法", variants_hint: "电话里、短信里或给长辈，可以换一种说法。", add_variant: "加一种答法", variant_for: "用在哪里", valid_from: "生效日", valid_until: "失效日", owner: "负责人",
    id: "编号", id_hint: "字母、数字和连字符；不填会自动生成。", history: "历史版本", version: "第 {n} 版", was_live: "{time} 发布", never_live: "没有发布过", restore: "取回这一版", restored: "已取回，成为草稿",
    language_of_text: "语言", not_written: "未写", publish: "发布", retire: "停用", saved: "已存为草稿", published: "已发布，一秒内生效", retired: "已停用", leave: "改动还没保存，要离开吗？",
  },
  status: { draft: "草稿", published: "已发布", retired: "已停用", changed: "有未发布的改动", expired: "已过期" },
  problem: {
    question: "请写标准问。", category: "请选分类。", dates: "失效日早于生效日。", id: "编号只能用字母、数字、连字符。",
  },
  variant: { channel_voice: "电话", channel_sms: "短信", channel_wechat: "微信", channel_app: "手机银行", channel_mail: "邮件", audience_elder: "给长辈" },
  check: {
    hint: "找出重复、互相矛盾、过期、没翻译和问不到的知识点。", again: "重新体检", running: "正在体检…", clean: "没有发现问题", unavailable: "这里没有开通在线体检，可用命令 warmline kb check。",
    error: "客户会得到错的或得不到答案", warning: "多半有问题", info: "知道一下",
  },
  gaps: {
    none: "没有没答上的问题", none_hint: "客户问到答不上的，会出现在这里。", unavailable: "还没有开始记录没答上的问题。", asked: "问了 {n} 次", nearest: "最接近的：", write: "写一条",
  },
  scripts: {
    title: "话术", hint: "写回复时打 / 加短码就能用。", new: "写话术", edit: "改话术", search: "搜话术", none: "没有话术。", saved: "话术已保存", removed: "话术已删除", name: "名称", shortcut: "短码", text: "内容",
    general: "常用", example_name: "王女士",
  },
  variable: { customer_name: "客户姓名", agent_name: "我的名字", bank_name: "银行名", time_of_day: "时段" },
};
