export default {
  common: {
    close: "關閉", cancel: "取消", save: "儲存", edit: "修改", remove: "刪除", retry: "再試一次", loading: "讀取中…", more: "還有 {n} 則", less: "收起",
    notice: "通知", unreachable: "連不上伺服器，稍後再試。",
  },
  nav: {
    label: "主導航", skip: "跳到正文", desk: "工作台", cases: "工單", wall: "現場", knowledge: "知識", flows: "流程", scripts: "話術", staff: "同事", settings: "設定", sign_out: "登出", attention: "件事等著您",
    unsent_confirm: "還有 {n} 則訊息沒發出去，登出後會留在這台電腦上。仍要登出嗎？",
  },
  net: {
    lost: "網路斷了，正在重新連線。您可以接著寫。", lost_unsent: "網路斷了，{n} 則訊息會在連上後發出，不會丟也不會重。", slow: "這個網路不允許長連線，訊息會慢一兩秒。", try_now: "立即重新連線",
  },
  sign_in: {
    saying: "先懂心情，\n再解決問題。", title: "登入工作台", hint: "用同事帳號登入，或開啟寄給您的一次性登入連結。", email: "電子郵件", password: "密碼", go: "登入", busy: "正在登入…", or: "或者",
    oidc: "用{name}登入", bank: "行內帳號", link_used: "這個登入連結用不了了",
  },
  sign_in_error: {
    oidc_refused: "行內帳號沒有開通工作台，請找管理員。", oidc_unavailable: "行內登入暫時用不了，稍後再試。", link_spent: "這個連結已經用過或過期了。",
  },
  presence: {
    missed_notice: "剛才有客戶轉給您，沒等到您接，已先請其他同事接手。回來了就按「開始接待」。", why: "休息，是因為", away_notice: "您在「離開」，新客戶不會轉來。", start: "開始接待",
    label: "我的狀態", button: "{name}，當前{state}，點開可切換", available: "可接待", break: "休息中", away: "離開",
    available_hint: "新客戶可以轉給我", break_hint: "不來新客戶，不響鈴", away_hint: "不在電腦前",
  },
  alert: { offer: "{name} 轉給您了", waiting: "{name} 在等人工", message: "{name} 來了新訊息", given: "{name} 轉給了您", called: "{name} 這邊有同事邀您進來", risk: "{name} 的回呼可能趕不上" },
  settings: {
    title: "設定", language: "語言", theme: "外觀", theme_system: "跟隨系統", theme_light: "淺色", theme_dark: "深色",
    sound: "提示音", sound_hint: "有客戶在等，或我的客戶來了訊息時響一聲。休息時不響。",
    notify: "桌面通知", notify_hint: "工作台不在眼前時，用系統通知提醒。", notify_refused: "瀏覽器不允許通知，請在位址列左邊的站點設定裡開啟。",
    keys: "單鍵快速鍵", keys_hint: "不在輸入框裡時，按一個字母就能操作。用螢幕報讀軟體時可以關掉。",
  },
  keys: {
    title: "快速鍵", hint: "按 ? 隨時看這張表。", anywhere: "隨處", writing: "寫回覆時",
    palette: "查知識點", next: "下一個對話", previous: "上一個對話", note: "內部備註開關", article: "填入第 1–3 則現成回覆", dropReplies: "這幾則回覆都不要", opening: "填入建議的第一句", takeNext: "接待等得最久的客戶",
    accept: "接待這位客戶", reply: "開始寫回覆", transfer: "轉給同事", handBack: "交回 AI 助手", callback: "約定回呼", finish: "小結並結束", promise: "確認聽到的承諾",
    side: "開關右側欄", help: "快速鍵", send: "傳送", newline: "換行", slash: "選話術", leave: "離開輸入框",
  },
  language: { "zh-Hans": "簡體中文", "zh-Hant": "繁體中文", en: "英文" },
  language_short: { "zh-Hans": "簡", "zh-Hant": "繁", en: "EN" },
  age_band: {
    under_18: "未滿 18 歲", "18_29": "18–29 歲", "30_44": "30–44 歲", "45_59": "45–59 歲", "60_69": "60–69 歲", "70_": "70 歲以上",
  },
  channel: { web: "網頁", app: "手機銀行", wechat: "微信", sms: "簡訊", mail: "郵件", api: "API", voice: "電話" },
  outcome: { solved: "已解決", follow_up: "還要跟進", not_solved: "沒解決", no_answer: "客戶沒再回" },
  category: {
    cards: "銀行卡", transfers: "轉帳", deposits: "存款", savings: "儲蓄", loans: "貸款", wealth: "理財", app: "手機銀行", digital: "手機銀行", fraud: "防詐騙",
    security: "安全", fees: "收費", elders: "長輩服務", branches: "分行", account: "帳戶", accounts: "帳戶", credit: "信用卡",
  },
};
