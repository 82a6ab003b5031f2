export default {
  knowledge: {
    title: "知識", new: "寫知識點", tab_list: "全部", tab_check: "健檢", tab_gaps: "沒答上的", tab_release: "何時作答", category: "分類", status: "狀態", question: "標準問", changed: "改動",
    all_categories: "全部分類", all_status: "全部狀態", all_languages: "全部語言", none: "沒有符合的知識點", none_hint: "換個條件，或寫一則新的。", total: "共 {n} 則", previous: "上一頁", next: "下一頁",
    back: "回到列表", similar: "相似問", similar_hint: "一行一個，照客戶真會打的字寫。目前 {n} 個。", answer: "答案", markdown: "用 Markdown 寫：**粗體**、- 列表、1. 步驟。", preview: "客戶看到的樣子",
    variants: "其他答法", variants_hint: "電話裡、簡訊裡或給長輩，可以換一種說法。", add_variant: "加一種答法", variant_for: "用在哪裡", valid_from: "生效日", valid_until: "失效日", owner: "負責人",
    id: "編號", id_hint: "字母、數字和連字號；不填會自動產生。", history: "歷史版本", version: "第 {n} 版", was_live: "{time} 發布", never_live: "沒有發布過", restore: "還原這一版", restored: "已還原，成為草稿",
    language_of_text: "語言", reviewed: "已審校", review_hint: "審校過的繁體文字直接給客戶看；沒審校的，客戶看到的是由簡體自動轉換的。", converted: "繁體還沒有寫：客戶看到的是由簡體自動轉換的文字。", take_converted: "取轉換稿來審校", converting: "正在轉換…", auto: "自動", to_review: "待審", read_only: "您可以看，不能改。要改請找知識編輯。", retire_confirm: "停用後客戶就問不到這一則了；歷史版本會留著，隨時可以再發布。要停用嗎？", no_similar: "還沒有相似問。",
    marked: "{language}（{mark}）", not_written: "未寫", publish: "發布", retire: "停用", saved: "已存為草稿", published: "已發布，一秒內生效", retired: "已停用", leave: "改動還沒儲存，要離開嗎？",
  },
  status: { draft: "草稿", published: "已發布", retired: "已停用", changed: "有未發布的改動", expired: "已過期" },
  problem: {
    question: "請寫標準問。", category: "請選分類。", dates: "失效日早於生效日。", id: "編號只能用字母、數字、連字號。",
  },
  variant: { channel_voice: "電話", channel_sms: "簡訊", channel_wechat: "微信", channel_app: "手機銀行", channel_mail: "郵件", audience_elder: "給長輩" },
  check: {
    hint: "找出重複、互相矛盾、過期和沒翻譯的知識。問不到的要逐則試搜，用命令 warmline kb check 查。", again: "重新健檢", running: "正在健檢…", clean: "沒有發現問題",
    error: "客戶會得到錯的或得不到答案", warning: "多半有問題", info: "提醒",
  },
  gaps: {
    none: "都答上了", none_hint: "客戶問了、助手答不上的問題，會按次數排在這裡。", hint: "近 30 天裡助手沒答上的問題，意思相近的併成一列，問得最多的在前。", asked: "問了 {n} 次", last: "最近 {day}", nearest: "最接近的：", write: "寫一則", make: "寫成知識點",
    alike: "還有 {n} 種問法", told: "{name} {day} 對客戶這樣說", open: "看對話", others: "同事的另外 {n} 種說法", use: "用這段寫", seeded: "答案取自{name} {day} 對客戶說的話，相似問是客戶的原話。請核對、改成對誰都適用的說法再發布。",
  },
  release: {
    lead: "有把握時，助手直接回答；把握不夠，給兩三個選項請客戶選；再不夠，請真人。", rate: "允許答錯的上限", rate_words: "每 100 個直接回答裡，最多約 {n} 個是錯的", covers: "能直接回答", covers_words: "的問題；其餘給選項，或請真人", wrong: "其中答錯", wrong_words: "測得的；有 95% 的把握不超過 {value}", upper: "答錯的 95% 上界", threshold: "把握門檻",
    ground_logs: "按銀行自己的 {n} 個已標註問題測得。", ground_estimated: "由相似問推算（{n} 個問題），不是真實紀錄。上線後請用標註過的真實問題再校準。", ground_pending: "知識剛改過，正在重新校準；在此之前用保守的門檻：把握到 {answer} 才直接回答。", ground_none: "能用來校準的問題還太少（{n} 個），暫用保守的門檻：把握到 {answer} 才直接回答。知識點和相似問多了會自動校準。",
    chart: "答得越多，錯得越多：選在哪裡", chart_hint: "往右：直接回答的問題更多。往上：其中答錯的更多。虛線是允許答錯的上限，菱形是現在的位置。", axis_x: "直接回答的問題", line: "其中答錯", limit: "上限 {value}", band: "淺色帶：答錯率的 95% 上界", now: "現在：答 {covers}，其中錯 {wrong}", nothing: "什麼都不直接回答", as_table: "看數字",
    other: "換一個上限會怎樣", in_force: "現在", change: "上限在啟動設定 WARMLINE_TARGET_ERROR 裡改；重新啟動後自動重新計算。", bands: "把握到 {answer} 直接回答；{clarify} 到 {answer} 之間給選項；更低請真人。",
  },
  scripts: {
    title: "話術", hint: "寫回覆時打 / 加短碼就能用。", new: "寫話術", edit: "改話術", search: "搜尋話術", none: "沒有話術。", saved: "話術已儲存", remove_confirm: "刪除話術「{name}」？同事們就不能再用它了。", removed: "話術已刪除", name: "名稱", shortcut: "短碼", text: "內容",
    general: "常用", example_name: "王女士",
  },
  variable: { customer_name: "客戶姓名", agent_name: "我的名字", bank_name: "銀行名", time_of_day: "時段" },
};
