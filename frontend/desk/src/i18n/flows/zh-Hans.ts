export default {
  flow: {
    title: "流程", hint: "助手能替客户办的事，一件一个流程：要知道什么、怎么问、办什么、怎么收尾。", new: "新流程", back: "回到流程列表", none: "还没有流程", none_hint: "从一个小样板开始，或者照着已有的抄一份。", name: "名称", starts: "由这些知识点开始", version: "线上版本", published: "最近发布",
    live: "线上 第 {n} 版", not_live: "没有上线", draft: "有草稿", by: "{name}，{time}", read_only: "您可以看，也可以检查；要改请找知识编辑。", service: "系统",
    editor: "流程文字", drawing: "流程图", as_drawing: "看图", as_list: "看清单", view: "怎么看", drawing_late: "文字里有错，图还是改之前的。", no_drawing: "改好错处，图就会画出来。",
    tab_leaves: "按 Esc 再按 Tab，可以离开编辑框。",
    saved: "已存为草稿", saving: "正在保存…", unsaved: "有改动没存", all_saved: "都存好了", leave: "改动还没存，要离开吗？", drop: "扔掉草稿", drop_confirm: "草稿会扔掉，线上的不变。要扔掉吗？", dropped: "草稿已扔掉", retire: "下线", retire_confirm: "下线后不再开始新的；正在办的会按原来的版本办完。要下线吗？", retired: "已下线",
    publish: "发布", published_toast: "第 {n} 版已上线。正在办的客户按原来的版本走完。", publish_first: "先证明，通过了才能发布",
  },
  flow_check: {
    checking: "正在检查…", clean: "文字没有问题", problems: "有 {n} 处要改", line: "第 {line} 行", title: "要改的地方",
  },
  flow_conflict: {
    title: "{name}刚刚也存了这条流程", someone: "有同事", yours: "您写的还在编辑框里，没有存，也没有盖掉对方的。", theirs: "换成对方的", mine: "还是存我的", theirs_confirm: "您没存的改动会丢。要换成对方的吗？",
  },
  flow_proof: {
    prove: "证明", again: "再证明一次", running: "正在证明…", running_hint: "把客户可能说的、系统可能答的都走一遍，一般十几秒。可以先做别的。", none: "还没证明", none_hint: "证明会把每一种可能都走一遍，看有没有人会被困住。通过了才能发布。", stale: "文字改过了，要重新证明。",
    holds: "证明通过", holds_words: "走遍了 {states} 种情形、{transitions} 种走法：没有人会被困住；在任何一处说要真人，{turns} 轮之内就转到真人，或约好回呼。", fails: "证明没通过", fails_words: "按现在的写法，会发生下面这样的事：", broke: "证明没做完", broke_hint: "机器忙，或者服务刚重启过。再点一次就行。", also: "另外还有", took: "用了 {n} 秒", dialogue: "会出事的一段对话", where: "出在哪里",
    customer: "客户", assistant: "AI 助手", bank: "银行系统", agent: "同事", live_stays: "线上的版本不变。", mistakes: "文字有错，改好再证明。",
  },
  flow_history: {
    title: "历史版本", empty: "还没有发布过。", live: "线上", take: "放回草稿", taken: "第 {n} 版已放回草稿。证明通过后就能再发布。", look: "看文字", version: "第 {n} 版",
  },
  flow_new: {
    title: "新流程", id: "代号", id_hint: "小写字母、数字、连字号，如 find-branch。以后不能改。", id_bad: "只能用小写字母开头，后面是小写字母、数字、连字号。", id_taken: "这个代号已经有了。", name: "名称", name_hint: "同事在工作台看到的名字", article: "由哪个知识点开始", article_hint: "客户问到它时，助手会提出办这件事。", from: "从什么开始", blank: "一个小样板：问一句，办完收尾", copy: "照抄“{name}”", go: "建草稿",
  },
  flow_node: {
    start: "开始", ask: "问", identify: "核对身份", call: "在系统里办", confirm: "请客户同意", say: "说", branch: "如果", end: "结束", person: "转真人", level_basic: "普通核对", level_strong: "严格核对", falls_back: "办不成就转真人", everywhere: "在任何一步，客户说一声就转真人。", goes: "{way}：去第 {target} 步", wrong: "这一步有错", line: "在第 {line} 行",
  },
  flow_edge: { next: "接着", yes: "是", no: "否", otherwise: "不然", none: "没得选", retry: "再问一次" },
  invariant: {
    I2: "一个会话任何时候都只归一方，换手要有原因。", I3: "要过真人的客户，只有自己同意或同事交回，才会回到助手。", I4: "在任何一处，一轮之内要能找到真人或约好回呼。", I5: "同事在接待时，助手不插话。", I6: "同事掉线，客户回到队首，等待时间照算。", I7: "等着的人位置不丢；没人在时，回呼要约在上班时间。", I8: "已经知道的，不再问第二遍。", I9: "核对身份，不能只有刷脸这一条路。", I10: "客户说的每句话，都要有一句回应，三种语言都要有。",
    ends: "从任何一步都要能走到结尾。", steps: "每一步都要有人走得到。", one_question: "一轮最多问一个问题。", no_selling: "客户心里不好受时，什么也不推荐。", nonsense: "连着两次听不懂，就请真人。", distress: "客户着急难过，要么答上，要么请真人。", failure: "没办成要照实说，请真人，绝不说成办好了。", arguments: "办事之前，要用到的都得先知道。", agreement: "要改动什么，先请客户同意的正是这件事。", once: "同一件事不办两遍，除非客户又说要办。", secrets: "验证码这类秘密，用过就忘。", tries: "输错几次要记着，换个话题也不清零。",
  },
};
