export default {
  cases: {
    title: "工单与承诺", hint: "一次对话办不完的事，和答应过客户的事，都在这里盯到底。", tab_cases: "工单", tab_promises: "承诺", find: "按工单号找", none: "这里没有工单", none_hint: "在对话旁边的“工单”里可以新建，内容会自动填好。",
    mine: "我的", group: "没人领的", overdue: "已超时", all: "全部", closed: "已了结", view: "看哪些", number: "工单号", what: "事由", customer: "客户", owner: "负责", due: "期限", status: "状态", no_due: "没定期限", nobody: "还没人领", visitor: "访客", late: "超时", erased: "内容已按客户要求删除",
  },
  case: {
    new: "新建工单", new_hint: "内容取自这次对话，请看一眼再建。", name: "事由", description: "说明", category: "类别", to: "交给谁", to_me: "我自己", to_group: "组里谁有空谁办", to_no_group: "不限组", day: "哪天前办好", time: "几点前（可不填）", go: "建工单", made: "工单 {number} 已建好", back: "回到列表", from: "来自哪次对话", group: "归哪个组", open_conversation: "打开对话", link: "把这次对话也挂上", linked: "已挂到工单 {number}",
    take: "我来办", save: "保存", saved: "已保存", edit: "修改", comment: "写一句进展", comment_go: "记下", log: "经过", promises: "这个工单里的承诺", opened_by: "{name} 建于 {time}", failed: "这个工单打不开", title: "工单 {number}",
    changed: "{name}刚刚改过这个工单，下面已是最新内容。您写的还在。", someone: "有同事",
  },
  case_status: { open: "待办", in_progress: "处理中", waiting_customer: "等客户", done: "已办好", cancelled: "已取消" },
  case_move: { open: "退回待办", in_progress: "开始处理", waiting_customer: "等客户回复", done: "办好了", cancelled: "取消工单" },
  case_again: { done: "重新打开", cancelled: "重新打开" },
  case_category: { card: "银行卡", account: "账户", transfer: "转账", loan: "贷款", savings: "存款理财", fee: "收费", fraud: "诈骗盗刷", app: "手机银行", service: "服务", other: "其他" },
  case_line: {
    opened: "建了工单", commented: "写道", moved: "{from} → {to}", moved_late: "{from} → {to}，晚于期限", assigned: "交给 {name}", assigned_none: "放回组里", edited: "改了内容", due_changed: "期限改为 {to}", due_removed: "取消了期限", linked: "挂上一次对话", reminded: "提醒：期限快到了，{due}", overdue: "超过期限：{due}", service: "系统", words_erased: "（已删除）",
    promise_proposed: "听到一条承诺", promise_made: "记下一条承诺，{due}", promise_confirmed: "确认了承诺，{due}", promise_changed: "改了承诺，{due}", promise_reminded: "提醒：承诺快到时间了，{due}", promise_broken: "承诺没有按时兑现，{due}", promise_kept: "承诺已兑现", promise_made_good: "补上了承诺的事，已晚", promise_withdrawn: "撤下承诺",
  },
  promise: {
    heard: "听到您答应客户", heard_other: "听到{name}答应客户", due: "{due}前", callback: "给客户回电", erased: "内容已删除", confirm: "确认", edit: "改", dismiss: "不算承诺", more: "还有 {n} 条", confirmed: "已确认，到时会提醒", kept_toast: "已记为兑现", made_good_toast: "已记下：晚了，但补上了", withdrawn_toast: "已撤下",
    keep: "做到了", make_good: "补上了", withdraw: "客户同意作罢", new: "记一条承诺", new_hint: "答应了什么，什么时候之前。到时会提醒负责的人。", words: "答应了什么", day: "哪天", time: "几点前（不填就是当天内）", go: "记下", save: "确认承诺", none: "没有欠着的承诺", none_hint: "同事在对话里答应的事会自动出现在这里。", by: "{name}答应", by_bank: "银行约定", by_assistant: "助手答应", edit_title: "承诺的内容和时间", late_proposed: "没人确认，时间已过", actions: "这条承诺",
  },
  promise_status: { proposed: "待确认", confirmed: "进行中", kept: "已兑现", broken: "没兑现", withdrawn: "已撤下" },
  case_side: { tab: "工单", cases: "没办完的工单", promises: "欠着的承诺", no_cases: "没有没办完的工单", no_promises: "没有欠着的承诺" },
};
