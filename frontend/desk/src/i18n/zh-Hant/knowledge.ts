export default {
  knowledge: {
    title: "知識", new: "寫知識點", tab_list: "全部", tab_check: "健檢", tab_gaps: "沒答上的", category: "分類", status: "狀態", question: "標準問", changed: "改動",
    all_categories: "全部分類", all_status: "全部狀態", all_languages: "全部語言", none: "沒有符合的知識點", none_hint: "換個條件，或寫一則新的。", total: "共 {n} 則", previous: "上一頁", next: "下一頁",
    back: "回到列表", similar: "相似問", similar_hint: "一行一個，照客戶真會打的字寫。目前 {n} 個。", answer: "答案", markdown: "用 Markdown 寫：**粗體**、- 列表、1. 步驟。", preview: "客戶看到的樣子",
    variants: "其他答法", variants_hint: "電話裡、簡訊裡或給長輩，可以換一種說法。", add_variant: "加一種答法", variant_for: "用在哪裡", valid_from: "生效日", valid_until: "失效日", owner: "負責人",
    id: "編號", id_hint: "字母、數字和連字號；不填會自動產生。", history: "歷史版本", version: "第 {n} 版", was_live: "{time} 發布", never_live: "沒有發布過", restore: "還原這一版", restored: "已還原，成為草稿",
    language_of_text: "語言", not_written: "未寫", publish: "發布", retire: "停用", saved: "已存為草稿", published: "已發布，一秒內生效", retired: "已停用", leave: "改動還沒儲存，要離開嗎？",
  },
  status: { draft: "草稿", published: "已發布", retired: "已停用", changed: "有未發布的改動", expired: "已過期" },
  problem: {
    question: "請寫標準問。", category: "請選分類。", dates: "失效日早於生效日。", id: "編號只能用字母、數字、連字號。",
  },
  variant: { channel_voice: "電話", channel_sms: "簡訊", channel_wechat: "微信", channel_app: "手機銀行", channel_mail: "郵件", audience_elder: "給長輩" },
  check: {
    hint: "找出重複、互相矛盾、過期、沒翻譯和問不到的知識點。", again: "重新健檢", running: "正在健檢…", clean: "沒有發現問題", unavailable: "這裡沒有開通線上健檢，可用命令 warmline kb check。",
    error: "客戶會得到錯的或得不到答案", warning: "多半有問題", info: "提醒",
  },
  gaps: {
    none: "沒有沒答上的問題", none_hint: "客戶問到答不上的，會出現在這裡。", unavailable: "還沒有開始記錄沒答上的問題。", asked: "問了 {n} 次", nearest: "最接近的：", write: "寫一則",
  },
  scripts: {
    title: "話術", hint: "寫回覆時打 / 加短碼就能用。", new: "寫話術", edit: "改話術", search: "搜尋話術", none: "沒有話術。", saved: "話術已儲存", removed: "話術已刪除", name: "名稱", shortcut: "短碼", text: "內容",
    general: "常用", example_name: "王女士",
  },
  variable: { customer_name: "客戶姓名", agent_name: "我的名字", bank_name: "銀行名", time_of_day: "時段" },
};
