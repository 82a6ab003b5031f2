export default {
  desk: {
    given: "刚转给您",
    by_assistant: "AI：", by_agent: "回复：",
    list: "会话列表", conversation: "会话", visitor: "访客", colleague: "同事", elder: "长辈", unsent: "未发出", draft: "草稿", unread: "条未读", waiting_for: "已等 ",
    take_next: "接待下一位", taken: "{name}已经接待了这位客户。", inbox_failed: "列表没取到", nothing_open: "还没打开会话", nothing_open_waiting: "有客户在等", nothing_open_away: "您现在“离开”或“休息中”，新客户不会转来。",
    nothing_open_hint: "眼下没人在等。有客户来了会提醒您。", opening: "正在打开…", open_failed: "这个会话打不开", back: "回到列表", transcript: "对话记录", newest: "到最新", choices: "给客户的选项",
    read: "客户已读", typing: "{name}正在输入", confidence: "把握 {value}", staff_only: "仅内部可见", note_only_staff: "的备注，仅内部可见",
  },
  section: {
    waiting: "等待中", mine: "我在接待", callbacks: "待回呼", team: "同事在接待",
    waiting_empty: "没有人在等。", mine_empty: "您手上没有会话。", callbacks_empty: "没有约好的回呼。", team_empty: "没有。",
  },
  risk: { title: "{n} 个回呼可能赶不上", hint: "最早的约在 {time}。请叫人上线，或者自己接一下。", nobody: "到时没人能接", full: "到时都接满了", news: "{name} 的回呼约在 {time}：{why}。" },
  offer: { title: "{name} 想请您接待", left: "还有 {n} 秒", take: "接", decline: "不接", declined: "好的，转给别的同事了。" },
  rest: { wrap_up: "收尾中，{n} 秒内不来新客户。", ready: "我准备好了", heavy: "刚才不容易，辛苦了。要缓一缓吗？", pause: "缓一缓", go_on: "我没事，继续" },
  urgency: { urgent: "紧急", vulnerable: "需要多照顾", elder: "长辈", complaint: "投诉", normal: "普通" },
  standing: { queue: "等待中 {time}", callback: "待回呼 {time}", mine: "您在接待", agent: "{name}在接待", assistant: "AI 助手在答", closed: "已结束" },
  accept: {
    go: "接待", again: "接回来", lost: "您刚才掉线了，客户在队首等着。您没发完的话都还在。", waiting: "客户已等 {time}，您接手后对方会看到您的名字。", callback: "约在 {time} 回呼；现在就可以接待。", taken: "{name}在接待，您可以看，不能回。",
    assistant: "AI 助手在答。客户一要人工，就会出现在列表里。", closed: "会话已结束。客户再来消息会接着这里。",
  },
  slip: {
    summary: "摘要", earlier: "来过 {n} 次", overdue: "已过期", promised: "答应过", feeling: "心情", offered: "给过选项，客户没选：", nothing: "还没试过什么", title: "交接单", why: "为什么来", question: "客户的问题", tried: "已经试过", done: "已经办了", known: "已经知道", opening: "建议第一句", use: "填入", fold: "收起交接单", unfold: "展开交接单",
  },
  known: { flow: "正在办", language: "语言", elder: "长辈模式", yes: "开着", name: "姓名", phone: "手机", card: "卡", amount: "金额", time: "时间", place: "地点", reference: "编号" },
  author: { assistant: "AI 助手", system: "系统", me: "我", helper: "{name}（帮手）", agent_for_assistant: "{name}（采用 AI 草稿）" },
  decision: {
    answer: "直接回答", clarify: "给出选项", continue: "接着聊", act: "办理", offer_human: "提出转人工", hand_off: "转人工", refuse: "没有照做", close: "结束",
  },
  reason: {
    complaint: "客户要投诉", urgent: "正在被骗，等不得", elder_hesitates: "长辈一个人弄不来", likely_dissatisfied: "一直着急难过", came_again: "为同一件事来了几次，心里不好受", asked_twice: "同一件事问了两遍", unsure_on_money_or_law: "关系到钱和权益，没把握", going_in_circles: "绕来绕去没进展", not_identified: "没能确认身份", action_failed: "系统没办成", action_unknown: "系统没回话，不确定办成没有", customer_cannot_tell: "客户说不上来", asks_whether: "问是不是要办",
    readings_did_not_fit: "给的选项都不是", not_known_times: "几次没答上", outside_hours: "下班时间", customer_wrote_again: "客户又写来", waits_for_a_person: "正等着人工", told_lately: "刚说过，不再重复", erased: "已按客户要求删除", wish_withdrawn: "客户说不用人工了", customer_choice: "客户自己选的",
    customer_asked: "客户要人工", customer_accepted_offer: "客户同意转人工", picked_reading: "客户选了这一项", released: "把握足够", several_readings: "可能是几个意思",
    not_known: "不知道答案", not_understood_times: "几次没听懂", too_long: "消息太长", instructions_in_message: "消息里夹着给 AI 的指令", attachment_only: "只发了文件",
    distress: "客户着急难过", abuse: "言辞激烈", language_not_spoken: "不会的语言", assistant_fault: "AI 助手出了故障", assistant_busy: "提问的人太多，AI 助手没来得及答", greeting: "打招呼", thanks: "道谢", goodbye: "道别",
    robot: "问是不是机器人", empty: "空消息", emoji: "只有表情", affirm: "说了是", deny: "说了不", callback_due: "约好的回呼时间到了", agent_vanished: "同事掉线", transferred: "同事转来",
    accepted: "已接待", closed: "已结束", customer_yes: "客户同意", agent_handback: "同事交回",
  },
  feeling: {
    anger: "生气", anxiety: "焦急不安", disappointment: "失望", worry: "担心", confusion: "弄不明白", rising: "越来越激动", falling: "渐渐平静",
    fraud: "怕被骗了", card_stolen: "卡被偷了", money_kept: "钱被吞了", card_kept: "卡被吞了", card_lost: "卡丢了", hardship: "手头困难", distress: "着急难过", again: "不是第一次来问", loud: "语气很急" },
  feedback: { up: "客户觉得有用", down: "客户觉得没用" },
  line: {
    started: "会话开始（{channel}）", human_word: "客户说要人工", human_button: "客户按了“人工”", human_key: "客户按了 0 转人工", human_policy: "按规则转人工：{reason}",
    human_fault: "AI 助手出错，转人工", human_transfer: "转给人工", human_by_assistant: "AI 助手转人工：{reason}", human_by_agent: "同事请人工接手：{reason}", human_by_system: "系统转人工：{reason}",
    accepted: "{name}开始接待", vanished: "{name}掉线，客户回到队首，等待时间照算", transferred_agent: "{from}转给{name}", transferred_skill: "{from}转给{skill}",
    returned_by_customer: "客户同意由 AI 助手继续", handed_back: "{name}交回 AI 助手", callback_customer: "客户选了 {time} 回呼", callback_system: "约在 {time} 回复", callback_agent: "同事约了 {time} 回呼",
    callback_due: "回呼时间到，排到队首", elder_on: "客户打开了长辈模式", preferences: "客户改了显示设置", closed: "会话结束", closed_outcome: "{name}结束会话：{outcome}",
    reopened: "客户又来消息，接着聊", erased: "内容已按客户要求清除",
  },
  composer: {
    label: "回复客户", placeholder: "回复客户… 打 / 选话术", note_label: "内部备注", note_placeholder: "只有同事看得到…", attach: "加图片或 PDF", article: "查知识点", note: "备注", keep_note: "记下",
    send: "发送", hint: "Enter 发送，Shift+Enter 换行",
  },
  attach: { remove: "去掉 {name}", uploading: "正在上传 {name}…", type: "{name} 发不了：只收图片和 PDF。", size: "{name} 超过 10 MB。", failed: "{name} 没传上去" },
  unsent: { parted: "还没发出，您接回来后自动发", sending: "正在发送", waiting: "还没发出，连上后自动发", look: "去看看", refused: "没发出去：{why}" },
  conflict: {
    title: "{name}刚刚也回了客户，您这条先没发", yours: "您写的", send: "照样发送", edit: "改一改", drop: "不发了",
  },
  action_short: { transfer: "转给同事", handBack: "交回", callback: "回呼" },
  action: {
    transfer: "转给同事", handBack: "交回 AI 助手", callback: "约定回呼", finish: "结束", finish_long: "小结并结束", more: "更多操作",
    transferred: "已转给{name}", handed_back: "已交回 AI 助手", callback_set: "回呼已约好", recap_sent: "小结已发给客户确认", closed: "会话已结束",
  },
  transfer: {
    there: "{n} 位同事在", nobody_there: "现在没人在，客户会得到约定的时间", away: "现在接不了", hint: "客户会看到接下来是谁。备注只有同事看得到。", find: "找技能组或同事", to: "转给谁", skills: "技能组", people: "同事", nobody: "没有别的同事。", load: "手上 {n} 个", note: "给同事的一句话",
    note_hint: "例如：已核过身份，差一个流水号",
  },
  hand_back: { hint: "客户会知道接下来是 AI 助手，随时可以再叫人工。", note: "留给下一位同事的备注（可不写）" },
  callback: { hint: "客户的位置会留着，到时间排在最前。", none: "没有可约的时间。", go: "约好" },
  recap: {
    title: "给客户的小结", open: "等客户确认", agreed: "客户确认了", declined: "客户说不对", agreed_next: "客户确认了小结，可以结束。", declined_next: "客户说小结不对，先问清楚再结束。",
    asked: "您问的是：{question}", told: "我们说好的：{agreed}",
  },
  finish: {
    outcome: "结果", recap: "发给客户确认的小结", recap_hint: "先写说好了什么、接下来谁在什么时候做什么。客户点“对”之后再结束。", close: "结束会话", close_without: "直接结束", send_recap: "发给客户确认",
  },
  side: { label: "客户与资料", toggle: "右侧栏", articles: "知识点", scripts: "话术" },
  customer: {
    title: "客户", verified: "已核身", unverified: "未核身", phone: "手机", age: "年龄段", language: "语言", channel: "渠道", earlier: "以前的会话", no_outcome: "未记结果",
  },
  articles: {
    search: "搜知识点", results: "搜索结果", suggested: "按客户的话找：{text}", nothing_said: "客户还没说话。", none: "没有找到。换个说法试试。", insert: "填入回复", open: "看全文", tried: "客户已看过", score: "相近 {value}",
  },
  palette: { title: "查知识点", hint_insert: "填入回复", hint_open: "打开知识点" },
};
