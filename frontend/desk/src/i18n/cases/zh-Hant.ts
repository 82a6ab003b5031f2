export default {
  cases: {
    title: "工單與承諾", hint: "一次對話辦不完的事，和答應過客戶的事，都在這裡盯到底。", tab_cases: "工單", tab_promises: "承諾", find: "按工單號找", none: "這裡沒有工單", none_hint: "在對話旁邊的「工單」裡可以新增，內容會自動填好。",
    mine: "我的", group: "沒人領的", overdue: "已逾時", all: "全部", closed: "已了結", view: "看哪些", number: "工單號", what: "事由", customer: "客戶", owner: "負責", due: "期限", status: "狀態", no_due: "沒定期限", nobody: "尚無人領", visitor: "訪客", late: "逾時", erased: "內容已按客戶要求刪除",
  },
  case: {
    new: "新增工單", new_hint: "內容取自這次對話，請看一眼再建。", name: "事由", description: "說明", category: "類別", to: "交給誰", to_me: "我自己", to_group: "組裡誰有空誰辦", to_no_group: "不限組", day: "哪天前辦好", time: "幾點前（可不填）", go: "建工單", made: "工單 {number} 已建好", back: "回到列表", from: "來自哪次對話", group: "歸哪個組", open_conversation: "打開對話", link: "把這次對話也掛上", linked: "已掛到工單 {number}",
    take: "我來辦", save: "儲存", saved: "已儲存", edit: "修改", comment: "記一句進度", comment_go: "記下", log: "經過", promises: "這個工單裡的承諾", opened_by: "{name} 建於 {time}", failed: "這個工單打不開", title: "工單 {number}",
    changed: "{name}剛剛改過這個工單，下面已是最新內容。您的文字都在。", someone: "有同事",
  },
  case_status: { open: "待辦", in_progress: "處理中", waiting_customer: "等客戶", done: "已辦好", cancelled: "已取消" },
  case_move: { open: "退回待辦", in_progress: "著手處理", waiting_customer: "等客戶回覆", done: "辦好了", cancelled: "取消工單" },
  case_again: { done: "重新打開", cancelled: "重新打開" },
  case_category: { card: "銀行卡", account: "帳戶", transfer: "轉帳", loan: "貸款", savings: "存款理財", fee: "收費", fraud: "詐騙盜刷", app: "手機銀行", service: "服務", other: "其他" },
  case_line: {
    opened: "建了工單", commented: "記道", moved: "{from} → {to}", moved_late: "{from} → {to}，晚於期限", assigned: "交給 {name}", assigned_none: "放回組裡", edited: "改了內容", due_changed: "期限改為 {to}", due_removed: "取消了期限", linked: "掛上一次對話", reminded: "提醒：期限快到了，{due}", overdue: "超過期限：{due}", service: "系統", words_erased: "（已刪除）",
    promise_proposed: "聽到一則承諾", promise_made: "記下一則承諾，{due}", promise_confirmed: "確認了承諾，{due}", promise_changed: "改了承諾，{due}", promise_reminded: "提醒：承諾快到時刻了，{due}", promise_broken: "承諾沒有按時兌現，{due}", promise_kept: "承諾已兌現", promise_made_good: "補上了承諾的事，已晚", promise_withdrawn: "撤下承諾",
  },
  promise: {
    heard: "聽到您答應客戶", heard_other: "聽到{name}答應客戶", due: "{due}前", callback: "回電給客戶", erased: "內容已刪除", confirm: "確認", edit: "改", dismiss: "不算承諾", more: "另有 {n} 則", confirmed: "已確認，到點會提醒", kept_toast: "已記為兌現", made_good_toast: "已記下：晚了，但補上了", withdrawn_toast: "已撤下",
    keep: "做到了", make_good: "補上了", withdraw: "客戶同意作罷", new: "記一則承諾", new_hint: "答應了什麼，何時之前。到點會提醒負責的人。", words: "答應了什麼", day: "哪天", time: "幾點前（不填就是當天內）", go: "記下", save: "確認承諾", none: "沒有欠著的承諾", none_hint: "同事在對話裡答應的事會自動出現在這裡。", by: "{name}答應", by_bank: "銀行約定", by_assistant: "助理答應", edit_title: "承諾的內容和期限", late_proposed: "沒人確認，已過期限", actions: "這則承諾",
  },
  promise_status: { proposed: "待確認", confirmed: "進行中", kept: "已兌現", broken: "沒兌現", withdrawn: "已撤下" },
  case_side: { tab: "工單", cases: "沒辦完的工單", promises: "欠著的承諾", no_cases: "沒有沒辦完的工單", no_promises: "沒有欠著的承諾" },
};
