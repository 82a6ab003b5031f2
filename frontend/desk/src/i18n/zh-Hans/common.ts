export default {
  common: {
    close: "关闭", cancel: "取消", save: "保存", edit: "修改", remove: "删除", retry: "再试一次", loading: "正在读取…", more: "还有 {n} 条", less: "收起",
    notice: "通知", unreachable: "连不上服务器，稍后再试。",
  },
  nav: {
    label: "主导航", skip: "跳到正文", desk: "工作台", cases: "工单", wall: "现场", knowledge: "知识", flows: "流程", scripts: "话术", staff: "同事", settings: "设置", sign_out: "退出", attention: "件事等着您",
    unsent_confirm: "还有 {n} 条消息没发出去，退出后会留在这台电脑上。仍要退出吗？",
  },
  net: {
    lost: "网断了，正在重连。您可以接着写。", lost_unsent: "网断了，{n} 条消息会在连上后发出，不会丢也不会重。", slow: "这个网络不让用长连接，消息会慢一两秒。", try_now: "现在重连",
  },
  sign_in: {
    saying: "先懂心情，\n再解决问题。", title: "登录工作台", hint: "用同事账号登录，或打开发给您的一次性登录链接。", email: "邮箱", password: "密码", go: "登录", busy: "正在登录…", or: "或者",
    oidc: "用{name}登录", bank: "行内账号", link_used: "这个登录链接用不了了",
  },
  sign_in_error: {
    oidc_refused: "行内账号没有开通工作台，请找管理员。", oidc_unavailable: "行内登录暂时用不了，稍后再试。", link_spent: "这个链接已经用过或过期了。",
  },
  presence: {
    missed_notice: "刚才有客户转给您，没等到您接，已经让别的同事先接了。回来了就点“开始接待”。", why: "休息，是因为", away_notice: "您在“离开”，新客户不会转来。", start: "开始接待",
    label: "我的状态", button: "{name}，当前{state}，点开可切换", available: "可接待", break: "休息中", away: "离开",
    available_hint: "新客户可以转给我", break_hint: "不来新客户，不响铃", away_hint: "不在电脑前",
  },
  alert: { offer: "{name} 转给您了", waiting: "{name} 在等人工", message: "{name} 来了新消息", given: "{name} 转给了您", called: "{name} 这边有同事请您进来", risk: "{name} 的回呼可能赶不上" },
  settings: {
    title: "设置", language: "语言", theme: "外观", theme_system: "跟随系统", theme_light: "浅色", theme_dark: "深色",
    sound: "提示音", sound_hint: "有客户在等，或我的客户来了消息时响一声。休息时不响。",
    notify: "桌面通知", notify_hint: "工作台不在眼前时，用系统通知提醒。", notify_refused: "浏览器不允许通知，请在地址栏左边的站点设置里打开。",
    keys: "单键快捷键", keys_hint: "不在输入框里时，按一个字母就能操作。用读屏软件时可以关掉。",
  },
  keys: {
    title: "快捷键", hint: "按 ? 随时看这张表。", anywhere: "随处", writing: "写回复时",
    palette: "查知识点", next: "下一个会话", previous: "上一个会话", note: "内部备注开关", article: "填入第 1–3 条现成回复", dropReplies: "这几条回复都不要", opening: "填入建议的第一句", takeNext: "接待等得最久的客户",
    accept: "接待这位客户", reply: "开始写回复", transfer: "转给同事", handBack: "交回 AI 助手", callback: "约定回呼", finish: "小结并结束", promise: "确认听到的承诺",
    side: "开关右侧栏", help: "快捷键", send: "发送", newline: "换行", slash: "选话术", leave: "离开输入框",
  },
  language: { "zh-Hans": "简体中文", "zh-Hant": "繁体中文", en: "英文" },
  language_short: { "zh-Hans": "简", "zh-Hant": "繁", en: "EN" },
  age_band: {
    under_18: "未满 18 岁", "18_29": "18–29 岁", "30_44": "30–44 岁", "45_59": "45–59 岁", "60_69": "60–69 岁", "70_": "70 岁以上",
  },
  channel: { web: "网页", app: "手机银行", wechat: "微信", sms: "短信", mail: "邮件", api: "API", voice: "电话" },
  outcome: { solved: "已解决", follow_up: "还要跟进", not_solved: "没解决", no_answer: "客户没再回" },
  category: {
    cards: "银行卡", transfers: "转账", deposits: "存款", savings: "储蓄", loans: "贷款", wealth: "理财", app: "手机银行", digital: "手机银行", fraud: "防诈骗",
    security: "安全", fees: "收费", elders: "长辈服务", branches: "网点", account: "账户", accounts: "账户", credit: "信用卡",
  },
};
