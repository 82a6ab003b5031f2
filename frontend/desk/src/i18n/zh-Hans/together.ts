export default {
  assist: {
    tab: "助手", waiting: "客户还没说话，说了就来帮您找。", about: "客户说：{text}", passage: "最贴近的一段", replies: "现成的回复", none: "这句没找到合适的知识点。", use: "填入", whole: "全文", failed: "助手这会儿没连上，您照常回复就好。",
    felt: "听起来{feeling}", strong: "很强烈", why: "因为：{signs}", open_with: "可以这样开头", drop: "不要这条",
    origin: { article: "知识点", script: "话术", colleague: "同事用过" },
    sign: { words: "用词", punctuation: "标点很急", again: "又说了一遍", classifier: "整句的语气", negated: "说了反话", risk: "说到要紧的事" },
    calm: "平静", joy: "高兴",
    solved: "以前这样解决过", solved_by: "{name} · {date}", open_solved: "看那次对话",
  },
  step: {
    title: "下一步", can_do: "可以办：{title}", under_way: "正在办：{title}", identified: "身份已核实", level: { basic: "先核实身份", strong: "先核实身份，要用验证码" }, keyed: "由客户自己输入", ask: "问这句",
  },
  heed: {
    title: "别漏了", never: "绝不问{what}", and: "、", secret: { pin: "密码", code: "验证码", cvv: "卡背面三位数", card_number: "完整卡号" },
  },
  wording: {
    blocked: "这句话不能发", look: "发之前看一眼",
    kind: { pin: "我们不问密码，谁来问都是骗子的做法。要核实身份，交回 AI 助手，让客户自己输入。", code: "我们不问验证码，谁来问都是骗子的做法。要核实身份，交回 AI 助手，让客户自己输入。", cvv: "我们不问卡背面的三位数。要找到卡，问尾号四位就够了。", full_card: "不必问完整卡号，尾号四位就够了。", card_number: "像是完整卡号。说尾号四位就够了。", guarantee: "听起来像保证收益。请说明收益会变、可能会亏。", rude: "这个说法会让客户难受，换个说法？" },
  },
  beside: {
    title: "一起在的同事", wanted: "{name}请您进来", called: "已请，还没来", watch: "在看", speak: "一起说", join: "进来一起说", watch_it: "旁听", leave: "离开", decline: "不进来", take_over: "接过来",
    take_over_sure: "接过来之后由您回复客户，{name}留在旁边看。他没发出的话还在他那里。", asked: "{name}请您进来一起帮这位客户", whisper: "悄悄告诉{name}", whisper_hint: "只有{name}和同事看得到…", whisper_send: "悄悄说", whispered: "{name}悄悄说",
    give: "交给{name}", gone: "您已离开", called_done: "已请{name}进来", joined: "您进来了，客户已知道", watching: "您在旁听，客户已知道", taken: "已由您接待", cold: "直接转过去", warm: "先请进来", warm_hint: "对方先看到经过和您的话，进来打过招呼，您再交。",
  },
  line_beside: { called: "请{name}进来", watch: "{name}开始旁听", speak: "{name}进来一起说", left: "{name}离开", declined: "{name}没进来", vanished: "{name}掉线离开", taken_over: "{name}接了过来", wrapped: "{name}写了小结" },
  wrapup: {
    title: "留给同事的小结", hint: "按这段对话填好了，看一眼，不对的改掉。只有同事看得到。", request: "诉求", facts: "事实", done: "办了", promised: "答应了", feeling: "心情", next: "接下来", add: "加一行", remove: "去掉这行", from: "出自第 {n} 条", category: "类别",
    tell_bank: "银行该知道的事", tell_bank_hint: "例如：短信里没写在哪里能解冻，今天第三位来问了", loading: "正在整理小结…", failed: "小结没整理出来，可以自己写。",
  },
};
