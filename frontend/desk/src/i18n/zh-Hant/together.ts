export default {
  assist: {
    tab: "助手", waiting: "客戶還沒開口，一開口就幫您找。", about: "客戶說：{text}", passage: "最貼近的一段", replies: "現成的回覆", none: "這句沒找到合適的知識點。", use: "填入", whole: "全文", failed: "助手現在連不上，您照常回覆就好。",
    felt: "聽起來{feeling}", strong: "很強烈", why: "因為：{signs}", open_with: "可以這樣開頭", drop: "不要這則",
    origin: { article: "知識點", script: "話術", colleague: "同事用過" },
    sign: { words: "用詞", punctuation: "標點很急", again: "又說了一遍", classifier: "整句的語氣", negated: "說了反話", risk: "說到要緊的事" },
    calm: "平靜", joy: "高興",
    solved: "以前這樣解決過", solved_by: "{name} · {date}", open_solved: "看那次對話",
  },
  step: {
    title: "下一步", can_do: "可以辦：{title}", under_way: "正在辦：{title}", identified: "身分已核實", level: { basic: "先核實身分", strong: "先核實身分，要用驗證碼" }, keyed: "由客戶自己輸入", ask: "問這句",
  },
  heed: {
    title: "別漏了", never: "絕不問{what}", and: "、", secret: { pin: "密碼", code: "驗證碼", cvv: "卡片背面三碼", card_number: "完整卡號" },
  },
  wording: {
    blocked: "這句話不能送出", look: "送出前看一眼",
    kind: { pin: "我們不問密碼，會這樣問的都是詐騙。要核實身分，交回 AI 助手，讓客戶自己輸入。", code: "我們不問驗證碼，會這樣問的都是詐騙。要核實身分，交回 AI 助手，讓客戶自己輸入。", cvv: "我們不問卡片背面三碼。要找到卡片，問末四碼就夠了。", full_card: "不必問完整卡號，末四碼就夠了。", card_number: "像是完整卡號。說末四碼就夠了。", guarantee: "聽起來像保證收益。請說明收益會變、可能會虧。", rude: "這個說法會讓客戶難受，換個說法？" },
  },
  beside: {
    title: "一起在的同事", wanted: "{name}邀您進來", called: "已邀，還沒來", watch: "在看", speak: "一起說", join: "進來一起說", watch_it: "旁聽", leave: "離開", decline: "不進來", take_over: "接過來",
    take_over_sure: "接過來之後由您回覆客戶，{name}留在旁邊看。他沒送出的話還在他那裡。", asked: "{name}邀您進來一起幫這位客戶", whisper: "悄悄告訴{name}", whisper_hint: "只有{name}和同事看得到…", whisper_send: "悄悄說", whispered: "{name}悄悄說",
    give: "交給{name}", gone: "您已離開", called_done: "已邀{name}進來", joined: "您進來了，客戶已知道", watching: "您在旁聽，客戶已知道", taken: "已由您接待", cold: "直接轉過去", warm: "先邀進來", warm_hint: "對方先看到經過和您的話，進來打過招呼，您再交。",
  },
  line_beside: { called: "邀{name}進來", watch: "{name}開始旁聽", speak: "{name}進來一起說", left: "{name}離開", declined: "{name}沒進來", vanished: "{name}斷線離開", taken_over: "{name}接了過來", wrapped: "{name}寫了小結" },
  wrapup: {
    title: "留給同事的小結", hint: "照這段對話填好了，看一眼，不對的改掉。只有同事看得到。", request: "訴求", facts: "事實", done: "辦了", promised: "答應了", feeling: "心情", next: "接下來", add: "加一行", remove: "去掉這行", from: "出自第 {n} 則", category: "類別",
    tell_bank: "銀行該知道的事", tell_bank_hint: "例如：簡訊裡沒寫在哪裡能解凍，今天是第三位客戶了", loading: "正在整理小結…", failed: "小結沒整理出來，可以自己寫。",
  },
};
