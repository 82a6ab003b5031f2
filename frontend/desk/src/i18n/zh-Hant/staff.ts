export default {
  staff: {
    title: "同事", tab_accounts: "帳號", tab_skills: "技能組", find: "按姓名、電子郵件或角色找", new: "新增同事", edit_of: "修改{name}", name: "姓名", name_hint: "客戶會看到這個名字。", email: "電子郵件", roles: "角色", skills: "技能組", sign_in: "登入方式", standing: "狀態",
    level_of: "{skill}的熟練程度", level_1: "學習中", level_2: "熟練", level_3: "資深", languages: "會說的語言", languages_hint: "一個都不選，就是什麼語言的客戶都可以來。", chats: "同時最多接待", chats_default: "和大家一樣", skills_hint: "沒選技能組的，只接沒有指定技能組的客戶；組長都能接。", none: "沒有符合的同事", none_hint: "換個詞找，或新增一位。", added: "已新增 {name}", saved: "已儲存", in_use: "使用中", closed: "已停用", me: "（我）",
    by_link: "一次性連結", by_password: "密碼", by_oidc: "行內帳號", oidc_hint: "用行內帳號登入的，角色以行內系統為準，下次登入會更新。",
    link: "產生登入連結", link_title: "{name}的登入連結", link_hint: "{minutes} 分鐘內有效，只能用一次。請當面或用可信的方式交給本人。", link_again: "沒來得及用？回到這裡再產生一個。", copy: "複製連結", copied: "已複製", copy_failed: "沒能複製，請選取連結自己複製。",
    disable: "停用帳號", disable_confirm: "停用後，{name} 會馬上登出，手上的客戶回到隊伍最前面。要停用嗎？", enable: "重新啟用", disabled: "{name} 的帳號已停用", enabled: "{name} 的帳號可以用了", own: "自己的帳號不能停用，也不能去掉自己的管理員角色。",
  },
  role: { agent: "客服人員", supervisor: "組長", editor: "知識編輯", analyst: "分析員", admin: "管理員" },
  role_hint: { agent: "接待客戶", supervisor: "接待客戶，看全部對話，改話術", editor: "寫知識和話術", analyst: "看知識和統計", admin: "什麼都能做，包括管帳號" },
  skill: {
    hint: "客戶按技能組分給會辦這類事的同事。", new: "新增技能組", edit_of: "修改「{name}」", id: "代號", id_hint: "一個詞，例如 cards；定了就不再改。", names: "名稱", names_hint: "至少寫一種語言；沒寫的語言會用寫了的那個。", members: "組裡的人", nobody: "還沒有人，這個組的客戶只有組長接得到。", none: "還沒有技能組", none_hint: "沒有技能組時，每位客服人員都能接每位客戶。",
    remove_confirm: "刪除技能組「{name}」？組裡的人會退出來；之後這類客戶誰都能接。", removed: "技能組「{name}」已刪除",
    saved: "技能組已儲存", taken: "這個代號已經有了。",
  },
  password: {
    title: "密碼", set_hint: "您目前用一次性連結登入。設一個密碼，下次就能直接登入。", change_hint: "改了以後，其他電腦上的登入都會登出。", set: "設密碼", change: "改密碼", old: "目前的密碼", new: "新密碼", new_hint: "至少 {n} 個字元。幾個不相干的詞連起來，好記又難猜。", again: "再輸一遍", differ: "兩次輸入的不一樣。", done: "密碼已儲存，其他地方的登入已登出",
  },
};
