export default {
  flow: {
    title: "流程", hint: "助手能替客戶辦的事，一件一個流程：要知道什麼、怎麼問、辦什麼、怎麼收尾。", new: "新流程", back: "回到流程列表", none: "還沒有流程", none_hint: "從一個小範本開始，或者照著現有的抄一份。", name: "名稱", starts: "由這些知識點開始", version: "線上版本", published: "最近發布",
    live: "線上 第 {n} 版", not_live: "沒有上線", draft: "有草稿", by: "{name}，{time}", read_only: "您可以看，也可以檢查；要改請找知識編輯。", service: "系統",
    editor: "流程文字", drawing: "流程圖", as_drawing: "看圖", as_list: "看清單", view: "怎麼看", drawing_late: "文字裡有錯，圖還是改之前的。", no_drawing: "改好錯處，圖就會畫出來。",
    tab_leaves: "按 Esc 再按 Tab，可以離開編輯框。",
    saved: "已存為草稿", saving: "正在儲存…", unsaved: "有改動沒存", all_saved: "都存好了", leave: "改動還沒存，要離開嗎？", drop: "丟掉草稿", drop_confirm: "草稿會丟掉，線上的不變。要丟掉嗎？", dropped: "草稿已丟掉", retire: "下線", retire_confirm: "下線後不再開始新的；正在辦的會按原來的版本辦完。要下線嗎？", retired: "已下線",
    publish: "發布", published_toast: "第 {n} 版已上線。正在辦的客戶按原來的版本走完。", publish_first: "先證明，通過了才能發布",
  },
  flow_check: {
    checking: "正在檢查…", clean: "文字沒有問題", problems: "有 {n} 處要改", line: "第 {line} 行", title: "要改的地方",
  },
  flow_conflict: {
    title: "{name}剛剛也存了這條流程", someone: "有同事", yours: "您寫的還在編輯框裡，沒有存，也沒有蓋掉對方的。", theirs: "換成對方的", mine: "還是存我的", theirs_confirm: "您沒存的改動會遺失。要換成對方的嗎？",
  },
  flow_proof: {
    prove: "證明", again: "再證明一次", running: "正在證明…", running_hint: "把客戶可能說的、系統可能答的都走一遍，一般十幾秒。可以先做別的。", none: "還沒證明", none_hint: "證明會把每一種可能都走一遍，看有沒有人會被困住。通過了才能發布。", stale: "文字改過了，要重新證明。",
    holds: "證明通過", holds_words: "走遍了 {states} 種情形、{transitions} 種走法：沒有人會被困住；在任何一處說要真人，{turns} 輪之內就轉到真人，或約好回呼。", fails: "證明沒通過", fails_words: "照現在的寫法，會發生下面這樣的事：", broke: "證明沒做完", broke_hint: "機器忙，或者服務剛重新啟動過。再點一次就好。", also: "另外還有", took: "用了 {n} 秒", dialogue: "會出事的一段對話", where: "出在哪裡",
    customer: "客戶", assistant: "AI 助手", bank: "銀行系統", agent: "同事", live_stays: "線上的版本不變。", mistakes: "文字有錯，改好再證明。",
  },
  flow_history: {
    title: "歷史版本", empty: "還沒有發布過。", live: "線上", take: "放回草稿", taken: "第 {n} 版已放回草稿。證明通過後就能再發布。", look: "看文字", version: "第 {n} 版",
  },
  flow_new: {
    title: "新流程", id: "代號", id_hint: "小寫字母、數字、連字號，如 find-branch。以後不能改。", id_bad: "只能用小寫字母開頭，後面是小寫字母、數字、連字號。", id_taken: "這個代號已經有了。", name: "名稱", name_hint: "同事在工作台看到的名字", article: "由哪個知識點開始", article_hint: "客戶問到它時，助手會提出辦這件事。", from: "從什麼開始", blank: "一個小範本：問一句，辦完收尾", copy: "照抄「{name}」", go: "建草稿",
  },
  flow_node: {
    start: "開始", ask: "問", identify: "核對身分", call: "在系統裡辦", confirm: "請客戶同意", say: "說", branch: "如果", end: "結束", person: "轉真人", level_basic: "一般核對", level_strong: "嚴格核對", falls_back: "辦不成就轉真人", everywhere: "在任何一步，客戶說一聲就轉真人。", goes: "{way}：到第 {target} 步", wrong: "這一步有錯", line: "在第 {line} 行",
  },
  flow_edge: { next: "接著", yes: "是", no: "否", otherwise: "不然", none: "沒得選", retry: "再問一次" },
  invariant: {
    I2: "一個會話任何時候都只歸一方，換手要有原因。", I3: "要過真人的客戶，只有自己同意或同事交回，才會回到助手。", I4: "在任何一處，一輪之內要能找到真人或約好回呼。", I5: "同事在接待時，助手不插話。", I6: "同事斷線，客戶回到隊首，等待時間照算。", I7: "等著的人位置不丟；沒人在時，回呼要約在上班時間。", I8: "已經知道的，不再問第二遍。", I9: "核對身分，不能只有刷臉這一條路。", I10: "客戶說的每句話，都要有一句回應，三種語言都要有。",
    ends: "從任何一步都要能走到結尾。", steps: "每一步都要有人走得到。", one_question: "一輪最多問一個問題。", no_selling: "客戶心裡不好受時，什麼也不推薦。", nonsense: "連著兩次聽不懂，就請真人。", distress: "客戶著急難過，要麼答上，要麼請真人。", failure: "沒辦成要照實說，請真人，絕不說成辦好了。", arguments: "辦事之前，要用到的都得先知道。", agreement: "要改動什麼，先請客戶同意的正是這件事。", once: "同一件事不辦兩遍，除非客戶又說要辦。", secrets: "驗證碼這類祕密，用過就忘。", tries: "輸錯幾次要記著，換個話題也不歸零。",
  },
};
