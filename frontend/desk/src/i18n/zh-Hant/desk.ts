export default {
  desk: {
    given: "剛轉給您",
    by_assistant: "AI：", by_agent: "回覆：",
    list: "對話列表", conversation: "對話", visitor: "訪客", colleague: "同事", elder: "長輩", unsent: "未送出", draft: "草稿", unread: "則未讀", waiting_for: "已等 ",
    take_next: "接待下一位", taken: "{name}已經接待了這位客戶。", inbox_failed: "列表沒取到", nothing_open: "還沒開啟對話", nothing_open_waiting: "有客戶在等", nothing_open_away: "您目前是「離開」或「休息中」，新客戶不會轉來。",
    nothing_open_hint: "目前沒有人在等。有客戶來了會提醒您。", opening: "正在開啟…", open_failed: "這個對話打不開", back: "回到列表", transcript: "對話紀錄", newest: "到最新", choices: "給客戶的選項",
    read: "客戶已讀", typing: "{name}正在輸入", confidence: "把握 {value}", staff_only: "僅內部可見", note_only_staff: "的備註，僅內部可見",
  },
  section: {
    waiting: "等待中", mine: "我在接待", callbacks: "待回呼", team: "同事在接待",
    waiting_empty: "沒有人在等。", mine_empty: "您手上沒有對話。", callbacks_empty: "沒有約好的回呼。", team_empty: "沒有。",
  },
  risk: { title: "{n} 個回呼可能趕不上", hint: "最早的約在 {time}。請找人上線，或自己接一下。", nobody: "到時沒人能接", full: "到時都接滿了", news: "{name} 的回呼約在 {time}：{why}。" },
  offer: { title: "{name} 想請您接待", left: "還有 {n} 秒", take: "接", decline: "不接", declined: "好的，轉給其他同事了。" },
  rest: { wrap_up: "收尾中，{n} 秒內不來新客戶。", ready: "我準備好了", heavy: "剛才不容易，辛苦了。要緩一緩嗎？", pause: "緩一緩", go_on: "我沒事，繼續" },
  urgency: { urgent: "緊急", vulnerable: "需要多照顧", elder: "長輩", complaint: "投訴", normal: "一般" },
  standing: { queue: "等待中 {time}", callback: "待回呼 {time}", mine: "您在接待", agent: "{name}在接待", assistant: "AI 助手在答", closed: "已結束" },
  accept: {
    go: "接待", again: "接回來", lost: "您剛才斷線了，客戶在隊首等著。您沒發完的話都還在。", waiting: "客戶已等 {time}，您接手後對方會看到您的名字。", callback: "約在 {time} 回呼；現在就可以接待。", taken: "{name}在接待，您可以看，不能回。",
    assistant: "AI 助手在答。客戶一要人工，就會出現在列表裡。", closed: "對話已結束。客戶再來訊息會接著這裡。",
  },
  slip: {
    summary: "摘要", earlier: "來過 {n} 次", overdue: "已過期", promised: "答應過", feeling: "心情", offered: "給過選項，客戶沒選：", nothing: "還沒試過什麼", title: "交接單", why: "為什麼來", question: "客戶的問題", tried: "已經試過", done: "已經辦了", known: "已經知道", opening: "建議第一句", use: "填入", fold: "收起交接單", unfold: "展開交接單",
  },
  known: { flow: "正在辦", language: "語言", elder: "長輩模式", yes: "開啟", name: "姓名", phone: "手機", card: "卡", amount: "金額", time: "時間", place: "地點", reference: "編號" },
  author: { assistant: "AI 助手", system: "系統", me: "我", helper: "{name}（幫手）", agent_for_assistant: "{name}（採用 AI 草稿）" },
  decision: {
    answer: "直接回答", clarify: "給出選項", continue: "接著聊", act: "辦理", offer_human: "提出轉人工", hand_off: "轉人工", refuse: "沒有照做", close: "結束",
  },
  reason: {
    complaint: "客戶要申訴", urgent: "正在被騙，等不得", elder_hesitates: "長輩一個人弄不來", likely_dissatisfied: "一直著急難過", came_again: "為同一件事來了幾次，心裡不好受", asked_twice: "同一件事問了兩次", unsure_on_money_or_law: "關係到錢和權益，沒把握", going_in_circles: "繞來繞去沒進展", not_identified: "沒能確認身分", action_failed: "系統沒辦成", action_unknown: "系統沒回話，不確定辦成沒有", customer_cannot_tell: "客戶說不上來", asks_whether: "問是不是要辦",
    readings_did_not_fit: "選項都不符合", not_known_times: "幾次沒答上", outside_hours: "下班時間", customer_wrote_again: "客戶又寫來", waits_for_a_person: "正等著真人", told_lately: "剛說過，不再重複", erased: "已依客戶要求刪除", wish_withdrawn: "客戶說不用真人了", customer_choice: "客戶自己選的",
    customer_asked: "客戶要人工", customer_accepted_offer: "客戶同意轉人工", picked_reading: "客戶選了這一項", released: "把握足夠", several_readings: "可能是幾個意思",
    not_known: "不知道答案", not_understood_times: "幾次沒聽懂", too_long: "訊息太長", instructions_in_message: "訊息裡夾著給 AI 的指令", attachment_only: "只發了檔案",
    distress: "客戶著急難過", abuse: "言辭激烈", language_not_spoken: "不會的語言", assistant_fault: "AI 助手出了故障", assistant_busy: "發問的人太多，AI 助手來不及答", greeting: "打招呼", thanks: "道謝", goodbye: "道別",
    robot: "問是不是機器人", empty: "空訊息", emoji: "只有表情", affirm: "說了是", deny: "說了不", callback_due: "約好的回呼時間到了", agent_vanished: "同事斷線", transferred: "同事轉來",
    accepted: "已接待", closed: "已結束", customer_yes: "客戶同意", agent_handback: "同事交回",
  },
  feeling: {
    anger: "生氣", anxiety: "焦急不安", disappointment: "失望", worry: "擔心", confusion: "弄不明白", rising: "越來越激動", falling: "漸漸平靜",
    fraud: "怕被騙了", card_stolen: "卡被偷了", money_kept: "錢被吞了", card_kept: "卡被吞了", card_lost: "卡丟了", hardship: "手頭困難", distress: "著急難過", again: "不是第一次來問", loud: "語氣很急" },
  feedback: { up: "客戶覺得有用", down: "客戶覺得沒用" },
  line: {
    started: "對話開始（{channel}）", human_word: "客戶說要人工", human_button: "客戶按了「人工」", human_key: "客戶按了 0 轉人工", human_policy: "按規則轉人工：{reason}",
    human_fault: "AI 助手出錯，轉人工", human_transfer: "轉給人工", human_by_assistant: "AI 助手轉人工：{reason}", human_by_agent: "同事請人工接手：{reason}", human_by_system: "系統轉人工：{reason}",
    accepted: "{name}開始接待", vanished: "{name}斷線，客戶回到隊伍最前面，等待時間照算", transferred_agent: "{from}轉給{name}", transferred_skill: "{from}轉給{skill}",
    returned_by_customer: "客戶同意由 AI 助手繼續", handed_back: "{name}交回 AI 助手", callback_customer: "客戶選了 {time} 回呼", callback_system: "約在 {time} 回覆", callback_agent: "同事約了 {time} 回呼",
    callback_due: "回呼時間到，排到隊伍最前面", elder_on: "客戶打開了長輩模式", preferences: "客戶改了顯示設定", closed: "對話結束", closed_outcome: "{name}結束對話：{outcome}",
    reopened: "客戶又來訊息，接著聊", erased: "內容已按客戶要求清除",
  },
  composer: {
    label: "回覆客戶", placeholder: "回覆客戶… 打 / 選話術", note_label: "內部備註", note_placeholder: "只有同事看得到…", attach: "加圖片或 PDF", article: "查知識點", note: "備註", keep_note: "記下",
    send: "傳送", hint: "Enter 傳送，Shift+Enter 換行",
  },
  attach: { remove: "移除 {name}", uploading: "正在上傳 {name}…", type: "{name} 無法傳送：只收圖片和 PDF。", size: "{name} 超過 10 MB。", failed: "{name} 上傳失敗" },
  unsent: { parted: "還沒發出，您接回來後自動發", sending: "正在傳送", waiting: "還沒發出，連上後自動發", look: "去看看", refused: "沒發出去：{why}" },
  conflict: {
    title: "{name}剛剛也回了客戶，您這則先沒發", yours: "您寫的", send: "照樣傳送", edit: "改一改", drop: "不發了",
  },
  action_short: { transfer: "轉給同事", handBack: "交回", callback: "回呼" },
  action: {
    transfer: "轉給同事", handBack: "交回 AI 助手", callback: "約定回呼", finish: "結束", finish_long: "小結並結束", more: "更多操作",
    transferred: "已轉給{name}", handed_back: "已交回 AI 助手", callback_set: "回呼已約好", recap_sent: "小結已發給客戶確認", closed: "對話已結束",
  },
  transfer: {
    there: "{n} 位同事在", nobody_there: "現在沒人在，客戶會得到約定的時間", away: "現在接不了", hint: "客戶會看到接下來是誰。備註只有同事看得到。", find: "找技能組或同事", to: "轉給誰", skills: "技能組", people: "同事", nobody: "沒有別的同事。", load: "手上 {n} 位", note: "給同事的一句話",
    note_hint: "例如：已核對過身分，差一個流水號",
  },
  hand_back: { hint: "客戶會知道接下來是 AI 助手，隨時可以再叫人工。", note: "留給下一位同事的備註（可不寫）" },
  callback: { hint: "客戶的位置會留著，到時間排在最前。", none: "沒有可約的時間。", go: "約好" },
  recap: {
    title: "給客戶的小結", open: "等客戶確認", agreed: "客戶確認了", declined: "客戶說不對", agreed_next: "客戶確認了小結，可以結束。", declined_next: "客戶說小結不對，先問清楚再結束。",
    asked: "您問的是：{question}", told: "我們說好的：{agreed}",
  },
  finish: {
    outcome: "結果", recap: "發給客戶確認的小結", recap_hint: "先寫說好了什麼、接下來誰在什麼時候做什麼。客戶點「對」之後再結束。", close: "結束對話", close_without: "直接結束", send_recap: "發給客戶確認",
  },
  side: { label: "客戶與資料", toggle: "右側欄", articles: "知識點", scripts: "話術" },
  customer: {
    title: "客戶", verified: "已核對身分", unverified: "未核對身分", phone: "手機", age: "年齡層", language: "語言", channel: "管道", earlier: "以前的對話", no_outcome: "未記結果",
  },
  articles: {
    search: "搜尋知識點", results: "搜尋結果", suggested: "按客戶的話找：{text}", nothing_said: "客戶還沒說話。", none: "沒有找到。換個說法試試。", insert: "填入回覆", open: "看全文", tried: "客戶已看過", score: "相近 {value}",
  },
  palette: { title: "查知識點", hint_insert: "填入回覆", hint_open: "開啟知識點" },
};
